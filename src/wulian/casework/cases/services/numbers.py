"""How leads and cases are numbered."""

from __future__ import annotations

from django.utils import timezone

from wulian.core.accounts.models import Department
from wulian.core.config.numbers import next_number

LEADS = "lead"


def next_lead_number() -> str:
    """Return the next lead number of this year, such as 线索〔2026〕12号."""
    year = timezone.localdate().year
    return f"线索〔{year}〕{next_number(LEADS, year)}号"


def next_case_number(authority: Department) -> tuple[int, int, str]:
    """Return (year, number, 案号) of the next case of an authority, such as 随住更案〔2026〕3号."""
    year = timezone.localdate().year
    number = next_number(f"case:{authority.pk}", year)
    return year, number, f"{authority.document_prefix}案〔{year}〕{number}号"
