"""Pages of the officer library."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.core.ui.filters import decorate
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin

from . import forms, services
from .filters import OfficerFilter
from .models import Certificate, CertificateSuspension, Leave, Officer, RecusalDeclaration
from .parties import references_from_text
from .permissions import KEEPERS, keeps_library, may_edit, require_edit
from .selectors import assess_officers, training_sentence
from .tables import OfficerTable, capacity_words


class OfficersPage(PageMixin):
    wing = "force"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Officer library"), reverse("officers:list"))]


class OfficerListView(ListView):
    """The library."""

    model = Officer
    table_class = OfficerTable
    filter_class = OfficerFilter
    title = gettext_lazy("Officer library")
    wing = "force"
    empty_title = gettext_lazy("No officer in the library yet")
    empty_text = gettext_lazy(
        "Without two officers with valid certificates no act against a party is possible."
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("user", "authority", "seconded_to")
        return rows.prefetch_related("certificates__suspensions")

    def get_actions(self) -> list[Action]:
        actions = [Action(_("Who may act?"), reverse("officers:eligible"), "user-check")]
        if keeps_library(self.request.user):
            actions.append(Action(_("New officer"), reverse("officers:register"), "plus", "btn-primary"))
        return actions


class OfficerDetailView(OfficersPage, TemplateView):
    """One person: certificates, leave, recusals, training."""

    template_name = "officers/detail.html"

    def get_title(self) -> str:
        return self.officer.name

    @cached_property
    def officer(self) -> Officer:
        rows = Officer.objects.visible_to(self.request.user)
        rows = rows.select_related("user", "authority", "seconded_to")
        return get_object_or_404(rows.prefetch_related("certificates__suspensions"), pk=self.kwargs["pk"])

    def get_actions(self) -> list[Action]:
        user, officer = self.request.user, self.officer
        if not may_edit(user, officer):
            return []
        actions = [
            Action(_("Record leave"), reverse("officers:leave", args=[officer.pk]), "calendar-off"),
            Action(_("Declare recusal"), reverse("officers:recusal", args=[officer.pk]), "user-x"),
        ]
        if not officer.is_auxiliary:
            actions.append(
                Action(_("Add certificate"), reverse("officers:certificate", args=[officer.pk]), "id-badge-2")
            )
        if keeps_library(user):
            actions.append(
                Action(_("Record training"), reverse("officers:training", args=[officer.pk]), "school")
            )
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, officer, today = self.request.user, self.officer, timezone.localdate()
        recusals = RecusalDeclaration.objects.visible_to(user).filter(officer=officer)
        return {
            **super().get_context_data(**kwargs),
            "officer": officer,
            "capacity": capacity_words(officer),
            "seconded": officer.seconded_on(today),
            "certificates": officer.certificates.all(),
            "leaves": officer.leaves.all()[:20],
            "recusals": recusals,
            "trainings": officer.trainings.all()[:20],
            "training_sentence": training_sentence(officer, today.year),
            "may_edit": may_edit(user, officer),
            "keeps": keeps_library(user),
            "own": officer.user_id == user.pk,
        }


class OfficerFormView(OfficersPage, FormServiceView):
    """A form that adds to one person's record."""

    @cached_property
    def officer(self) -> Officer:
        return get_object_or_404(Officer.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def check_role(self, user: Any) -> None:
        super().check_role(user)
        require_edit(user, self.officer)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*super().get_breadcrumbs(), Crumb(self.officer.name, self.officer.get_absolute_url())]

    def get_success_url(self) -> str:
        return self.officer.get_absolute_url()


