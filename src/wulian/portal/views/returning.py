"""Coming back with number and code: where it stands, what was served, and what one still wants to say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from wulian.casework.dialogue import services as dialogue
from wulian.casework.intake import codes, sealing
from wulian.casework.intake.models import Matter, Receipt
from wulian.casework.intake.selectors import matters_of, receipt_for
from wulian.core.config.errors import Refusal
from wulian.core.documents.services import read_file
from wulian.portal import forms, pace, proof
from wulian.portal.evidence import receipt_document
from wulian.portal.holding import holding_of
from wulian.portal.selectors import matter_key, progress_of, served_documents
from wulian.portal.views.asking import SEEN, close_with_browser
from wulian.portal.views.base import PublicView
from wulian.portal.views.receipts import as_file


class StatusView(PublicView):
    """Number and code lead to the status; every wrong pair gets the same answer after the same work."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(forms.StatusForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.StatusForm(request.POST)
        wait = pace.seconds_to_wait(request)
        if wait and not proof.is_proven_once(request.POST.get("proof", "")):
            return self.ask_to_wait(form, wait)
        if not form.is_valid():
            return self.show(form, status=422)
        receipt = self.look_up(request, form)
        if receipt is None:
            return self.show(form, status=422)
        pace.forget_look_ups(request)
        sealing.put(request, SEEN, {"receipt": receipt.pk})
        close_with_browser(request)
        return HttpResponseRedirect(reverse("portal:progress"))

    def ask_to_wait(self, form: forms.StatusForm, wait: int) -> HttpResponse:
        """Wait, or let the browser work for it: the holder of a code always gets in."""
        text = ngettext(
            "Too many wrong entries. Please try again in %(n)s second; what you typed is kept.",
            "Too many wrong entries. Please try again in %(n)s seconds; what you typed is kept.",
            wait,
        )
        form.add_error(None, text % {"n": wait})
        response = self.show(form, status=429, challenge=proof.new_challenge(self.request))
        response.headers["Retry-After"] = str(wait)
        return response

    def look_up(self, request: HttpRequest, form: forms.StatusForm) -> Receipt | None:
        """The receipt, or None with the reason in the form."""
        try:
            receipt = receipt_for(**form.cleaned_data)
        except codes.BadCode:
            form.add_error(
                "code",
                _(
                    "This is not a whole code, or one sign is wrong. Codes hold no 0, O, 1, I or L; please compare."
                ),
            )
            return None
        if receipt is None:
            pace.note_wrong_look_up(request)
            form.add_error(
                None, _("Number and code do not belong together. Please compare both with your receipt.")
            )
        return receipt

    def show(self, form: forms.StatusForm, status: int = 200, **more: Any) -> HttpResponse:
        return render(self.request, "portal/status.html", {"form": form, **more}, status=status)


class ReturningView(PublicView):
    """A page for who has shown number and code; anybody else is asked for them, and what was typed is not lost."""

    receipt: Receipt

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("portal:progress"))

    def begin(self, request: HttpRequest) -> HttpResponse | None:
        """Find the receipt of this session."""
        seen = sealing.get(request, SEEN)
        receipt = Receipt.objects.filter(pk=seen["receipt"]).first() if seen else None
        if receipt is not None:
            self.receipt = receipt
            return None
        if request.method != "POST":
            return HttpResponseRedirect(reverse("portal:status"))
        typed = [request.POST[name] for name in ("text", "reason") if request.POST.get(name)]
        context = {"form": forms.StatusForm(), "typed": typed, "had_files": bool(request.FILES)}
        return render(request, "portal/status.html", context, status=403)

    def show(self, status: int = 200, returned: forms.EntryForm | None = None) -> HttpResponse:
        """The page of each matter with its forms, one of which may have come back."""
        rows = []
        for item in progress_of(self.receipt, get_language() or "zh"):
            dialogue.mark_read(matter=item.matter)
            own: dict[str, forms.EntryForm] = {name: kind(matter=item.key) for name, kind in FORMS.items()}
            if returned is not None and returned.key == item.key:
                own |= {name: returned for name, kind in FORMS.items() if isinstance(returned, kind)}
            rows.append((item, own))
        context = {"receipt": self.receipt, "rows": rows, "progress": [item for item, _own in rows]}
        return render(self.request, "portal/progress.html", context, status=status)


class ProgressView(ReturningView):
    """Where one's matter stands."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.begin(request) or self.show()


class ProofView(ReturningView):
    """The receipt with its place in the audit log, to keep and to verify; the code is not in it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if (elsewhere := self.begin(request)) is not None:
            return elsewhere
        document = receipt_document(self.receipt, with_content="content" in request.GET)
        content = json.dumps(document, ensure_ascii=False, indent=1)
        return as_file(content, "application/json", f"{self.receipt.number}.json")


class DocumentView(ReturningView):
    """A document that was served on the complainant."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if (elsewhere := self.begin(request)) is not None:
            return elsewhere
        for matter in matters_of(self.receipt):
            document = served_documents(matter).filter(pk=pk).first()
            if document is not None:
                content = read_file(document=document, kind="pdf", actor=None)
                return as_file(content, "application/pdf", f"{document.title}{document.document_no}.pdf")
        raise Http404


class EntryView(ReturningView):
    """What a reporter sends: a form, one service, and back to the page of the matter."""

    name = ""
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if (elsewhere := self.begin(request)) is not None:
            return elsewhere
        matter = self.matter(request.POST.get("matter", ""))
        form = FORMS[self.name](request.POST, matter=matter_key(matter))
        uploads = request.FILES.getlist("files") if form.takes_files else []
        # They wait from now on: whatever is refused below, nobody chooses them again.
        form.holding = holding_of(request, uploads, keep_original=not self.receipt.is_anonymous)
        if "remove" in request.POST:
            return self.show(200, form)
        if not form.is_valid() or form.holding.refused:
            return self.show(422, form)
        try:
            if not pace.may_write(request):
                raise Refusal(
                    _("Very much was sent in this hour; please go on later. What you typed is kept.")
                )
            SERVICES[self.name](matter, {**form.cleaned_data, "held": form.holding.tokens})
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            return self.show(422, form)
        return HttpResponseRedirect(
            f"{reverse('portal:progress')}?sent={self.name}#{self.name}-{matter_key(matter)}"
        )

    def matter(self, key: str) -> Matter:
        """The matter of this receipt that the form is about."""
        for matter in matters_of(self.receipt):
            if matter_key(matter) == key:
                return matter
        raise Http404


FORMS: dict[str, type[forms.EntryForm]] = {
    "message": forms.MessageForm,
    "supplement": forms.SupplementForm,
    "withdrawal": forms.WithdrawalForm,
    "satisfaction": forms.SatisfactionForm,
}
SERVICES: dict[str, Callable[[Matter, dict[str, Any]], Any]] = {
    "message": lambda matter, data: dialogue.send_message(actor=None, matter=matter, text=data["text"]),
    "supplement": lambda matter, data: dialogue.receive_supplement(
        matter=matter, text=data["text"], held=data["held"]
    ),
    "withdrawal": lambda matter, data: dialogue.request_withdrawal(
        matter=matter, reason=data["reason"], held=data["held"]
    ),
    "satisfaction": lambda matter, data: dialogue.rate_matter(
        matter=matter, score=data["score"], text=data["text"]
    ),
}
