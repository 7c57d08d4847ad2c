"""What the officers found and propose, and that it does not contradict itself (REFERENCE CH-11, CH-16, CH-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wulian.casework.handling.choices import (
    MALICIOUS_GROUNDS,
    UNCORRECTABLE,
    DismissalGround,
    Measure,
    Result,
)
from wulian.casework.handling.services.guards import check_words
from wulian.core.config.errors import Refusal
from wulian.law.violations import violations


@dataclass(frozen=True)
class Finding:
    """What the officers found and propose; `orders` is the operative part, one order a line."""

    respondent_address: str
    defence: str
    facts: str
    opinion: str
    basis: str
    result: str
    orders: str
    ground: str = ""
    measures: Sequence[str] = ()
    uncorrectable: bool = False
    punishable: bool = False
    violation_code: str = ""
    summary: str = ""
    malicious: bool = False
    malicious_grounds: str = ""


def check_finding(finding: Finding) -> None:
    """Raise Refusal naming the field when the finding is incomplete or contradicts itself (CH-11, CH-16, CH-19)."""
    for field, label in (
        ("respondent_address", _("Address of the respondent")),
        ("defence", _("Defence of the respondent")),
        ("facts", _("Facts found")),
        ("opinion", _("Opinion and reasons")),
        ("basis", _("Legal basis")),
        ("orders", _("Operative part")),
    ):
        check_words(getattr(finding, field), field, label, at_least=4)
    if finding.result == Result.DISMISSED:
        _check_dismissal(finding)
    else:
        _check_upheld(finding)
    if finding.malicious:
        if finding.result != Result.DISMISSED or finding.ground not in MALICIOUS_GROUNDS:
            raise Refusal(
                _("Malicious: only a complaint dismissed as fabricated, forged or based on illegally obtained evidence can be; a mistake is not malicious."),
                field="malicious",
            )  # fmt: skip
        check_words(finding.malicious_grounds, "malicious_grounds", _("Grounds of that finding"), at_least=10)


def _check_dismissal(finding: Finding) -> None:
    if finding.ground not in DismissalGround.values:
        raise Refusal(_("Ground: a complaint is dismissed on one of the three grounds."), field="ground")
    if finding.measures or finding.punishable:
        raise Refusal(
            _("Measures: a complaint that is dismissed leads to no measure and no penalty."), field="measures"
        )


def _check_upheld(finding: Finding) -> None:
    if finding.ground:
        raise Refusal(_("Ground: it is for a dismissal only."), field="ground")
    unknown = set(finding.measures) - set(Measure.values)
    if unknown or not finding.measures:
        raise Refusal(_("Measures: choose what is ordered."), field="measures")
    if UNCORRECTABLE & set(finding.measures) and not finding.uncorrectable:
        raise Refusal(
            _("Measures: tender, bid or award are void only when the fault cannot be corrected and has affected the result."),
            field="uncorrectable",
        )  # fmt: skip
    if finding.punishable:
        if finding.violation_code not in violations():
            raise Refusal(_("Violation: choose the one of the penalty catalogue."), field="violation_code")
        check_words(finding.summary, "summary", _("Summary for the lead"), at_least=10)
