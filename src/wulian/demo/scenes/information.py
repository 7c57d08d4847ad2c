"""What the wing 信息联通 holds on the last day: openings, papers with clauses, projects under control, the monthly report."""

from __future__ import annotations

from wulian.core.accounts.models import Department, User
from wulian.dashboards.services import seed_briefing
from wulian.demo.scenes.base import Scene
from wulian.information.alerts.seeding import seed_control_list, seed_orders
from wulian.information.findings.example.seeding import seed_findings
from wulian.information.registry.models import Lot
from wulian.information.supervision.demonstration import seed_supervision


def open_today(scene: Scene) -> None:
    """Three openings of today: one finished, one running, one to come."""
    seed_supervision(departments=[scene.department("office")])


def scan_papers(scene: Scene) -> None:
    """The notice and the bidding documents of a lot are scanned, and some of the clauses judged."""
    lot = Lot.objects.filter(ended_at=None, project__sector="housing", project__region_code="421300").latest(
        "pk"
    )
    seed_findings(lot=lot, uploader=scene.cast["dispatcher"], judge=scene.cast["housing-officer1"])


def take_control(scene: Scene) -> None:
    """The projects with most against them are put under control, and the gravest alerts are ordered to be judged."""

    def officer_of(department: Department) -> User:
        return scene.cast.of(department, "officer1")

    director = scene.cast["director"]
    seed_control_list(dispatcher=scene.cast["dispatcher"], office_head=director, officer_of=officer_of)
    seed_orders(office_head=director, officer_of=officer_of)


def brief(scene: Scene) -> None:
    """The report for the data-analysis meeting."""
    seed_briefing(actor=scene.cast["dispatcher"])
