"""What stands on the worklist of those who oversee or accompany and have no step of their own: their scope in numbers."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.ui.worklist import Duty
from wulian.dashboards.cubes.handling import OPEN, OVERDUE
from wulian.dashboards.cubes.question import Answer, answer, counted_at, read_question

ONLOOKERS = (Role.DISCIPLINE, Role.LIAISON)
HANDLED = ("complaints", "tip_offs", "leads", "cases")


def scope_in_numbers(user: User) -> Iterator[Duty]:
    """Dossiers, open alerts, what is overdue and being handled: read-only, each with its list; seven queries a minute at most."""
    if not user.has_role(*ONLOOKERS):
        return
    dossiers = _ask(user, data="projects", by="stage")
    if dossiers.tally().n:
        yield _duty(_("Dossiers: %(n)s") % {"n": dossiers.tally().n}, _parts(dossiers), dossiers)
    alerts = _ask(user, data="alerts", by="severity", progress=OPEN)
    if alerts.tally().n:
        yield _duty(_("Open alerts: %(n)s") % {"n": alerts.tally().n}, _parts(alerts), alerts)
    handled = {code: _ask(user, data=code, by="timeliness", progress=OPEN) for code in HANDLED}
    for found in (*handled.values(), _ask(user, data="alerts", by="timeliness", progress=OPEN)):
        if number := found.tally(OVERDUE).n:
            title = _("Overdue now: %(label)s %(n)s") % {"label": found.question.cube.label, "n": number}
            yield _duty(title, [], found, url=found.url(OVERDUE), severity="red")
    parts = [(str(found.question.cube.label), found.tally().n) for found in handled.values()]
    if total := sum(number for _label, number in parts):
        title = _("Being handled: %(n)s") % {"n": total}
        yield _duty(title, parts, *handled.values(), url=reverse("dashboards:overview"))


def _ask(user: User, **query: str) -> Answer:
    return answer(read_question(query), user, kept=True)


def _parts(found: Answer) -> list[tuple[str, int]]:
    return [(found.rows.words[value], found.tally(value).n) for value in found.rows.values]


def _duty(
    title: str, parts: list[tuple[str, int]], *answers: Answer, url: str = "", severity: str = ""
) -> Duty:
    words = [f"{label} {number}" for label, number in parts if number]
    words.append(_("counted at %(time)s") % {"time": counted_at(*answers)})
    return Duty(
        title=title,
        subject_label=" · ".join(words),
        url=url or answers[0].url(),
        action=_("View list"),
        severity=severity,
        kind=_("Scope in numbers"),
    )