class RegisterView(OfficersPage, FormServiceView):
    """Enter a person into the library."""

    roles = KEEPERS
    form_class = forms.RegisterForm
    title = gettext_lazy("New officer")
    success_message = gettext_lazy("The officer is in the library.")

    def perform(self, form: Any) -> Officer:
        return services.register_officer(actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class CertificateAddView(OfficerFormView):
    form_class = forms.CertificateForm
    title = gettext_lazy("Add certificate")
    success_message = gettext_lazy("The certificate is in the library.")

    def perform(self, form: Any) -> Certificate:
        return services.add_certificate(actor=self.request.user, officer=self.officer, **form.cleaned_data)


class LeaveAddView(OfficerFormView):
    form_class = forms.LeaveForm
    title = gettext_lazy("Record leave")
    success_message = gettext_lazy("The leave is recorded.")

    def perform(self, form: Any) -> Leave:
        return services.record_leave(actor=self.request.user, officer=self.officer, **form.cleaned_data)


class RecusalAddView(OfficerFormView):
    form_class = forms.RecusalForm
    title = gettext_lazy("Declare recusal")
    success_message = gettext_lazy("The recusal is declared; the officer is kept from this party's matters.")

    def perform(self, form: Any) -> RecusalDeclaration:
        return services.declare_recusal(actor=self.request.user, officer=self.officer, **form.cleaned_data)


class KeeperFormView(OfficerFormView):
    """A form of who keeps the library."""

    roles = KEEPERS


class TrainingAddView(KeeperFormView):
    form_class = forms.TrainingForm
    title = gettext_lazy("Record training")
    success_message = gettext_lazy("The training is recorded.")

    def perform(self, form: Any) -> Any:
        return services.record_training(actor=self.request.user, officer=self.officer, **form.cleaned_data)


class CertificateSuspendView(KeeperFormView):
    form_class = forms.SuspendForm
    title = gettext_lazy("Suspend certificate")
    success_message = gettext_lazy("The certificate is suspended.")

    def perform(self, form: Any) -> Any:
        certificate = get_object_or_404(self.officer.certificates, pk=self.kwargs["item"])
        return services.suspend_certificate(
            actor=self.request.user, certificate=certificate, **form.cleaned_data
        )


class CertificateRevokeView(KeeperFormView):
    form_class = forms.RevokeForm
    title = gettext_lazy("Revoke certificate")
    success_message = gettext_lazy("The certificate is revoked.")

    def perform(self, form: Any) -> Any:
        certificate = get_object_or_404(self.officer.certificates, pk=self.kwargs["item"])
        return services.revoke_certificate(
            actor=self.request.user, certificate=certificate, **form.cleaned_data
        )


class SuspensionEndView(KeeperFormView):
    form_class = forms.LastDayForm
    title = gettext_lazy("End suspension")
    success_message = gettext_lazy("The suspension has a last day.")

    def perform(self, form: Any) -> Any:
        rows = CertificateSuspension.objects.filter(certificate__officer=self.officer)
        suspension = get_object_or_404(rows, pk=self.kwargs["item"])
        return services.end_suspension(
            actor=self.request.user, suspension=suspension, ends_on=form.cleaned_data["last_day"]
        )


class RecusalEndView(KeeperFormView):
    form_class = forms.LastDayForm
    title = gettext_lazy("End recusal")
    success_message = gettext_lazy("The recusal has a last day.")

    def perform(self, form: Any) -> Any:
        recusal = get_object_or_404(self.officer.recusals, pk=self.kwargs["item"])
        return services.end_recusal(
            actor=self.request.user, recusal=recusal, valid_to=form.cleaned_data["last_day"]
        )


class CertificateConfirmView(OfficersPage, ActionView):
    """Confirm a certificate that an officer entered."""

    roles = KEEPERS
    success_message = gettext_lazy("The certificate is confirmed.")

    def perform(self, request: HttpRequest) -> Certificate:
        rows = Certificate.objects.visible_to(request.user).select_related("officer__user")
        certificate = get_object_or_404(rows, pk=self.kwargs["item"], officer_id=self.kwargs["pk"])
        return services.confirm_certificate(actor=request.user, certificate=certificate)

    def get_success_url(self) -> str:
        return reverse("officers:detail", args=[self.kwargs["pk"]])


class LeaveCancelView(OfficersPage, ActionView):
    """Cancel a leave."""

    success_message = gettext_lazy("The leave is cancelled.")

    def perform(self, request: HttpRequest) -> Leave:
        rows = Leave.objects.visible_to(request.user).select_related("officer__user")
        leave = get_object_or_404(rows, pk=self.kwargs["item"], officer_id=self.kwargs["pk"])
        return services.cancel_leave(actor=request.user, leave=leave)

    def get_success_url(self) -> str:
        return reverse("officers:detail", args=[self.kwargs["pk"]])


class EligibleView(OfficersPage, TemplateView):
    """Who may act in a matter, and what stands against the others."""

    template_name = "officers/eligible.html"
    title = gettext_lazy("Who may act?")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = forms.EligibleForm(self.request.GET or None)
        for field in form.fields.values():
            decorate(field)
        officers = None
        if form.is_bound and form.is_valid():
            asked = dict(form.cleaned_data)
            visible = set(Officer.objects.visible_to(self.request.user).values_list("pk", flat=True))
            parties = references_from_text(asked.pop("parties"))
            officers = [
                item for item in assess_officers(**asked, against_parties=parties) if item.pk in visible
            ]
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "officers": officers,
            "able": sum(item.is_eligible for item in officers or ()),
            "needed": services.MINIMUM_OFFICERS,
        }
