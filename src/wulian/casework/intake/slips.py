"""The slip in somebody's hand: what a receipt page shows, and how its code survives a reload without being stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from wulian.casework.intake import sealing
from wulian.casework.intake.models import Matter, Receipt
from wulian.casework.intake.selectors import matters_of
from wulian.casework.intake.services import IssuedReceipt

SESSION_KEY: Final = "intake_slip"


@dataclass(frozen=True)
class Slip:
    """A receipt with its code, its matters, and the addresses to come back and to verify."""

    receipt: Receipt
    matters: list[Matter]
    code: str
    status_url: str
    verify_url: str

    @property
    def status_address(self) -> str:
        """Where to come back, without number and code."""
        return self.status_url.partition("#")[0]

    @property
    def status_qr(self) -> SafeString:
        """The way back as a drawing; number and code stand behind `#`, which browsers never send to a server."""
        return drawing(self.status_url)


def keep_slip(request: HttpRequest, issued: IssuedReceipt) -> None:
    """Keep the code in the session, sealed, so that the receipt page can be reloaded and printed."""
    sealing.put(request, SESSION_KEY, {"receipt": issued.receipt.pk, "code": issued.code})


def kept_slip(request: HttpRequest) -> Slip | None:
    """Return the slip of this session, or None."""
    kept = sealing.get(request, SESSION_KEY)
    receipt = Receipt.objects.filter(pk=kept["receipt"]).first() if kept else None
    return build_slip(request, receipt, kept["code"]) if kept and receipt else None


def forget_slip(request: HttpRequest) -> None:
    """Drop the code from the session."""
    sealing.drop(request, SESSION_KEY)


def build_slip(request: HttpRequest, receipt: Receipt, code: str) -> Slip:
    """Put together what a receipt page shows."""
    status = request.build_absolute_uri(reverse("portal:status"))
    return Slip(
        receipt=receipt,
        matters=matters_of(receipt),
        code=code,
        status_url=f"{status}#{receipt.year}-{receipt.sequence}.{quote(code)}",
        verify_url=request.build_absolute_uri(f"{reverse('portal:verify')}?{verify_query(receipt)}"),
    )


def verify_query(receipt: Receipt) -> str:
    """Return what the verification page needs, as a query string."""
    return urlencode(
        {
            "n": receipt.number,
            "t": timezone.localtime(receipt.received_at).isoformat(timespec="seconds"),
            "h": receipt.digest,
            "k": receipt.key_id,
            "s": receipt.signature,
        }
    )


def drawing(text: str) -> SafeString:
    """Return a QR code as inline SVG; segno writes only its own paths."""
    return mark_safe(
        segno.make(text, error="m", boost_error=False).svg_inline(scale=4, border=2, omitsize=True)
    )
