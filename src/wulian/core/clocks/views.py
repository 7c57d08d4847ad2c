"""Pages of the legal calendar, and the page that says how a date was computed."""

from __future__ import annotations

from itertools import islice
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.choices import YearStatus
from wulian.core.clocks.forms import CalendarYearForm, ReasonForm, initial_of
from wulian.core.clocks.grids import month_grids, revision_history
from wulian.core.clocks.models import CalendarYear, Clock, ClockProjection
from wulian.core.clocks.projection import project_clock
from wulian.core.clocks.selectors import affected_clocks, clock_status, may_see_clock, preview_reprojection
from wulian.core.clocks.services import edit_calendar_year, publish_calendar_year, reproject_clocks
from wulian.core.clocks.services.calendars import CALENDAR_KEEPERS, FIRST_YEAR, LAST_YEAR
from wulian.core.ui import menu
from wulian.core.ui.views import Action, Crumb, FormServiceView, PageMixin
from wulian.law.periods import render_explanation

PREVIEW_ROWS = 100


class CalendarPage(PageMixin):
    """What the calendar pages share: everybody may read, the coordinating office keeps it."""

    wing = menu.SYSTEM
    business = False

    @property
    def year(self) -> int:
        return self.kwargs["year"]  # type: ignore[attr-defined]

    @property
    def may_keep(self) -> bool:
        return self.request.user.has_role(*CALENDAR_KEEPERS)  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Legal calendar"), reverse("clocks:year_list"))]

    def get_item(self) -> CalendarYear:
        return get_object_or_404(CalendarYear, year=self.year)


class YearPage(CalendarPage):
    """A page below that of one year."""

    def get_breadcrumbs(self) -> list[Crumb]:
        crumbs = super().get_breadcrumbs()
        if CalendarYear.objects.filter(year=self.year).exists():
            crumbs.append(Crumb(str(self.year), reverse("clocks:year_detail", args=[self.year])))
        return crumbs


