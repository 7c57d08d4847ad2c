"""The receipt, what one takes away of it, and its verification."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wulian.casework.intake.models import Receipt
from wulian.casework.intake.selectors import verify_receipt
from wulian.casework.intake.slips import Slip, build_slip, kept_slip
from wulian.crypto import UnknownKey
from wulian.portal import forms, paper, verification
from wulian.portal.drafts import draft_of
from wulian.portal.evidence import find_public_key, public_keys, receipt_document
from wulian.portal.selectors import progress_of
from wulian.portal.views.base import PublicView

VERIFIER = Path(__file__).resolve().parents[1] / "static" / "portal" / "verifier.js"


def slip_of(request: HttpRequest) -> Slip | None:
    """The receipt this browser has just been given: from the session, or from the draft that it was sent from."""
    found = kept_slip(request)
    if found is not None:
        return found
    sent = draft_of(request).sent
    receipt = Receipt.objects.filter(pk=sent["receipt"]).first() if sent else None
    return build_slip(request, receipt, sent["code"]) if receipt else None


class ReceiptView(PublicView):
    """The receipt just issued, with its code; it is shown in this browser only."""

    def get(self, request: HttpRequest) -> HttpResponse:
        slip = slip_of(request)
        if slip is None:
            return HttpResponseRedirect(reverse("portal:status"))
        progress = progress_of(slip.receipt, get_language() or "zh")
        return render(request, "portal/receipt.html", {"slip": slip, "progress": progress})


class SaveReceiptView(PublicView):
    """The receipt as one page to keep: it opens without network, prints on A4, and can be verified."""

    def get(self, request: HttpRequest) -> HttpResponse:
        slip = slip_of(request)
        if slip is None:
            return HttpResponseRedirect(reverse("portal:status"))
        document = receipt_document(slip.receipt, with_content=True)
        context = {"slip": slip, "matters": paper.written(slip), "document": as_json(document)}
        content = render_to_string("portal/receipt_file.html", context)
        return as_file(content, "text/html; charset=utf-8", f"{slip.receipt.number}.html")


class PaperReceiptView(PublicView):
    """The receipt as PDF, for who keeps papers; the proof is attached to it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        slip = slip_of(request)
        if slip is None:
            return HttpResponseRedirect(reverse("portal:status"))
        return as_file(paper.receipt_pdf(slip), "application/pdf", f"{slip.receipt.number}.pdf")


class VerifyView(PublicView):
    """Is this receipt ours? Answered from signatures alone; nothing about any matter is looked up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = any(name in request.GET for name in forms.VerifyForm.base_fields)
        form = forms.VerifyForm(request.GET if asked else None)
        context: dict[str, Any] = {"form": form}
        if asked and form.is_valid():
            data = form.cleaned_data
            text = "\n".join((verification.HEADING, data["n"], data["t"], data["h"]))
            context["genuine"] = verify_receipt(text=text, signature=data["s"], key_id=data["k"])
        return self.show(context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Verify a saved receipt; it is read in memory and not kept."""
        upload = request.FILES.get("file")
        context: dict[str, Any] = {"form": forms.VerifyForm()}
        try:
            if upload is None or (upload.size or 0) > verification.LONGEST_FILE:
                raise verification.Unreadable
            document = verification.read_receipt(upload.read().decode())
            verdict = verification.verify(document, find_public_key)
            confirmed = parse_datetime(verdict.checkpoint) if verdict.logged else None
            context |= {"verdict": verdict, "confirmed": confirmed}
        except ValueError:
            context["unreadable"] = _("This file is not a receipt saved from this page.")
        return self.show(context, status=422 if "unreadable" in context else 200)

    def show(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        key_ids = [key_id for key_id, _pem in public_keys()]
        return render(self.request, "portal/verify.html", {**context, "key_ids": key_ids}, status=status)


class VerifierView(PublicView):
    """The verification as one file that works without us and without network, with today's public keys inside."""

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "script": mark_safe(VERIFIER.read_text(encoding="utf-8")),
            "keys": as_json(dict(public_keys())),
        }
        content = render_to_string("portal/verifier.html", context)
        return as_file(content, "text/html; charset=utf-8", "receipt-verifier.html")


class KeyView(PublicView):
    """A public key, for whoever wants to verify without us."""

    def get(self, request: HttpRequest, key_id: str) -> HttpResponse:
        try:
            pem = find_public_key(key_id).public_pem
        except UnknownKey:
            raise Http404 from None
        return HttpResponse(pem, content_type="application/x-pem-file")


def as_json(value: Any) -> str:
    """Return JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def as_file(content: bytes | str, media_type: str, name: str) -> HttpResponse:
    """Return something to save, never to be shown in place."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
