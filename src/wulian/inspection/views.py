"""Pages of inspections."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from wulian.core.accounts.choices import Role
from wulian.core.procedures.selectors import available_events
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin

from . import forms, services
from .choices import DrawState
from .draw import canonical_json, random_places_of
from .filters import PlanFilter, TaskFilter
from .models import AnnualPlan, Draw, InspectionTask
from .permissions import KEEPERS
from .tables import PlanTable, TaskTable

SHOWN_OF_POOL = 100


class PlanListView(ListView):
    """All plans one may see."""

    model = AnnualPlan
    table_class = PlanTable
    filter_class = PlanFilter
    title = gettext_lazy("Inspection plans")
    wing = "inspection"
    empty_title = gettext_lazy("No inspection plan yet")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().annotate(draw_count=Count("draws"))

    def get_actions(self) -> list[Action]:
        if self.request.user.has_role(*KEEPERS):
            return [Action(_("New plan"), reverse("inspection:add_plan"), "plus", "btn-primary")]
        return []


class TaskListView(ListView):
    """All inspections one may see."""

    model = InspectionTask
    table_class = TaskTable
    filter_class = TaskFilter
    title = gettext_lazy("Inspections")
    wing = "inspection"
    empty_title = gettext_lazy("No inspection yet")
    empty_text = gettext_lazy("Inspections come from a draw under a published plan.")

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("draw", "party", "authority")
        return rows.prefetch_related("inspectors__officer__user")


class PlanPage(PageMixin):
    wing = "inspection"

    @cached_property
    def plan(self) -> AnnualPlan:
        rows = AnnualPlan.objects.visible_to(self.request.user)  # type: ignore[attr-defined]
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        crumbs = [Crumb(gettext_lazy("Inspection plans"), reverse("inspection:plans"))]
        if "pk" in self.kwargs:  # type: ignore[attr-defined]
            crumbs.append(Crumb(str(self.plan), self.plan.get_absolute_url()))
        return crumbs


class PlanDetailView(PlanPage, TemplateView):
    """One plan with its draws."""

    template_name = "inspection/plan.html"

    def get_title(self) -> str:
        return str(self.plan)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Inspection plans"), reverse("inspection:plans"))]

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_role(*KEEPERS):
            return []
        if self.plan.published_at is None:
            return [
                Action(
                    _("Publish"), reverse("inspection:publish", args=[self.plan.pk]), "world", "btn-primary"
                )
            ]
        return [
            Action(
                _("New draw"), reverse("inspection:freeze", args=[self.plan.pk]), "snowflake", "btn-primary"
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draws = Draw.objects.visible_to(self.request.user).filter(plan=self.plan)
        return {
            **super().get_context_data(**kwargs),
            "plan": self.plan,
            "departments": self.plan.departments.all(),
            "draws": draws.select_related("authority", "plan").defer("pool", "record"),
        }


class PlanAddView(PlanPage, FormServiceView):
    roles = KEEPERS
    form_class = forms.PlanForm
    title = gettext_lazy("New inspection plan")
    success_message = gettext_lazy("The plan is drafted; publish it before the first draw.")

    def perform(self, form: Any) -> AnnualPlan:
        return services.create_plan(actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class PlanPublishView(PlanPage, FormServiceView):
    roles = KEEPERS
    form_class = forms.PublishForm
    title = gettext_lazy("Publish the plan")
    submit_label = gettext_lazy("Publish")
    success_message = gettext_lazy("The plan is published.")

    def perform(self, form: Any) -> AnnualPlan:
        return services.publish_plan(actor=self.request.user, plan=self.plan, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.plan.get_absolute_url()


class FreezeView(PlanPage, FormServiceView):
    """Freeze a pool and commit to a secret."""

    roles = KEEPERS
    form_class = forms.FreezeForm
    title = gettext_lazy("New draw: freeze the pool")
    submit_label = gettext_lazy("Freeze and commit")
    success_message = gettext_lazy(
        "The pool is frozen. Publish its digest and the commitment now, then wait for the public seed."
    )
    intro = gettext_lazy(
        "Objects and inspectors are frozen as they stand now; nothing can be added or taken out afterwards. "
        "A secret is drawn and sealed, and its commitment is signed before any public seed is known."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "plan": self.plan}

    def perform(self, form: Any) -> Draw:
        return services.freeze_draw(actor=self.request.user, plan=self.plan, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class DrawPage(PageMixin):
    wing = "inspection"

    @cached_property
    def drawn(self) -> Draw:
        rows = Draw.objects.visible_to(self.request.user).select_related(  # type: ignore[attr-defined]
            "plan", "authority", "frozen_by", "seeded_by", "drawn_by", "replaces__plan"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        plan = self.drawn.plan
        return [
            Crumb(gettext_lazy("Inspection plans"), reverse("inspection:plans")),
            Crumb(str(plan), plan.get_absolute_url()),
            Crumb(str(self.drawn), self.drawn.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.drawn.get_absolute_url()


class DrawDetailView(DrawPage, TemplateView):
    """The draw step by step: pool, commitment, seed, result; printable."""

    template_name = "inspection/draw.html"

    def get_title(self) -> str:
        return str(self.drawn)

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:-1]

    def get_actions(self) -> list[Action]:
        user, draw, actions = self.request.user, self.drawn, []
        if user.has_role(*KEEPERS):
            if draw.state == DrawState.FROZEN and draw.frozen_by_id != user.pk:
                actions.append(
                    Action(
                        _("Enter public seed"),
                        reverse("inspection:seed", args=[draw.pk]),
                        "dice",
                        "btn-primary",
                    )
                )
            if draw.state == DrawState.SEEDED:
                url = reverse("inspection:run", args=[draw.pk])
                actions.append(Action(_("Reveal and draw"), url, "player-play", "btn-primary", "post"))
        if user.has_role(Role.OFFICE_HEAD) and draw.state != DrawState.WITHDRAWN:
            actions.append(
                Action(
                    _("Withdraw"), reverse("inspection:withdraw", args=[draw.pk]), "x", "btn-outline-danger"
                )
            )
        if draw.record:
            actions.append(
                Action(_("Download record"), reverse("inspection:record", args=[draw.pk]), "download")
            )
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draw, user = self.drawn, self.request.user
        pool = draw.pool
        tasks = draw.tasks.select_related("party", "draw").prefetch_related("inspectors__officer__user")
        return {
            **super().get_context_data(**kwargs),
            "draw": draw,
            "pool": pool,
            "shown_objects": pool["objects"][:SHOWN_OF_POOL],
            "hidden_objects": max(len(pool["objects"]) - SHOWN_OF_POOL, 0),
            "random_places": random_places_of(pool["places"], pool["random_share"]),
            "tasks": tasks,
            "seen_tasks": set(
                InspectionTask.objects.visible_to(user).filter(draw=draw).values_list("pk", flat=True)
            ),
            "own_frozen": draw.state == DrawState.FROZEN and draw.frozen_by_id == user.pk,
        }


class SeedView(DrawPage, FormServiceView):
    roles = KEEPERS
    form_class = forms.SeedForm
    title = gettext_lazy("Enter public seed")
    success_message = gettext_lazy("The public seed is entered; the draw can be made.")

    def perform(self, form: Any) -> Draw:
        values = dict(form.cleaned_data)
        values["witnesses"] = values["witnesses"].splitlines()
        return services.enter_seed(actor=self.request.user, draw=self.drawn, **values)


class RunView(DrawPage, ActionView):
    roles = KEEPERS
    success_message = gettext_lazy("The draw is made; the record can be downloaded and re-computed.")

    def perform(self, request: HttpRequest) -> Draw:
        return services.run_draw(actor=request.user, draw=self.drawn)


class WithdrawView(DrawPage, FormServiceView):
    roles = (Role.OFFICE_HEAD,)
    form_class = forms.WithdrawForm
    title = gettext_lazy("Withdraw the draw")
    submit_label = gettext_lazy("Withdraw")
    success_message = gettext_lazy("The draw is withdrawn; its record stays.")

    def perform(self, form: Any) -> Draw:
        return services.withdraw_draw(actor=self.request.user, draw=self.drawn, **form.cleaned_data)


class RecordView(DrawPage, View):
    """The published record, byte by byte what was hashed."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.drawn.record:
            raise Http404
        name = f"draw-{self.drawn.plan.year}-{self.drawn.number}.json"
        response = HttpResponse(
            canonical_json(self.drawn.record), content_type="application/json; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


class TaskPage(PageMixin):
    wing = "inspection"

    @cached_property
    def task(self) -> InspectionTask:
        rows = InspectionTask.objects.visible_to(self.request.user).select_related(  # type: ignore[attr-defined]
            "draw__plan", "party", "authority"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Inspections"), reverse("inspection:tasks"))]

    def get_success_url(self) -> str:
        return self.task.get_absolute_url()


class TaskDetailView(TaskPage, TemplateView):
    """One inspection with its inspectors and steps."""

    template_name = "inspection/task.html"

    def get_title(self) -> str:
        return str(self.task)

    def get_actions(self) -> list[Action]:
        if self.task.draw.state == DrawState.WITHDRAWN:
            return []
        return [
            Action(
                step.title,
                reverse("inspection:step", args=[self.task.pk, step.event]),
                "arrow-right",
                "btn-primary",
            )
            for step in available_events(self.task, self.request.user)
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "task": self.task,
            "inspectors": self.task.inspectors.select_related("officer__user"),
            "items": self.task.draw.plan.items.splitlines(),
        }


class TaskStepView(TaskPage, FormServiceView):
    """One step of an inspection, with a note."""

    form_class = forms.StepForm
    submit_label = gettext_lazy("Confirm")

    def get_title(self) -> str:
        return self.task.get_procedure().event_title(self.kwargs["event"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*super().get_breadcrumbs(), Crumb(str(self.task), self.task.get_absolute_url())]

    def perform(self, form: Any) -> Any:
        return services.take_step(
            actor=self.request.user,
            task=self.task,
            event=self.kwargs["event"],
            note=form.cleaned_data["note"],
        )
