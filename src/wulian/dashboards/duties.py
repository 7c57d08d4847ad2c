"""What stands on the worklist of those who oversee or accompany and have no step of their own: their scope in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.ui.worklist import Duty
from wulian.dashboards.cubes.handling import OPEN, OVERDUE
from wulian.dashboards.cubes.question import Answer, answer, read_question

ONLOOKERS = (Role.DISCIPLINE, Role.LIAISON)
HANDLED = ("complaints", "tip_offs", "leads", "cases")


def scope_in_numbers(user: User) -> Iterator[Duty]:
    """Dossiers, open alerts, what is overdue and being handled: read-only, each with its list; seven queries."""
    if not user.has_role(*ONLOOKERS):
        return
    dossiers = _ask(user, data="projects", by="stage")
    if dossiers.tally().n:
        yield _duty(_("Dossiers: %(n)s") % {"n": dossiers.tally().n}, _parts(dossiers), dossiers.url())
    alerts = _ask(user, data="alerts", by="severity", progress=OPEN)
    if alerts.tally().n:
        yield _duty(_("Open alerts: %(n)s") % {"n": alerts.tally().n}, _parts(alerts), alerts.url())
    handled = {code: _ask(user, data=code, by="timeliness", progress=OPEN) for code in HANDLED}
    handled["alerts"] = _ask(user, data="alerts", by="timeliness", progress=OPEN)
    late = [
        (str(found.question.cube.label), found.tally(OVERDUE).n, found.url(OVERDUE))
        for found in handled.values()
    ]
    for label, number, url in late:
        if number:
            yield _duty(
                _("Overdue now: %(label)s %(n)s") % {"label": label, "n": number}, [], url, severity="red"
            )
    del handled["alerts"]
    parts = [(str(found.question.cube.label), found.tally().n) for found in handled.values()]
    if total := sum(number for _label, number in parts):
        yield _duty(_("Being handled: %(n)s") % {"n": total}, parts, reverse("dashboards:overview"))


def _ask(user: User, **query: str) -> Answer:
    return answer(read_question(query), user)


def _parts(found: Answer) -> list[tuple[str, int]]:
    return [(found.rows.words[value], found.tally(value).n) for value in found.rows.values]


def _duty(title: str, parts: list[tuple[str, int]], url: str, severity: str = "") -> Duty:
    words = " · ".join(f"{label} {number}" for label, number in parts if number)
    return Duty(
        title=title,
        subject_label=words,
        url=url,
        action=_("View list"),
        severity=severity,
        kind=_("Scope in numbers"),
    )