class YearListView(CalendarPage, TemplateView):
    """The years, which of them are in force, and which one is missing next."""

    template_name = "clocks/year_list.html"
    title = _("Legal calendar")

    def get_breadcrumbs(self) -> list[Crumb]:
        return []

    def get_actions(self) -> list[Action]:
        if not self.may_keep:
            return []
        latest = CalendarYear.objects.values_list("year", flat=True).first()
        year = latest + 1 if latest else timezone.localdate().year
        label = _("Enter the calendar of %(year)s") % {"year": year}
        return [Action(label, reverse("clocks:year_edit", args=[year]), "plus", "btn-primary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        years = CalendarYear.objects.prefetch_related("days", "revisions")
        context = super().get_context_data(**kwargs)
        missing = [year for year in _this_and_next_year() if not calendar().is_loaded(year)]
        return {**context, "years": years, "missing": missing}


class YearDetailView(CalendarPage, TemplateView):
    """One year as month grids, its state and its actions."""

    template_name = "clocks/year_detail.html"

    def get_title(self) -> str:
        return str(_("Legal calendar of %(year)s") % {"year": self.year})

    def get_actions(self) -> list[Action]:
        actions = [Action(_("History"), reverse("clocks:year_history", args=[self.year]), "history")]
        if not self.may_keep:
            return actions
        actions.insert(0, Action(_("Edit"), reverse("clocks:year_edit", args=[self.year]), "edit"))
        if self.get_item().status == YearStatus.DRAFT:
            publish = reverse("clocks:year_publish", args=[self.year])
            actions.append(Action(_("Publish"), publish, "send", "btn-primary"))
        if calendar().is_loaded(self.year):
            again = reverse("clocks:reproject", args=[self.year])
            actions.append(Action(_("Compute dates again"), again, "refresh"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.get_item()
        context = super().get_context_data(**kwargs)
        latest = item.revisions.order_by("-number").first()
        return {
            **context,
            "item": item,
            "months": month_grids(item),
            "latest": latest,
            "draft": YearStatus.DRAFT,
        }


class YearEditView(YearPage, FormServiceView):
    """The draft of a year, entered as the notice words it."""

    roles = CALENDAR_KEEPERS
    form_class = CalendarYearForm
    submit_label = _("Save draft")
    success_message = _("Draft saved. It is in force once it is published.")
    intro = _("What is in force changes only when the draft is published.")

    def get_title(self) -> str:
        return str(_("Edit the calendar of %(year)s") % {"year": self.year})

    def get_initial(self) -> dict[str, Any]:
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise Http404
        return initial_of(CalendarYear.objects.filter(year=self.year).first())

    def perform(self, form: CalendarYearForm) -> CalendarYear:
        return edit_calendar_year(
            actor=self.request.user, year=self.year, days=form.entries, source=form.cleaned_data["source"]
        )

    def get_success_url(self) -> str:
        return reverse("clocks:year_detail", args=[self.year])


class YearPublishView(YearPage, FormServiceView):
    """Publish the draft; the next page offers to compute the running clocks again."""

    roles = CALENDAR_KEEPERS
    form_class = ReasonForm
    submit_label = _("Publish")
    success_message = _("Published. Running periods keep their dates until they are computed again below.")
    intro = _("The draft becomes the next numbered revision and is in force at once.")

    def get_title(self) -> str:
        return str(_("Publish the calendar of %(year)s") % {"year": self.year})

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.get_item().source}

    def perform(self, form: ReasonForm) -> Any:
        return publish_calendar_year(
            actor=self.request.user, year=self.year, reason=form.cleaned_data["reason"]
        )

    def get_success_url(self) -> str:
        return reverse("clocks:reproject", args=[self.year])


class YearHistoryView(YearPage, TemplateView):
    """Every publication with what it changed."""

    template_name = "clocks/year_history.html"

    def get_title(self) -> str:
        return str(_("Publications of the calendar of %(year)s") % {"year": self.year})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "history": revision_history(self.get_item())}


class ReprojectView(YearPage, FormServiceView):
    """Which running clocks would change, one button, and what has changed."""

    roles = CALENDAR_KEEPERS
    template_name = "clocks/reproject.html"
    form_class = ReasonForm
    submit_label = _("Compute again")

    def get_title(self) -> str:
        return str(_("Compute running periods again: %(year)s") % {"year": self.year})

    def get_initial(self) -> dict[str, Any]:
        latest = self.get_item().revisions.order_by("-number").first()
        return {"reason": latest.reason if latest else ""}

    def perform(self, form: ReasonForm) -> Any:
        return reproject_clocks(actor=self.request.user, year=self.year, reason=form.cleaned_data["reason"])

    def get_success_message(self) -> str:
        changed = self.result.changed
        return ngettext(
            "%(changed)s of %(examined)s running periods has a new date.",
            "%(changed)s of %(examined)s running periods have new dates.",
            changed,
        ) % {"changed": changed, "examined": self.result.examined}

    def get_success_url(self) -> str:
        return f"{reverse('clocks:reproject', args=[self.year])}?batch={self.result.batch}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if batch := _uuid(self.request.GET.get("batch", "")):
            rows = ClockProjection.objects.filter(batch=batch).select_related("clock", "by")
            page = Paginator(rows.prefetch_related("clock__subject"), 50).get_page(
                self.request.GET.get("page")
            )
            return {**context, "page_obj": page, "done": True}
        changes = list(islice(preview_reprojection(self.year), PREVIEW_ROWS + 1))
        return {
            **context,
            "changes": changes[:PREVIEW_ROWS],
            "more": len(changes) > PREVIEW_ROWS,
            "examined": affected_clocks(self.year).count(),
        }


class ExplainView(PageMixin, TemplateView):
    """这个日期怎么算的: the steps, the suspensions and every earlier answer."""

    template_name = "clocks/explain.html"
    title = _("How this date was computed")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        visible = Clock.objects.visible_to(self.request.user).select_related("content_type")
        clock = get_object_or_404(visible.prefetch_related("suspensions__recorded_by"), pk=self.kwargs["pk"])
        if not may_see_clock(self.request.user, clock):
            raise Http404
        in_force, today = calendar(), timezone.localdate()
        last_day = clock.stopped_on or today
        new = project_clock(clock, in_force, last_day)
        return {
            **super().get_context_data(**kwargs),
            "clock": clock,
            "status": clock_status(clock, today, in_force=in_force),
            "steps": render_explanation(
                new.explanation, "zh" if (get_language() or "").startswith("zh") else "en"
            ),
            "outdated": clock.is_running and (clock.due_raw, clock.due) != (new.raw, new.due),
            "projections": clock.projections.select_related("by"),
            "subject_url": _address(clock.subject),
        }


def _this_and_next_year() -> tuple[int, int]:
    this = timezone.localdate().year
    return this, this + 1


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _address(subject: Any) -> str:
    return subject.get_absolute_url() if hasattr(subject, "get_absolute_url") else ""
