"""Server time of every list at city scale: each filter and each order, as several roles, on SQLite or PostgreSQL.

    .venv/bin/python benchmarks/lists.py [--database sqlite|postgresql] [--projects 20000] [--repeat 5] [--keep FOLDER]
    .venv/bin/python benchmarks/lists.py --only alerts --limit 50

Builds the demonstration city's dossiers (about ten bids a lot), judges the rules over it, fills up to 50,000 alerts and 10,000
cases, then asks every list page that the addresses of the platform have, plain, with each of its filters, in each of its orders
both ways and on its last page, through Django's test client. With `--keep` the SQLite city stays in that folder for the next
run; PostgreSQL is kept by a DATABASE_URL that names a server.

Printed are the median milliseconds of processor time a page (this process, and PostgreSQL's for its part), the median that
passed, and the queries. Wall time is what a busy machine makes of it; processor time is what the page costs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]
TICKS = os.sysconf("SC_CLK_TCK")
ALERTS, CASES = 50_000, 10_000
WORD = "水库"
RANGE = {"after": "2026-01-01", "before": "2026-06-30", "min": "1000000", "max": "9000000"}
MORE = {
    "总览": "/dashboards/",
    "搜索": "/search/?q=水库",
    "项目档案 第100页": "/dossiers/?page=100",
    "组合筛选": "/dossiers/?sector=water&region=421321&stage=award",
    "规则": "/alerts/rules/",
    "疑点": "/alerts/rules/hints/",
}


def fill(projects: int) -> None:
    """Enter ``projects`` dossiers through the import service."""
    from wulian.demo.city import city
    from wulian.information.registry.services.search import index_dossiers
    from wulian.information.registry.services.upsert import upsert_dossiers

    dossiers = city(projects=projects, until=date(2026, 11, 20), bidders=(8, 9, 10, 11, 12), scores=False)
    started, entered = time.perf_counter(), 0
    while chunk := list(islice(dossiers, 200)):
        outcomes = upsert_dossiers(dossiers=chunk, run=None, actor=None)
        index_dossiers([outcome.project_id for outcome in outcomes if outcome.project_id])
        entered += len(chunk)
        rate = entered / (time.perf_counter() - started)
        print(f"\r{entered} / {projects} ({rate:.0f} a second)", end="", flush=True)
    print()


def fill_alerts(wanted: int) -> None:
    """Repeat what the rules found for other lots of the city until there are so many alerts."""
    from django.db.models import F

    from wulian.information.alerts.models import Alert
    from wulian.information.registry.models import Lot

    models = list(Alert.objects.order_by("pk").defer("evidence")[:2000])
    missing = wanted - Alert.objects.count()
    if missing <= 0 or not models:
        return
    lots = list(Lot.objects.annotate(entity=F("tender__procuring_entity")).order_by("-pk")[:missing])
    for start in range(0, missing, 5000):
        rows = []
        for number in range(start, min(start + 5000, missing)):
            lot, model = lots[number % len(lots)], models[number % len(models)]
            alert = Alert.objects.model(
                **{
                    field.attname: getattr(model, field.attname)
                    for field in Alert._meta.fields
                    if field.attname not in ("id", "evidence")
                }
            )
            alert.subject_id, alert.subject_label = f"fill-{number}", f"{lot.name}"[:300]
            alert.project_id, alert.lot_id, alert.party_id = lot.project_id, lot.pk, lot.entity
            alert.evidence = {}
            rows.append(alert)
        Alert.objects.bulk_create(rows, batch_size=1000)


def fill_cases(wanted: int) -> None:
    """Enter leads and cases of the city's projects, one each."""
    from django.utils import timezone

    from wulian.casework.cases.models import Case, Lead
    from wulian.core.accounts.models import Department, User
    from wulian.information.registry.models import Project
    from wulian.law.procedures import procedure

    if Case.objects.exists():
        return
    person, now = User.objects.get(username="bench"), timezone.now()
    departments = {item.sector: item for item in Department.objects.filter(kind="authority").order_by("-pk")}
    states = {name: list(procedure(name).states) for name in ("lead", "penalty")}
    leads, projects = [], Project.objects.exclude(owner=None).order_by("pk")[:wanted]
    for number, project in enumerate(projects):
        shared = {"sector": project.sector, "region_code": project.region_code, "violation_code": "WF-07"}
        leads.append(
            Lead(
                lead_no=f"量〔2026〕{number}号",
                source="manual",
                title="涉嫌串通投标",
                facts="测量用",
                project=project,
                party_id=project.owner_id,
                severity="红",
                authority=departments.get(project.sector),
                received_at=now,
                state=states["lead"][number % len(states["lead"])],
                created_by=person,
                state_since=now,
                **shared,
            )
        )
    Lead.objects.bulk_create(leads, batch_size=500)
    Case.objects.bulk_create(
        (
            Case(
                lead=lead, project_id=lead.project_id, authority=lead.authority or departments["housing"], party_id=lead.party_id,
                party_identifier="x", party_address="x", cause="串通投标", facts="测量用", provisions="x", penalty_basis="x",
                conduct_date=date(2026, 1, 1), conduct_place="随州", proposed_by=person, proposal_note="x",
                filed_on=date(2026, 1 + number % 11, 1 + number % 28), sector=lead.sector, region_code=lead.region_code,
                state_since=now, violation_code="WF-07", state=states["penalty"][number % len(states["penalty"])],
            )
            for number, lead in enumerate(leads)
        ),
        batch_size=500,
    )  # fmt: skip


