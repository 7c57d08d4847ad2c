"""Pages of the public: no login, one question a page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView, View

from wulian.casework.intake import codes, keys, sealing
from wulian.casework.intake.choices import OBJECTION_FIRST
from wulian.casework.intake.models import Receipt
from wulian.casework.intake.selectors import filing_limit_of, receipt_for, verify_receipt
from wulian.casework.intake.slips import forget_slip, keep_slip, kept_slip
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.config.errors import Refusal
from wulian.crypto import UnknownKey
from wulian.office.jurisdiction.selectors import region_name
from wulian.portal import forms, pace, proof, wizard
from wulian.portal.drafts import Draft, draft_of, forget_draft
from wulian.portal.selectors import competent_for_complaints, find_public_projects, progress_of

SEEN = "portal_seen"


class StartView(TemplateView):
    """What one can do here."""

    template_name = "portal/start.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = draft_of(self.request)
        open_step = "" if draft.is_empty else wizard.first_open(draft)
        return {**super().get_context_data(**kwargs), "open_step": open_step}


@method_decorator(never_cache, name="dispatch")
class StepView(View):
    """One question: shown with the earlier answer, kept when it is answered, back with the error when it is not."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.draft = draft_of(request)
        self.step = wizard.BY_KEY.get(kwargs["step"])
        if self.step is None:
            raise Http404
        if not self.step.applies(self.draft):
            return HttpResponseRedirect(address_of(wizard.first_open(self.draft)))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, step: str) -> HttpResponse:
        form = self.step.form(initial=self.draft.answers.get(step), draft=self.draft)
        return self.show(form)

    def post(self, request: HttpRequest, step: str) -> HttpResponse:
        if step == "project" and "search" in request.POST:
            return self.search(request)
        form = self.step.form(request.POST, draft=self.draft)
        if not form.is_valid():
            return self.show(form, status=422)
        self.draft.answers[step] = form.answers()
        self.draft.save(request)
        return HttpResponseRedirect(address_of(wizard.next_after(self.draft, step)))

    def search(self, request: HttpRequest) -> HttpResponse:
        """Show the projects that fit; the words typed stay."""
        form = self.step.form(request.POST, draft=self.draft)
        text = request.POST.get("project_text", "").strip()[:300]
        found = find_public_projects(text) if text else []
        return self.show(form, status=200 if text else 422, found=found, searched=text)

    def show(self, form: forms.StepForm, status: int = 200, **more: Any) -> HttpResponse:
        draft, key = self.draft, self.step.key
        place, total = wizard.position_of(draft, key)
        context = {
            "form": form,
            "step": self.step,
            "draft": draft,
            "place": place,
            "total": total,
            "back": address_of(wizard.previous_of(draft, key)),
            "objection_article": OBJECTION_FIRST.get(draft.topic, ""),
            **more,
        }
        return render(self.request, [f"portal/steps/{key}.html", "portal/step.html"], context, status=status)


@method_decorator(never_cache, name="dispatch")
class CheckView(View):
    """The answers once more; sending them issues the receipt."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.draft = draft_of(request)
        open_step = wizard.first_open(self.draft)
        if open_step != wizard.CHECK:
            # Sent twice: the draft is gone because the receipt is there.
            sent = self.draft.is_empty and request.method == "POST" and kept_slip(request) is not None
            return HttpResponseRedirect(reverse("portal:receipt") if sent else address_of(open_step))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(forms.CheckForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.CheckForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        if not proof.is_proven(request, self.draft, form.cleaned_data["proof"]):
            form.add_error(
                None,
                _("Your browser had not finished its calculation. Nothing is lost: please send it again."),
            )
            return self.show(form, status=422)
        try:
            issued = wizard.submit(self.draft)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.show(form, status=422, fix=address_of(wizard.step_of_field(refusal.field)))
        pace.note_submission(request)
        keep_slip(request, issued)
        forget_draft(request)
        return HttpResponseRedirect(reverse("portal:receipt"))

    def show(self, form: forms.CheckForm, status: int = 200, fix: str = "") -> HttpResponse:
        draft, limit = self.draft, _limit_hint(self.draft)
        draft.reviewed = True
        challenge = proof.new_challenge(self.request, draft)
        draft.save(self.request)
        context = {
            "form": form,
            "draft": draft,
            "rows": wizard.answer_rows(draft),
            "personal": wizard.personal_data_found(draft),
            "limit": limit,
            "limit_passed": limit is not None and limit.due < timezone.localdate(),
            "challenge": challenge,
            "fix": fix,
            "back": address_of(wizard.previous_of(draft, wizard.CHECK)),
        }
        return render(self.request, "portal/check.html", context, status=status)


class ForgetView(View):
    """Throw the draft away, on a shared computer for instance."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        forget_draft(request)
        forget_slip(request)
        sealing.drop(request, SEEN)
        return HttpResponseRedirect(reverse("portal:start") + "?forgotten=1")


