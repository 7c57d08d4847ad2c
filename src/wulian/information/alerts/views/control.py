"""The control list: projects under control, their measures, their release."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.views import Crumb, FormServiceView, ListView, PageMixin
from wulian.information.alerts import forms, oversight_forms, services
from wulian.information.alerts.choices import MeasureState
from wulian.information.alerts.filters import ControlFilter
from wulian.information.alerts.models import ControlledProject, ControlMeasure
from wulian.information.alerts.permissions import control_abilities, measure_abilities
from wulian.information.alerts.services.control import KEEPERS
from wulian.information.alerts.tables import ControlTable
from wulian.information.registry.models import Project


class ControlList(ListView):
    """Projects on the control list, the strictest first."""

    model = ControlledProject
    table_class = ControlTable
    filter_class = ControlFilter
    title = _("Control list")
    subtitle = _("Problem projects: why they are controlled, what has to be done, by whom and until when.")
    wing = "information"
    empty_title = _("No project is under control")
    empty_text = _("A project is put on the list from its group of alerts.")

    def get_queryset(self) -> QuerySet[ControlledProject]:
        waiting = Q(measures__state__in=(MeasureState.OPEN, MeasureState.REPORTED))
        visible = ControlledProject.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return visible.select_related("project", "department").annotate(
            measures_total=Count("measures", distinct=True),
            measures_open=Count("measures", filter=waiting, distinct=True),
        )


class PlaceProject(FormServiceView):
    """Put a project on the list."""

    roles = KEEPERS
    title = _("Put under control")
    form_class = oversight_forms.PlaceForm
    submit_label = _("Put under control")
    success_message = _("The project is under control; now order the measures.")
    wing = "information"

    @cached_property
    def project(self) -> Project:
        visible = Project.objects.visible_to(self.request.user)
        return get_object_or_404(visible, pk=self.kwargs["project"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Control list"), reverse("alerts:controls")),
            Crumb(self.project.name, reverse("alerts:group_project", args=[self.project.pk])),
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "project": self.project, "user": self.request.user}

    def perform(self, form: Any) -> ControlledProject:
        return services.place_project(project=self.project, actor=self.request.user, **form.given())

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class ControlMixin(PageMixin):
    """A page of one controlled project that the user may see."""

    wing = "information"

    @cached_property
    def control(self) -> ControlledProject:
        visible = ControlledProject.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        rows = visible.select_related("project", "department", "placed_by", "proposed_by", "released_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Control list"), reverse("alerts:controls")),
            Crumb(self.control.project.name, self.control.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.control.get_absolute_url()


class ControlPage(ControlMixin, TemplateView):
    """Why the project is controlled, its measures with their evidence and clocks, its history."""

    template_name = "alerts/control.html"

    def get_title(self) -> str:
        return self.control.project.name

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        control, user = self.control, self.request.user
        measures = control.measures.select_related(
            "department", "person", "added_by", "reported_by", "ended_by"
        )
        rows = []
        for measure in measures.prefetch_related("attachments"):
            measure.control = control
            rows.append({"measure": measure, "may": measure_abilities(measure, user)})  # type: ignore[arg-type]
        return {
            **super().get_context_data(**kwargs),
            "control": control,
            "grounds": control.grounds.prefetch_related("record"),
            "rows": rows,
            "history": control.history.select_related("actor__department", "measure"),
            "may": control_abilities(control, user),  # type: ignore[arg-type]
        }


class ControlForm(ControlMixin, FormServiceView):
    """A form about one controlled project."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "intro": self.control.reason}


class AddMeasure(ControlForm):
    title = _("Order a measure")
    form_class = oversight_forms.MeasureForm
    submit_label = _("Order the measure")
    success_message = _("The measure was ordered; the department has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "control": self.control}

    def perform(self, form: Any) -> ControlMeasure:
        return services.add_measure(control=self.control, actor=self.request.user, **form.cleaned_data)


class ChangeLevel(ControlForm):
    title = _("Change the level")
    form_class = oversight_forms.LevelForm

    def get_initial(self) -> dict[str, Any]:
        return {"level": self.control.level}

    def perform(self, form: Any) -> ControlledProject:
        return services.change_level(control=self.control, actor=self.request.user, **form.cleaned_data)


class ProposeRelease(ControlForm):
    title = _("Propose the release")
    form_class = forms.ReasonForm
    submit_label = _("Hand in for review")
    success_message = _("Handed in; a second person reviews it.")

    def perform(self, form: Any) -> ControlledProject:
        return services.propose_release(control=self.control, actor=self.request.user, **form.cleaned_data)


class ConfirmRelease(ControlForm):
    title = _("Agree to the release")
    form_class = forms.ConfirmForm
    submit_label = _("Release the project")
    success_message = _("The project is released from control.")

    def perform(self, form: Any) -> ControlledProject:
        return services.confirm_release(control=self.control, actor=self.request.user, **form.cleaned_data)


class ReturnRelease(ControlForm):
    title = _("Refuse the release")
    form_class = forms.ReasonForm
    submit_label = _("Keep under control")
    success_message = _("The project stays under control.")

    def perform(self, form: Any) -> ControlledProject:
        return services.return_release(control=self.control, actor=self.request.user, **form.cleaned_data)


class MeasureForm(ControlMixin, FormServiceView):
    """A form about one measure."""

    @cached_property
    def measure(self) -> ControlMeasure:
        measure = get_object_or_404(self.control.measures.all(), pk=self.kwargs["measure"])
        measure.control = self.control
        return measure

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "intro": self.measure.demand}

    def get_success_url(self) -> str:
        return self.measure.get_absolute_url()


class ReportMeasure(MeasureForm):
    title = _("Report the measure")
    form_class = oversight_forms.ReportForm
    submit_label = _("Hand in")
    success_message = _("Reported; a second person judges it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "project": self.control.project}

    def perform(self, form: Any) -> ControlMeasure:
        return services.report_measure(
            measure=self.measure,
            actor=self.request.user,
            report=form.cleaned_data["report"],
            **form.papers_given(),
        )


class ConfirmMeasure(MeasureForm):
    title = _("Confirm the measure")
    form_class = forms.ConfirmForm
    submit_label = _("It was carried out")
    success_message = _("The measure is carried out.")

    def perform(self, form: Any) -> ControlMeasure:
        return services.confirm_measure(measure=self.measure, actor=self.request.user, **form.cleaned_data)


class ReturnMeasure(MeasureForm):
    title = _("Send the measure back")
    form_class = oversight_forms.ReturnForm
    submit_label = _("Send the measure back")
    success_message = _("Sent back; a new clock runs.")

    def perform(self, form: Any) -> ControlMeasure:
        return services.return_measure(measure=self.measure, actor=self.request.user, **form.cleaned_data)


class DropMeasure(MeasureForm):
    title = _("Drop the measure")
    form_class = forms.ReasonForm
    submit_label = _("Drop the measure")
    success_message = _("The measure is no longer needed.")

    def perform(self, form: Any) -> ControlMeasure:
        return services.drop_measure(measure=self.measure, actor=self.request.user, **form.cleaned_data)