def people() -> dict[str, Any]:
    """The readers of the lists, one for each scope of `visible_to`, made when they are missing."""
    from wulian.core.accounts.choices import Role
    from wulian.core.accounts.models import Department, RoleGrant, User

    found = {}
    for username, word, department, roles in (
        ("bench", "监管办主任", "office", (Role.OFFICE_HEAD, Role.DISCIPLINE)),
        ("bench2", "市水利局承办人", "water", (Role.CASE_OFFICER,)),
        ("bench3", "县住建局承办人", "", (Role.CASE_OFFICER,)),
        ("bench4", "审计管理员", "office", (Role.AUDIT_ADMIN,)),
    ):
        place = Department.objects.filter(code=department) if department else Department.objects.filter(
            kind="authority", sector="housing", parent__isnull=False
        ).exclude(region_code="421300")  # fmt: skip
        person, new = User.objects.get_or_create(
            username=username, defaults={"full_name": word, "department": place.order_by("pk").first()}
        )
        if new:
            RoleGrant.objects.bulk_create(RoleGrant(user=person, role=role) for role in roles)
        found[word] = person
    return found


def lists_of(person: Any) -> Iterator[tuple[str, str, Any]]:
    """Every address without arguments whose page is a list, with its view."""
    from django.urls import get_resolver

    from wulian.core.ui.views import ListView

    def walk(patterns: Any, prefix: str) -> Iterator[tuple[str, Any]]:
        for item in patterns:
            route = prefix + str(item.pattern).removeprefix("^").removesuffix("$")
            if hasattr(item, "url_patterns"):
                yield from walk(item.url_patterns, route)
            elif "<" not in route and "(" not in route:
                view = getattr(item.callback, "view_class", None)
                if view is not None and issubclass(view, ListView):
                    yield route, item.callback

    for route, callback in walk(get_resolver().url_patterns, "/"):
        yield f"{callback.view_class.__name__}", route, callback


def questions(client: Any, url: str) -> Iterator[str]:
    """The ways to ask a list: plain, each filter, each order both ways, the last page; read off the page itself."""
    from django.test.utils import setup_test_environment, teardown_test_environment

    yield ""
    setup_test_environment(debug=False)  # answers carry the context of their templates
    context = client.get(url).context
    teardown_test_environment()
    if context is None or "table" not in context:
        return
    yield "page=999999"
    filterset = context.get("filter")
    for name, field in (filterset.form.fields if filterset is not None else {}).items():
        parts = getattr(field.widget, "suffixes", None)
        if parts:
            yield urlencode({f"{name}_{part}": RANGE[part] for part in parts})
        elif choices := [
            str(value) for value, _label in getattr(field, "choices", ()) if value not in ("", None)
        ]:
            for value in choices if len(choices) <= 5 else (choices[0], choices[-1]):
                yield urlencode({name: value})
        elif type(field).__name__ == "BooleanField":
            yield urlencode({name: "on"})
        else:
            yield urlencode({name: WORD})
    for column in getattr(context["table"], "columns", ()):
        if column.orderable:
            yield from (f"sort={column.name}", f"sort=-{column.name}")


