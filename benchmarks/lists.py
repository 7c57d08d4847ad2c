"""Server time and query count of each list and of a dossier at city scale, on PostgreSQL.

    .venv/bin/python benchmarks/lists.py [--projects 20000] [--repeat 9] [--only dossiers]

Builds the demonstration city's dossiers in a database of its own (about ten bids a lot), then asks each page of the
platform through Django's test client and prints the median time, the number of queries, and the ratio to a page of the
same frame that lists nothing (the notifications of a new user), which is the peer of the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import date
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]
PEER = "/notifications/"
PAGES = {
    "项目档案": "/dossiers/",
    "项目档案 按词": "/dossiers/?q=水库",
    "项目档案 按行业、县、阶段": "/dossiers/?sector=water&region=421321&stage=award",
    "项目档案 按投资额排序": "/dossiers/?sort=-total_investment",
    "项目档案 第100页": "/dossiers/?page=100",
    "标段": "/dossiers/lots/",
    "投标": "/dossiers/bids/",
    "投标 按报价排序": "/dossiers/bids/?sort=-price",
    "投标 按投标人": "/dossiers/bids/?tenderer=神农",
    "公告": "/dossiers/notices/",
    "合同": "/dossiers/contracts/",
    "主体": "/dossiers/parties/",
    "预警": "/alerts/",
    "搜索": "/search/?q=水库",
    "留痕": "/audit/",
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
        print(
            f"\r{entered} / {projects} ({entered / (time.perf_counter() - started):.0f} a second)",
            end="",
            flush=True,
        )
    print()


def measure(client: object, url: str, repeat: int) -> tuple[float, int]:
    """Median milliseconds and number of queries of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)  # type: ignore[attr-defined]
        queries = len(captured)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        client.get(url)  # type: ignore[attr-defined]
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times), queries


def run(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

    from wulian.core.accounts.choices import Role
    from wulian.core.accounts.models import Department, RoleGrant, User
    from wulian.core.accounts.services import seed_departments
    from wulian.core.ui.testing import sign_in
    from wulian.information.registry.models import Bid, Project

    call_command("migrate", verbosity=0)
    seed_departments()
    fill(options.projects)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    if options.alerts:
        from wulian.information.alerts.services import refresh_alerts

        started = time.perf_counter()
        refresh_alerts()
        print(f"rules over the whole city: {time.perf_counter() - started:.1f} s")
    head = User.objects.create(
        username="bench", full_name="测试", department=Department.objects.get(code="office")
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=head, role=role) for role in (Role.OFFICE_HEAD, Role.DISCIPLINE)
    )
    officer = User.objects.create(
        username="bench2", full_name="测试", department=Department.objects.get(code="water")
    )
    RoleGrant.objects.create(user=officer, role=Role.CASE_OFFICER)
    print(f"{Project.objects.count():,} projects, {Bid.objects.count():,} bids, {connection.vendor}")
    middle = Project.objects.order_by("id")[options.projects // 2].pk
    water = Project.objects.filter(sector="water").order_by("id")[50].pk
    for person, project in ((head, middle), (officer, water)):
        client = sign_in(Client(), person)
        peer, _queries = measure(client, PEER, options.repeat)
        print(f"\n{person.department} ({peer:.1f} ms for the empty page)")
        pages = {**PAGES, "档案页": f"/dossiers/{project}/"}
        if person is officer:
            pages.pop("留痕")
        for name, url in pages.items():
            median, queries = measure(client, url, options.repeat)
            print(f"{median:8.1f} ms {median / peer:6.1f} x {queries:4d} queries  {name}  {url}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--projects", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--no-alerts", dest="alerts", action="store_false", help="do not run the rules first")
    options = parser.parse_args()
    import postgres

    with postgres.server() as address, tempfile.TemporaryDirectory() as state:
        os.environ.update(
            DATABASE_URL=address, WULIAN_VAR=state, DJANGO_SETTINGS_MODULE="wulian.core.config.settings", SECURE_TLS="0",
            SECRET_KEY="a key for measuring only, long enough for the start-up check of settings", LOG_LEVEL="ERROR", ALLOWED_HOSTS="testserver",
        )  # fmt: skip
        run(options)


if __name__ == "__main__":
    main()
