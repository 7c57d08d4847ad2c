"""Server time of every list at city scale: each filter and each order, as several roles, on SQLite or PostgreSQL.

    .venv/bin/python benchmarks/lists.py [--database sqlite|postgresql] [--projects 20000] [--repeat 5] [--keep FOLDER]
    .venv/bin/python benchmarks/lists.py --only alerts --limit 50

Builds the demonstration city's dossiers (about eleven bids a lot), judges the rules over it, fills up to 50,000 alerts, 10,000
cases, 10,000 complaints and what else lists show (lists_city.py), then asks every list page that the addresses of the platform
have, plain, with each of its filters, in each of its orders both ways and on its last page, through Django's test client. With `--keep` the SQLite city stays in that folder for the next
run; PostgreSQL is kept by a DATABASE_URL that names a server.

Printed are the median milliseconds of processor time a page (this process, and PostgreSQL's for its part), the median that
passed, and the queries. Wall time is what a busy machine makes of it; processor time is what the page costs.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts"), str(ROOT / "benchmarks")]
TICKS = os.sysconf("SC_CLK_TCK")
TARGET = 100
WORD = "水库"
RANGE = {"after": "2026-01-01", "before": "2026-06-30", "min": "1000000", "max": "9000000"}
MORE = {
    "工作台": "/",
    "工作台 第3页": "/?page=3",
    "通知": "/notifications/",
    "总览": "/numbers/",
    "部门": "/accounts/departments/",
    "导入": "/dossiers/imports/",
    "条款模式": "/findings/patterns/",
    "开标大厅": "/supervision/",
    "投诉处理结果公开": "/handling/public/",
    "投诉处理结果公开 查找": "/handling/public/?q=水库",
    "搜索": "/search/?q=水库",
    "项目档案 第100页": "/dossiers/?page=100",
    "组合筛选": "/dossiers/?sector=water&region=421321&stage=award",
    "规则": "/alerts/rules/",
    "疑点": "/alerts/rules/hints/",
}


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
        ("bench5", "窗口受理员", "office", (Role.CLERK,)),
        ("bench6", "监管办调度", "office", (Role.DISPATCHER,)),
        ("bench7", "市水利局负责人", "water", (Role.SECTION_HEAD,)),
        ("bench8", "系统管理员", "office", (Role.SYSTEM_ADMIN,)),
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
        elif type(field.widget).__name__ == "CheckboxInput":
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
    import lists_city
    from django.core.management import call_command
    from django.db import connection

    from wulian.core.accounts.services import seed_departments
    from wulian.information.alerts.services import refresh_alerts
    from wulian.information.registry.models import Project

    call_command("migrate", verbosity=0)
    if not Project.objects.exists():
        seed_departments()
        lists_city.fill_dossiers(options.projects)
        started = time.perf_counter()
        refresh_alerts()
        print(f"rules over the whole city: {time.perf_counter() - started:.1f} s")
    people()
    lists_city.fill(options.projects / 20_000)
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
    from wulian.casework.intake.models import Complaint
    from wulian.core.ui.testing import sign_in
    from wulian.information.alerts.models import Alert
    from wulian.information.registry.models import Bid, Project

    build(options)
    counts = [
        f"{model.objects.count():,} {model._meta.model_name}s"
        for model in (Project, Bid, Alert, Case, Complaint)
    ]
    print(f"{', '.join(counts)}, {connection.vendor}")
    meter, all_rows = Meter(), []
    gc.collect()
    gc.freeze()  # as the web server does when it has started
    atexit.register(gc.unfreeze)
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
            before = len(all_rows)
            for query in questions(client, route) if "?" not in route else ("",):
                url = f"{route}?{query}" if query else route
                found = measure(client, url, options.repeat, meter)
                if found and found[0] > TARGET:  # one bad moment of a busy machine is not the page
                    found = measure(client, url, 3 * options.repeat, meter)
                if found:
                    all_rows.append((*found, word, name, url))
            used, *_rest, slowest = max(all_rows[before:])
            print(
                f"{word} {name}: {len(all_rows) - before} pages, at most {used:.0f} ms {slowest}", flush=True
            )
    report(all_rows, options.limit)


def report(rows: list[tuple[float, float, int, str, str, str]], limit: int) -> None:
    """Print the slowest pages and how many are within 100 ms."""
    rows.sort(reverse=True)
    print(f"{'CPU ms':>8} {'ms':>8} {'queries':>8}")
    for used, passed, queries, person, name, url in rows[:limit]:
        print(f"{used:8.1f} {passed:8.1f} {queries:8d}  {person}  {name}  {url}")
    within = sum(used < TARGET for used, *_rest in rows)
    print(
        f"{within} of {len(rows)} pages under {TARGET} ms; median {statistics.median(row[0] for row in rows):.1f} ms"
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
