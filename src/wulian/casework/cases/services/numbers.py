"""Numbers without gaps: taken under a row lock, given back when the transaction rolls back."""

from __future__ import annotations

from django.utils import timezone

from wulian.casework.cases.models import NumberSequence
from wulian.core.accounts.models import Department

LEADS = "lead"


def next_number(scope: str, year: int) -> int:
    """Return the next number of a scope in a year; call it inside the transaction that uses it."""
    NumberSequence.objects.get_or_create(scope=scope, year=year)
    sequence = NumberSequence.objects.select_for_update().get(scope=scope, year=year)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def next_lead_number() -> str:
    """Return the next lead number of this year, such as 线索〔2026〕12号."""
    year = timezone.localdate().year
    return f"线索〔{year}〕{next_number(LEADS, year)}号"


def next_case_number(authority: Department) -> tuple[int, int, str]:
    """Return (year, number, 案号) of the next case of an authority, such as 随住更案〔2026〕3号."""
    year = timezone.localdate().year
    number = next_number(f"case:{authority.pk}", year)
    return year, number, f"{authority.document_prefix}案〔{year}〕{number}号"
