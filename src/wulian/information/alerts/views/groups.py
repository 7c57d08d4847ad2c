"""Alerts that are judged together, with the index that says why."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.views import Action, Crumb, ListView, PageMixin
from wulian.information.alerts.choices import FINAL
from wulian.information.alerts.filters import GroupFilter
from wulian.information.alerts.groups import KINDS, alerts_of_group, groups_of
from wulian.information.alerts.models import ControlledProject
from wulian.information.alerts.parameters import (
    EVIDENCE_PERCENT,
    GONE_PERCENT,
    INDEX_LEVELS,
    SEVERITY_POINTS,
)
from wulian.information.alerts.presentation import AUTOMATION
from wulian.information.alerts.services.control import KEEPERS
from wulian.information.alerts.smoke import index_of
from wulian.information.alerts.tables import GroupTable
from wulian.information.alerts.views.bulk import bulk_buttons


class GroupList(ListView):
    """Dossiers (or lots, or parties) with unfinished alerts, the highest index first."""

    table_class = GroupTable
    filter_class = GroupFilter
    template_name = "alerts/groups.html"
    title = _("Judge in groups")
    subtitle = _(
        "Alerts of one dossier, lot or party belong together; open a group to see what makes its index."
    )
    wing = "information"
    empty_title = _("No unfinished alert")
    kind = "project"

    def get_list_key(self) -> str:
        return f"alerts.groups_{self.kind}"

    def get_queryset(self) -> QuerySet[Any]:
        rows = groups_of(KINDS[self.kind], self.request.user)  # type: ignore[arg-type]
        return rows.order_by("-index", f"-{self.kind}")

    def build_table(self, queryset: QuerySet[Any]) -> Any:
        """The table in the order asked for; a group has no primary key to come last, GroupTable takes that of its record."""
        table = self.table_class(queryset, **self.get_table_kwargs())
        table.request = self.request
        if wanted := self.request.GET.getlist(table.prefixed_order_by_field):
            table.order_by = wanted
        return table

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"kind": KINDS[self.kind], "user": self.request.user}

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Alerts"), reverse("alerts:list"))]

    def get_actions(self) -> list[Action]:
        return [Action(_("How the index is computed"), reverse("alerts:index"), "calculator")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "kinds": KINDS, "kind": self.kind}


class GroupPage(PageMixin, TemplateView):
    """All alerts of one group, what makes the index, and the actions for those that are ticked."""

    template_name = "alerts/group.html"
    wing = "information"
    kind = "project"

    def get_title(self) -> str:
        return str(self.record)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Alerts"), reverse("alerts:list")),
            Crumb(KINDS[self.kind].title, reverse(KINDS[self.kind].list_name)),
        ]

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.alerts = list(alerts_of_group(KINDS[self.kind], self.kwargs["pk"], request.user))
        if not self.alerts:
            raise Http404
        self.record = getattr(self.alerts[0], self.kind)
        return super().get(request, *args, **kwargs)

    def get_actions(self) -> list[Action]:
        project = self.alerts[0].project if self.kind != "party" else None
        if project is None:
            return []
        return [Action(_("Open the dossier"), project.get_absolute_url(), "folder-open")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        index = index_of(self.alerts)
        project = self.alerts[0].project_id if self.kind != "party" else None
        visible = ControlledProject.objects.visible_to(self.request.user)  # type: ignore[arg-type]
        return {
            **super().get_context_data(**kwargs),
            "record": self.record,
            "kind": self.kind,
            "index": index,
            "ended": [alert for alert in self.alerts if alert.state in FINAL],
            "bulk_actions": bulk_buttons(self.request.user),
            "project_id": project,
            "may_place": self.request.user.has_role(*KEEPERS),  # type: ignore[union-attr]
            "control": visible.open().filter(project=project).first() if project else None,
        }


class IndexPage(PageMixin, TemplateView):
    """How the index is computed: weights, counting each fact once, and what does not count."""

    template_name = "alerts/index.html"
    title = _("How the index is computed")
    wing = "information"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Alerts"), reverse("alerts:list")),
            Crumb(_("Judge in groups"), reverse("alerts:groups")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "severities": SEVERITY_POINTS,
            "evidence": [(AUTOMATION[name], percent) for name, percent in EVIDENCE_PERCENT.items()],
            "gone": GONE_PERCENT,
            "levels": INDEX_LEVELS,
        }
