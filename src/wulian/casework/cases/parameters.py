"""Parameters of the house (REFERENCE confidence E or U): not law, changed here with a reason in the commit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

STATEMENT_WORKING_DAYS: Final = 5
"""陈述申辩期限: 行政处罚法 第四十四条、第四十五条 fix none; many rules give 3 to 5."""

HEARING_WORKING_DAYS: Final = 5
"""听证申请期限 (行政处罚法 第六十四条第一项、第八十五条) [V]."""

HEARING_UNIT_FINE: Final = Decimal("10000")
"""较大数额罚款 in 元 for a unit: Hubei's threshold is not verified, so a hearing is offered early rather than late."""

HEARING_PERSON_FINE: Final = Decimal("1000")
"""The same for a natural person."""

LIMITATION_YEARS: Final = 2
"""追责时效 (行政处罚法 第三十六条第一款) [V]; five years where life, health or finance is harmed."""

FIRST_TIME_YEARS: Final = 2
"""初次违法: no decision for the same violation in so many years (the law gives no number)."""

EVIDENCE_MAX_BYTES: Final = 20 * 1024 * 1024
EVIDENCE_SUFFIXES: Final = frozenset(
    {".pdf", ".doc", ".docx", ".xls", ".xlsx", ".csv", ".txt", ".json", ".xml", ".jpg", ".jpeg", ".png",
     ".mp3", ".wav", ".mp4", ".zip", ".ofd", ".eml"}
)  # fmt: skip