@method_decorator(never_cache, name="dispatch")
class ReceiptView(TemplateView):
    """The receipt just issued, with its code; it is shown from this session only."""

    template_name = "portal/receipt.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.slip = kept_slip(request)
        if self.slip is None:
            return HttpResponseRedirect(reverse("portal:status"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        progress = progress_of(self.slip.receipt, get_language() or "zh")
        return {**super().get_context_data(**kwargs), "slip": self.slip, "progress": progress}


@method_decorator(never_cache, name="dispatch")
class StatusView(View):
    """Number and code lead to the status; every wrong pair gets the same answer after the same work."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(forms.StatusForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.StatusForm(request.POST)
        wait = pace.seconds_to_wait(request)
        if wait:
            text = ngettext(
                "Too many wrong entries. Please try again in %(n)s second; what you typed is kept.",
                "Too many wrong entries. Please try again in %(n)s seconds; what you typed is kept.",
                wait,
            )
            form.add_error(None, text % {"n": wait})
            response = self.show(form, status=429)
            response.headers["Retry-After"] = str(wait)
            return response
        if not form.is_valid():
            return self.show(form, status=422)
        receipt = self.look_up(request, form)
        if receipt is None:
            return self.show(form, status=422)
        pace.forget_look_ups(request)
        sealing.put(request, SEEN, {"receipt": receipt.pk})
        return HttpResponseRedirect(reverse("portal:progress"))

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

    def show(self, form: forms.StatusForm, status: int = 200) -> HttpResponse:
        return render(self.request, "portal/status.html", {"form": form}, status=status)


@method_decorator(never_cache, name="dispatch")
class ProgressView(TemplateView):
    """Where one's matter stands."""

    template_name = "portal/progress.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seen = sealing.get(request, SEEN)
        self.receipt = Receipt.objects.filter(pk=seen["receipt"]).first() if seen else None
        if self.receipt is None:
            return HttpResponseRedirect(reverse("portal:status"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "receipt": self.receipt,
            "progress": progress_of(self.receipt, get_language() or "zh"),
        }


class VerifyView(View):
    """Is this receipt ours? Answered from the signature alone; nothing about any matter is looked up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = any(name in request.GET for name in forms.VerifyForm.base_fields)
        form = forms.VerifyForm(request.GET if asked else None)
        context: dict[str, Any] = {"form": form}
        if asked and form.is_valid():
            data = form.cleaned_data
            text = "\n".join(("五联收件回执", data["n"], data["t"], data["h"]))
            context["genuine"] = verify_receipt(text=text, signature=data["s"], key_id=data["k"])
        return render(request, "portal/verify.html", context)


class KeyView(View):
    """The public key of receipts, for whoever wants to verify without us."""

    def get(self, request: HttpRequest, key_id: str) -> HttpResponse:
        try:
            pem = keys.receipt_verifier(key_id).public_pem
        except UnknownKey:
            raise Http404 from None
        return HttpResponse(pem, content_type="application/x-pem-file")


class ObjectionView(TemplateView):
    """How to raise an objection first, and until when (实施条例 第二十二条、第四十四条、第五十四条)."""

    template_name = "portal/objection.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        topic = self.request.GET.get("topic", "")
        return {**super().get_context_data(**kwargs), "topic": topic}


class PublishedView(TemplateView):
    """Who handles what, on which legal basis, within which time."""

    template_name = "portal/published.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules = list(competent_for_complaints())
        regions: dict[str, list[Any]] = {}
        for rule in rules:
            regions.setdefault(region_name(rule.region_code), []).append(rule)
        office = Department.objects.filter(kind=DepartmentKind.COORDINATING_OFFICE, is_active=True).first()
        return {
            **super().get_context_data(**kwargs),
            "regions": regions,
            "demonstration": any(rule.is_demonstration for rule in rules),
            "office": office,
            "key_id": keys.receipt_signer().key_id,
        }


def address_of(step: str) -> str:
    """The address of a question; of the start for none."""
    if not step:
        return reverse("portal:start")
    return reverse("portal:check") if step == wizard.CHECK else reverse("portal:step", args=[step])


def _limit_hint(draft: Draft) -> Any:
    """The last day to complain for these answers, with whether it has passed; None for a report."""
    known = draft.answer("when", "knew_on")
    if not draft.is_complaint or not known:
        return None
    days = [draft.answer("objection", name) for name in ("objection_on", "objection_replied_on")]
    raised, replied = (date.fromisoformat(day) if day else None for day in days)
    return filing_limit_of(draft.topic, date.fromisoformat(known), raised, replied)