class Meter:
    """Processor time of this process, and of the PostgreSQL server process that works for it."""

    def __init__(self) -> None:
        from django.db import connection

        self.server = 0
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.server = cursor.fetchone()[0]

    def now(self) -> float:
        """Milliseconds used so far."""
        used = time.process_time() * 1000
        if self.server:
            stat = Path(f"/proc/{self.server}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
            used += (int(stat[11]) + int(stat[12])) * 1000 / TICKS
        return used


def measure(client: Any, url: str, repeat: int, meter: Meter) -> tuple[float, float, int] | None:
    """Mean processor time, median time that passed (milliseconds), and queries; None when the page is refused."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
        queries = len(captured)
    if answer.status_code in (403, 404):
        return None
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    times, used = [], meter.now()
    for _ in range(repeat):
        started = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - started) * 1000)
    return (meter.now() - used) / repeat, statistics.median(times), queries


def build(options: argparse.Namespace) -> None:
    """Fill the city unless it is there."""
    from django.core.management import call_command
    from django.db import connection

    from wulian.core.accounts.services import seed_departments
    from wulian.information.alerts.services import refresh_alerts
    from wulian.information.registry.models import Project

    call_command("migrate", verbosity=0)
    if not Project.objects.exists():
        seed_departments()
        fill(options.projects)
        started = time.perf_counter()
        refresh_alerts()
        print(f"rules over the whole city: {time.perf_counter() - started:.1f} s")
    people()
    fill_alerts(ALERTS * options.projects // 20_000)
    fill_cases(CASES * options.projects // 20_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


def run(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.ALLOWED_HOSTS.append("testserver")

    from wulian.casework.cases.models import Case
    from wulian.core.ui.testing import sign_in
    from wulian.information.alerts.models import Alert
    from wulian.information.registry.models import Bid, Project

    build(options)
    counts = [f"{model.objects.count():,} {model._meta.model_name}s" for model in (Project, Bid, Alert, Case)]
    print(f"{', '.join(counts)}, {connection.vendor}")
    meter, all_rows = Meter(), []
    for word, person in people().items():
        if options.person and options.person not in word:
            continue
        client = sign_in(Client(), person)
        pages = [(name, route) for name, route, _view in lists_of(person)] + list(MORE.items())
        for name, route in pages:
            if options.only and options.only not in route:
                continue
            if client.get(route).status_code != 200:
                continue
            for query in questions(client, route) if "?" not in route else ("",):
                url = f"{route}?{query}" if query else route
                if found := measure(client, url, options.repeat, meter):
                    all_rows.append((*found, word, name, url))
    report(all_rows, options.limit)


def report(rows: list[tuple[float, float, int, str, str, str]], limit: int) -> None:
    """Print the slowest pages and how many are within 100 ms."""
    rows.sort(reverse=True)
    print(f"{'CPU ms':>8} {'ms':>8} {'queries':>8}")
    for used, passed, queries, person, name, url in rows[:limit]:
        print(f"{used:8.1f} {passed:8.1f} {queries:8d}  {person}  {name}  {url}")
    within = sum(used < 100 for used, *_rest in rows)
    print(
        f"{within} of {len(rows)} pages under 100 ms; median {statistics.median(row[0] for row in rows):.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--projects", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", default="", help="addresses that hold this text")
    parser.add_argument("--person", default="", help="readers whose name holds this text")
    parser.add_argument("--limit", type=int, default=60, help="how many of the slowest pages are printed")
    parser.add_argument("--keep", type=Path, help="folder in which the city of SQLite stays")
    options = parser.parse_args()
    with ExitStack() as stack:
        state = str(options.keep) if options.keep else stack.enter_context(tempfile.TemporaryDirectory())
        if options.database == "postgresql":
            import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres.server())
        else:
            os.environ.pop("DATABASE_URL", None)
        os.environ.update(
            WULIAN_VAR=state, DJANGO_SETTINGS_MODULE="wulian.core.config.settings", SECURE_TLS="0", LOG_LEVEL="ERROR",
            SECRET_KEY="a key for measuring only, long enough for the start-up check of settings",
        )  # fmt: skip
        run(options)


if __name__ == "__main__":
    main()
