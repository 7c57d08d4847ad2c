"""Pages of the jurisdiction list."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal
from wulian.core.ui.filters import decorate
from wulian.core.ui.views import Action, Crumb, FormServiceView, ListView, PageMixin

from . import services
from .filters import RuleFilter
from .forms import EndForm, PublishForm, RuleForm, WhoForm
from .models import JurisdictionRule, ListPublication
from .selectors import describe_matter, history_of, region_name, who_is_competent
from .tables import RuleTable


class JurisdictionPage(PageMixin):
    wing = "office"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Jurisdiction list"), reverse("jurisdiction:list"))]


class RuleListView(ListView):
    """The whole list."""

    model = JurisdictionRule
    table_class = RuleTable
    filter_class = RuleFilter
    template_name = "jurisdiction/list.html"
    title = gettext_lazy("Jurisdiction list")
    wing = "office"
    empty_title = gettext_lazy("The list is empty")
    empty_text = gettext_lazy("Without an item no authority may open a case.")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("competent_authority")

    def get_actions(self) -> list[Action]:
        user = self.request.user
        actions = [
            Action(_("Who is competent?"), reverse("jurisdiction:who"), "help-circle"),
            Action(_("Publications"), reverse("jurisdiction:publications"), "world"),
        ]
        if user.has_role(*services.KEEPERS):
            actions.append(Action(_("New item"), reverse("jurisdiction:add"), "plus", "btn-primary"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demonstration = JurisdictionRule.objects.filter(is_demonstration=True).exists()
        return {**super().get_context_data(**kwargs), "demonstration": demonstration}


class RuleDetailView(JurisdictionPage, TemplateView):
    """One item with its history."""

    template_name = "jurisdiction/detail.html"

    def get_title(self) -> str:
        return str(self.rule)

    def get_actions(self) -> list[Action]:
        if self.request.user.has_role(*services.KEEPERS) and self.rule.valid_to is None:
            return [
                Action(_("End this item"), reverse("jurisdiction:end", args=[self.rule.pk]), "calendar-off")
            ]
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = JurisdictionRule.objects.visible_to(self.request.user).select_related(
            "competent_authority", "recorded_by"
        )
        self.rule = get_object_or_404(rows, pk=self.kwargs["pk"])
        return {
            **super().get_context_data(**kwargs),
            "rule": self.rule,
            "region": region_name(self.rule.region_code),
            "history": history_of(self.rule),
        }


class RuleAddView(JurisdictionPage, FormServiceView):
    """A new item."""

    roles = services.KEEPERS
    form_class = RuleForm
    title = gettext_lazy("New item of the jurisdiction list")
    success_message = gettext_lazy("The item is in the list.")

    def perform(self, form: RuleForm) -> JurisdictionRule:
        return services.add_rule(actor=self.request.user, **form.service_values())

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class RuleEndView(JurisdictionPage, FormServiceView):
    """The last day of an item."""

    roles = services.KEEPERS
    form_class = EndForm
    title = gettext_lazy("End an item")
    submit_label = gettext_lazy("End this item")
    success_message = gettext_lazy("The item ends on the day given; what applied before stays readable.")

    @property
    def rule(self) -> JurisdictionRule:
        return get_object_or_404(JurisdictionRule.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        rule = self.rule
        return [*super().get_breadcrumbs(), Crumb(str(rule), rule.get_absolute_url())]

    def perform(self, form: EndForm) -> JurisdictionRule:
        return services.end_rule(actor=self.request.user, rule=self.rule, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class WhoView(JurisdictionPage, TemplateView):
    """Who is competent for a matter on a day, and why."""

    template_name = "jurisdiction/who.html"
    title = gettext_lazy("Who is competent?")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = WhoForm(self.request.GET or None)
        for field in form.fields.values():
            decorate(field)
        answer = refusal = matter = None
        if form.is_bound and form.is_valid():
            asked = form.cleaned_data
            matter = describe_matter(**{key: asked[key] for key in asked if key != "on"})
            try:
                answer = who_is_competent(**asked)
            except Refusal as error:
                refusal = error
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "matter": matter,
            "answer": answer,
            "refusal": refusal,
        }


class PublicationListView(JurisdictionPage, TemplateView):
    """What was published, when and where."""

    template_name = "jurisdiction/publications.html"
    title = gettext_lazy("Publications of the list")

    def get_actions(self) -> list[Action]:
        if self.request.user.has_role(Role.OFFICE_HEAD):
            return [Action(_("Publish"), reverse("jurisdiction:publish"), "world-upload", "btn-primary")]
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = (
            ListPublication.objects.visible_to(self.request.user)
            .select_related("published_by")
            .defer("items")
        )
        return {**super().get_context_data(**kwargs), "publications": rows[:100]}


class PublishView(JurisdictionPage, FormServiceView):
    """Publish the list."""

    roles = (Role.OFFICE_HEAD,)
    form_class = PublishForm
    title = gettext_lazy("Publish the jurisdiction list")
    submit_label = gettext_lazy("Publish")
    success_message = gettext_lazy("The list of that day is frozen with its digest.")
    intro = gettext_lazy(
        "The items in force on the day are frozen with their SM3 digest and can be downloaded as a file."
    )

    def perform(self, form: PublishForm) -> ListPublication:
        return services.publish_list(actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("jurisdiction:publications")


class PublicationDownloadView(JurisdictionPage, View):
    """A published list as JSON."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        publication = get_object_or_404(ListPublication.objects.visible_to(request.user), pk=pk)
        body = {
            "number": publication.number,
            "as_of": publication.as_of,
            "url": publication.url,
            "digest": publication.digest,
            "items": publication.items,
        }
        response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="jurisdiction-{publication.number}.json"'
        return response
