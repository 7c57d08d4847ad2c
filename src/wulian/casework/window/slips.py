"""The receipts that this session of a clerk may print again; their codes exist nowhere else."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.safestring import SafeString

from wulian.casework.intake import sealing
from wulian.casework.intake.models import Receipt
from wulian.casework.intake.services import IssuedReceipt
from wulian.casework.intake.slips import Slip, build_slip, drawing

SESSION_KEY: Final = "window_slips"
KEPT: Final = 20


def keep_slip(request: HttpRequest, issued: IssuedReceipt) -> None:
    """Keep receipt and code in the session, sealed; the oldest of more than twenty falls out."""
    kept = [row for row in _kept(request) if row[0] != issued.receipt.pk]
    rows = [*kept, (issued.receipt.pk, issued.code)][-KEPT:]
    sealing.put(request, SESSION_KEY, {"rows": rows})


def kept_slip(request: HttpRequest, pk: int) -> Slip | None:
    """Return the slip of one receipt that this clerk entered in this session, or None."""
    code = dict(_kept(request)).get(pk)
    receipt = Receipt.objects.filter(pk=pk, entered_by=request.user.pk).first() if code else None
    return build_slip(request, receipt, code) if receipt and code else None


def kept_receipts(request: HttpRequest) -> list[Receipt]:
    """Return the receipts whose slips this session can still print, the newest first."""
    keys = [pk for pk, _code in _kept(request)]
    rows = Receipt.objects.filter(pk__in=keys, entered_by=request.user.pk)
    return list(rows.select_related("window_entry").order_by("-pk"))


def verification_drawing(slip: Slip) -> SafeString:
    """Return the QR of the copy for the file: it verifies the receipt and opens nothing."""
    return drawing(slip.verify_url)


def _kept(request: HttpRequest) -> list[tuple[int, str]]:
    kept = sealing.get(request, SESSION_KEY) or {}
    return [(int(pk), str(code)) for pk, code in kept.get("rows", [])]
