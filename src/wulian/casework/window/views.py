"""The window: one page to enter what came in, kept at the desk while the line is down, and the receipt in two copies."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from wulian import crypto
from wulian.casework.intake.choices import OBJECTION_FIRST, MatterKind
from wulian.casework.intake.keys import secret
from wulian.casework.intake.permissions import WINDOW
from wulian.casework.window import selectors, services, slips
from wulian.casework.window.forms import MatterFormSet, WindowForm, delay_of
from wulian.casework.window.words import PAPERS, WORDS
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.parameters import FILE_MAX_BYTES, MIB, SUBJECT_MAX_FILES
from wulian.core.ui.views import FormServiceView, PageMixin
from wulian.core.ui.views.forms import add_refusal

WORKER = Path(__file__).parent / "static" / "window" / "worker.js"


class WindowMixin(PageMixin):
    roles = WINDOW
    wing = "casework"


@method_decorator(never_cache, name="dispatch")
class EntryView(WindowMixin, FormServiceView):
    """Enter complaints and tip-offs for somebody; the script of the page asks for JSON, a form sent without it gets pages."""

    form_class = WindowForm
    template_name = "window/entry.html"
    title = gettext_lazy("Window entry")
    submit_label = gettext_lazy("Store and print the receipt")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("X-Desk-Clerk", str(request.user.pk)) != str(request.user.pk):
            raise Forbidden(_("Another clerk has logged in at this computer since this page was opened."))
        form, self.matters = self.get_form(), MatterFormSet(request.POST, prefix="matters")
        # Both are asked, so that every mistake is shown at once.
        if all([form.is_valid(), self.matters.is_valid()]):
            return self.form_valid(form)
        return self.form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            issued = self.perform(form)
        except Refusal as refusal:
            found = self.matters.form_of(refusal.field)
            add_refusal(
                found[0] if found else form, Refusal(refusal.message, field=found[1]) if found else refusal
            )
            return self.form_invalid(form)
        slips.keep_slip(self.request, issued)
        address = reverse("window:slip", args=[issued.receipt.pk])
        if self.wants_json:
            return JsonResponse({"url": address, "number": issued.receipt.number}, status=201)
        return HttpResponseRedirect(address)

    def form_invalid(self, form: Any) -> HttpResponse:
        if not self.wants_json:
            return super().form_invalid(form)
        return JsonResponse({"errors": errors_of(form, self.matters)}, status=422)

    def perform(self, form: WindowForm) -> Any:
        data = form.cleaned_data
        forms = self.matters.forms
        materials = [data["materials"], *[""] * (len(forms) - 1)]
        said = form.statements()
        contents = [
            matter.content(statements=said, materials=text)
            for matter, text in zip(forms, materials, strict=True)
        ]
        may_be_anonymous = all(kind == MatterKind.TIP_OFF for kind, _content in contents)
        return services.enter_submission(
            actor=self.request.user,
            contents=contents,
            reporter=form.reporter(may_be_anonymous=may_be_anonymous),
            received_via=data["received_via"],
            received_at=data["received_at"],
            submission=data["submission"],
            transfer=form.transfer(),
            delay=delay_of(self.request.headers.get("X-Desk-Entry", "")),
            uploads=data["files"],
        )

    @property
    def wants_json(self) -> bool:
        return self.request.headers.get("Accept") == "application/json"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if "form" not in kwargs:
            self.matters = MatterFormSet(prefix="matters", initial=None)
        return {
            **super().get_context_data(**kwargs),
            "matters": self.matters,
            "bodies": selectors.bodies(),
            "objection_topics": " ".join(OBJECTION_FIRST),
            "file_mib": FILE_MAX_BYTES // MIB,
            "file_count": SUBJECT_MAX_FILES,
            "papers": PAPERS,
            "words": WORDS,
            "receipts": slips.kept_receipts(self.request),
        }


class ShellView(EntryView):
    """The page of the window without anything but its empty form: what a browser keeps for the hours without a line."""

    http_method_names = ["get"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "receipts": [], "shell_unread": 0}


class WorkerView(View):
    """The script that shows that page while the line is down; under this address it governs the window and nothing else."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


@method_decorator(never_cache, name="dispatch")
class KeyView(WindowMixin, View):
    """The key under which the browser of this clerk seals what waits for the line; it never leaves the memory of the page."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> JsonResponse:
        key = crypto.hmac(secret("window-desk"), f"clerk {request.user.pk}".encode())
        return JsonResponse({"key": base64.b64encode(key).decode()})


class ProjectsView(WindowMixin, View):
    """Dossiers for the list under the field."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> JsonResponse:
        rows = selectors.offered_projects(user=request.user, text=request.GET.get("q", ""))
        return JsonResponse({"found": [f"{row.project_code or row.source_key} {row.name}" for row in rows]})


class PartiesView(WindowMixin, View):
    """Departments and parties for the list under the field."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse(
            {"found": selectors.offered_parties(user=request.user, text=request.GET.get("q", ""))}
        )


@method_decorator(never_cache, name="dispatch")
class SlipView(WindowMixin, TemplateView):
    """A receipt issued in this session by this clerk, in two copies: one for the person, one for the file."""

    template_name = "window/slip.html"
    title = gettext_lazy("Receipt")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slip = slips.kept_slip(self.request, kwargs["pk"])
        if slip is None:
            raise Http404
        entry = selectors.entry_of(slip.matters[0])
        drawing = slips.verification_drawing(slip)
        return {
            **super().get_context_data(**kwargs),
            "slip": slip,
            "entry": entry,
            "verification_qr": drawing,
        }


def errors_of(form: Any, matters: Any) -> dict[str, list[str]]:
    """Return every error under the name its field has in the page; those of no field under an empty name."""
    found: dict[str, list[str]] = {}
    for part in (form, *matters.forms):
        for name, errors in part.errors.items():
            key = part.add_prefix(name) if name in part.fields else ""
            found.setdefault(key, []).extend(map(str, errors))
    found.setdefault("", []).extend(map(str, matters.non_form_errors()))
    return {name: errors for name, errors in found.items() if errors}
