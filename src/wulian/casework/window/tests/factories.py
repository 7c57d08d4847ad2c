"""What a clerk types at the window."""

from __future__ import annotations

from wulian.casework.intake.tests import factories as intake

FACTS = "开标时三家投标文件由同一台电脑编制，报价呈规律性差异。"


def entry(*matters, **changes):
    """The fields of a complaint at the window; `matters` change the fields of each matter, one complaint without them."""
    values = {
        "submission": "ab" * 32,
        "received_via": "window",
        "received_at": "2026-09-29 10:00",
        "materials": "投诉书 1份 原件\n营业执照 1份 复印件",
        "reporter_kind": "unit",
        "name": intake.NAME,
        "phone": intake.PHONE,
        "address": intake.ADDRESS,
        "matters-TOTAL_FORMS": str(max(len(matters), 1)),
        "matters-INITIAL_FORMS": "0",
    }
    for place, own in enumerate(matters or ({},)):
        matter = {
            "kind": "complaint",
            "topic": "collusion",
            "relation": "bidder",
            "project": "府河南岸道路改造工程",
            "respondent_name": intake.RESPONDENT,
            "facts": FACTS,
            "request": "请依法查处串通投标行为。",
            "knew_on": "20260924",
        }
        values |= {f"matters-{place}-{name}": value for name, value in {**matter, **own}.items()}
    return {**values, **changes}


def transferred(*matters, **changes):
    """The same, handed on by 市住更局 with a letter."""
    own = {
        "received_via": "transferred",
        "transferred_by": "随州市住房和城市更新局",
        "document_number": "随住更函〔2026〕31号",
        "first_received_on": "2026-09-25",
    }
    return entry(*matters, **{**own, **changes})
