"""雷同性分析 on the last day: the bids of one lot are compared, one finding waits for the decision of a head."""

from __future__ import annotations

from django.db.models import Count

from wulian.demo.scenes.base import Scene
from wulian.information.comparison.example.seeding import BIDDERS, seed_comparison, seed_earlier
from wulian.information.registry.models import Lot


def compare_bids(scene: Scene) -> None:
    """Four bidders of the latest opened lot of 市住更局: two of them share passages, a private change and an author.

    A third has a passage of another bidder's bid for the lot before.
    """
    opened = Lot.objects.filter(
        ended_at=None,
        project__sector="housing",
        project__region_code="421300",
        opening__actual_at__date__lt=scene.today(),
    )
    opened = opened.annotate(bidders=Count("bids__tenderer", distinct=True)).filter(bidders__gte=BIDDERS)
    lot, earlier = opened.order_by("-pk")[:2]
    uploader = scene.cast["housing-officer1"]
    seed_earlier(lot=earlier, later=lot, uploader=uploader)
    seed_comparison(
        lot=lot,
        uploader=uploader,
        first=scene.cast["housing-officer1"],
        second=scene.cast["housing-officer2"],
    )
