"""Builds the demonstration: people, dossiers through the import service, and some weeks of work through the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event, sequence_events
from wulian.core.config.errors import Refusal
from wulian.demo import stage
from wulian.demo.city import BIDDERS, PROJECTS, SEED, city
from wulian.demo.people import Cast, seed_people
from wulian.demo.planted import Planted, leave_unanswered
from wulian.demo.scenes import ACTS, FINALE, Scene
from wulian.exchange.records import DossierRecord
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import refresh_alerts
from wulian.information.registry.choices import ImportState
from wulian.information.registry.models import Bid, ImportRun, Project
from wulian.information.registry.services.upsert import upsert_dossiers
from wulian.office.jurisdiction.services import seed_jurisdiction

CHUNK = 100
OPENING = 30
"""Working days before today on which the platform of the demonstration begins."""
FIRST_RULES = ("WJ-01", "WJ-02", "ZB-01", "TB-07", "GS-02", "DB-02", "GS-05", "TB-02", "CQ-01")
"""The rules that were switched on at first; the others of the catalogue look at the dossiers today."""

Say = Callable[[str], None]


@dataclass
class Built:
    """What was built: how many dossiers, and what is broken in them on purpose."""

    projects: int = 0
    bids: int = 0
    alerts: int = 0
    planted: list[Planted] = field(default_factory=list)


def is_empty() -> bool:
    """Whether the database holds neither a person nor a dossier."""
    return not (User.objects.exists() or Project.objects.exists())


def build_demo(*, scale: int = 1, seed: int = SEED, say: Say = lambda line: None) -> Built:
    """Build the whole demonstration in one transaction: interrupted, it leaves an empty database.

    Raises Refusal when the database is not empty.
    """
    if not is_empty():
        raise Refusal(_("The database is not empty; the demonstration is built into an empty one."))
    with translation.override("zh-hans"):
        with transaction.atomic():
            built = _build(scale, seed, say)
        _forget_queued_refreshes()
        say(_("Chaining the audit trail"))
        sequence_events()
    return built


def build_dossiers(
    *, scale: int = 1, seed: int = SEED, say: Say = lambda line: None, bidders: Sequence[int] = BIDDERS
) -> Built:
    """Enter the dossiers alone, chunk by chunk, for measurements: no people, no alerts, no scores of evaluators."""
    built = Built()
    dossiers = city(
        seed=seed,
        projects=PROJECTS * scale,
        until=timezone.localdate(),
        planted=built.planted,
        bidders=bidders,
        scores=False,
    )
    _enter(dossiers, built, say, every=1000)
    _forget_queued_refreshes()
    return built


def _build(scale: int, seed: int, say: Say) -> Built:
    built, line = Built(), stage.Timeline(timezone.localdate())
    opening = line.day(OPENING + 1)
    with stage.at(line.moment(OPENING, 8, 30)):
        say(_("Departments, people and the jurisdiction list"))
        users = seed_people()
        seed_jurisdiction()
        say(_("Dossiers as of %(day)s") % {"day": opening})
        known = _tell(scale, seed, line.today, opening, built)
        _import(known.values(), built, users["dispatcher"], opening, say)
        say(_("Rules over all dossiers, first selection"))
        refresh_alerts(as_of=line.day(OPENING), rules=FIRST_RULES)
    scene = Scene(cast=Cast(users.values()), line=line)
    ended = line.moment(OPENING, 8, 30)
    for act in ACTS:
        say(str(act.title))
        # Of two acts of one hour the second begins when the first is over.
        with stage.at(max(line.moment(act.back, act.hour), ended)):
            act.play(scene)
            ended = timezone.now()
    say(_("Dossiers as of %(day)s") % {"day": line.today})
    news = _tell(scale, seed, line.today, None, built)
    if unanswered := leave_unanswered(news.values(), line.today):
        built.planted.append(unanswered)
    changed = [dossier for key, dossier in news.items() if _content(dossier) != _content(known.get(key))]
    _import(changed, built, users["dispatcher"], line.today, say)
    say(_("Rules over all dossiers, whole catalogue"))
    refresh_alerts()
    for act in FINALE:
        say(str(act.title))
        act.play(scene)
    built.bids, built.alerts = Bid.objects.count(), Alert.objects.count()
    return built


def _tell(
    scale: int, seed: int, today: dt.date, seen: dt.date | None, built: Built
) -> dict[str, DossierRecord]:
    built.planted.clear()
    dossiers = city(seed=seed, projects=PROJECTS * scale, until=today, seen=seen, planted=built.planted)
    return {dossier.source_id: dossier for dossier in dossiers}


def _content(dossier: DossierRecord | None) -> str:
    return dossier.model_dump_json(exclude={"released_at"}) if dossier else ""


def _import(
    dossiers: Iterable[DossierRecord], built: Built, actor: User, day: dt.date, say: Say
) -> ImportRun:
    """Enter dossiers as one run of the import service, as the daily exchange with the trading system would."""
    run = ImportRun.objects.create(
        file_name=_("Exchange with the trading system %(day)s (demonstration)") % {"day": day},
        actor=actor,
        state=ImportState.RUNNING,
        started_at=timezone.now(),
    )
    _enter(iter(dossiers), built, say, run=run)
    run.state, run.finished_at = ImportState.DONE, timezone.now()
    run.save()
    counts = {name: getattr(run, f"{name}_count") for name in ("created", "updated", "unchanged", "refused")}
    record_event(
        actor=actor, verb="registry.imported", subject=run, summary=str(run), data={"state": str(run.state), **counts}
    )  # fmt: skip
    return run


def _enter(
    dossiers: Iterator[DossierRecord],
    built: Built,
    say: Say,
    *,
    run: ImportRun | None = None,
    every: int = 10**9,
) -> None:
    entered = 0
    while chunk := list(islice(dossiers, CHUNK)):
        for outcome in upsert_dossiers(dossiers=chunk, run=run, actor=run.actor if run else None):
            if outcome.action == "refused":
                raise Refusal(_("The registry refused a dossier: %(reason)s") % {"reason": outcome.note})
            built.projects += outcome.action == "created"
            if run:
                name = f"{outcome.action}_count"
                setattr(run, name, getattr(run, name) + 1)
        built.bids += sum(
            len(lot.bids) for dossier in chunk for tender in dossier.project.tenders for lot in tender.lots
        )
        entered += len(chunk)
        if entered % every == 0:
            say(_("%(count)d dossiers, %(bids)d bids") % {"count": entered, "bids": built.bids})


def _forget_queued_refreshes() -> None:
    """The demonstration has looked at every dossier itself; the worker need not do it again for each chunk."""
    DBTaskResult.objects.ready().filter(task_path__endswith="alerts.tasks.refresh").delete()
