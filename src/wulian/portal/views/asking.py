"""The questions, the files, the page of answers, and the way back to a draft."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake import codes, sealing
from wulian.casework.intake.choices import OBJECTION_FIRST
from wulian.casework.intake.selectors import filing_limit_of
from wulian.casework.intake.slips import forget_slip, keep_slip, kept_slip
from wulian.core.config.errors import Refusal
from wulian.core.files.services import HeldFile, drop_held
from wulian.portal import drafts, forms, pace, proof, wizard
from wulian.portal.drafts import Draft, draft_of, forget_draft
from wulian.portal.hints import may_be_known
from wulian.portal.holding import take_in
from wulian.portal.selectors import find_public_projects
from wulian.portal.views.base import PublicView

SEEN = "portal_seen"


class StartView(PublicView):
    """What one can do here."""

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = draft_of(request)
        open_step = "" if draft.is_empty else wizard.first_open(draft)
        return render(request, "portal/start.html", {"open_step": open_step, "sent": draft.sent})


class StepView(PublicView):
    """One question: shown with the earlier answer, kept when it is answered, back with the error when it is not."""

    key = ""

    def get(self, request: HttpRequest, step: str = "") -> HttpResponse:
        if (elsewhere := self.begin(request)) is not None:
            return elsewhere
        return self.show(self.step.form(initial=self.draft.answers.get(self.key), draft=self.draft))

    def post(self, request: HttpRequest, step: str = "") -> HttpResponse:
        if (elsewhere := self.begin(request)) is not None:
            return elsewhere
        if self.key == "project" and "search" in request.POST:
            return self.search(request)
        form = self.step.form(request.POST, draft=self.draft)
        if not form.is_valid():
            return self.show(form, status=422)
        if self.key == "topic":
            self.draft.shared = "shared" in request.POST
        return self.go_on(form)

    def begin(self, request: HttpRequest) -> HttpResponse | None:
        """Find draft and question; a question that these answers do not lead to is passed over."""
        self.key = self.key or self.kwargs["step"]
        self.draft, step = draft_of(request), wizard.BY_KEY.get(self.key)
        if step is None:
            raise Http404
        self.step = step
        if self.draft.sent:
            self.draft = Draft(shared=self.draft.shared)
        return None if step.applies(self.draft) else _to(wizard.first_open(self.draft))

    def go_on(self, form: forms.StepForm) -> HttpResponse:
        self.draft.answers[self.key] = form.answers()
        self.draft.save(self.request)
        return _to(wizard.next_after(self.draft, self.key))

    def search(self, request: HttpRequest) -> HttpResponse:
        """Show the projects that fit; the words typed stay."""
        form = self.step.form(request.POST, draft=self.draft)
        text = request.POST.get("project_text", "").strip()[:300]
        found = find_public_projects(text) if text else []
        return self.show(form, status=200 if text else 422, found=found, searched=text)

    def show(self, form: forms.StepForm, status: int = 200, **more: Any) -> HttpResponse:
        draft, key = self.draft, self.key
        place, total = wizard.position_of(draft, key)
        context = {
            "form": form,
            "step": self.step,
            "draft": draft,
            "place": place,
            "total": total,
            "back": address_of(wizard.previous_of(draft, key)),
            "objection_article": OBJECTION_FIRST.get(draft.topic, ""),
            "draft_code": "" if draft.is_empty or draft.shared else drafts.code_of(self.request),
            **more,
        }
        return render(self.request, [f"portal/steps/{key}.html", "portal/step.html"], context, status=status)


class FilesView(StepView):
    """Files, taken in one by one; a refusal stands beside its file and costs no other.

    A script sends each file by itself and asks for JSON; without script they come with the form.
    """

    key = "files"

    def post(self, request: HttpRequest, step: str = "") -> HttpResponse:
        if (elsewhere := self.begin(request)) is not None:
            return elsewhere
        if self.draft.is_empty:
            return _to(wizard.first_open(self.draft))
        if token := request.POST.get("remove", ""):
            return self.remove(token)
        taken, refused = self.take(request.FILES.getlist("files"))
        if request.headers.get("Accept") == "application/json":
            return self.answer(taken, refused)
        form = self.step.form(draft=self.draft)
        if refused or taken or "add" in request.POST:
            return self.show(form, status=422 if refused else 200, refused=refused)
        form = self.step.form({}, draft=self.draft)
        form.is_valid()
        return self.go_on(form)

    def take(self, uploads: list[Any]) -> tuple[list[HeldFile], list[str]]:
        """Take files in; returns those that wait now and why the others do not."""
        taken: list[HeldFile] = []
        refused: list[str] = []
        for upload in uploads:
            try:
                taken.append(self.hold(upload))
            except Refusal as refusal:
                refused.append(refusal.message)
        return taken, refused

    def hold(self, upload: Any) -> HeldFile:
        """Take one file in; raises Refusal."""
        held = take_in(
            self.request, upload, waiting=len(self.draft.files), keep_original=not self.draft.is_anonymous
        )
        self.draft = drafts.change_draft(self.request, lambda draft: draft.files.append(held.token))
        return held

    def remove(self, token: str) -> HttpResponse:
        if token in self.draft.files:
            drop_held(token)
            self.draft = drafts.change_draft(self.request, lambda draft: draft.files.remove(token))
        if self.request.headers.get("Accept") == "application/json":
            return JsonResponse({"removed": token})
        return _to(self.key)

    def answer(self, taken: list[HeldFile], refused: list[str]) -> JsonResponse:
        found = [
            {"token": file.token, "title": file.title, "size": filesizeformat(file.size)} for file in taken
        ]
        return JsonResponse({"taken": found, "refused": refused}, status=422 if refused else 200)

    def show(self, form: forms.StepForm, status: int = 200, **more: Any) -> HttpResponse:
        waiting = self.draft.waiting_files()
        lost = len(self.draft.files) - len(waiting)
        return super().show(form, status, waiting=waiting, lost=lost, **more)


class CheckView(PublicView):
    """The answers once more; sending them issues the receipt."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.begin(request) or self.show(forms.CheckForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if (elsewhere := self.begin(request)) is not None:
            return elsewhere
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
        close_with_browser(request)
        # The answers go, the way to the receipt stays: it may be lost on its way to the browser.
        sent = {"receipt": issued.receipt.pk, "code": issued.code}
        Draft(submission=self.draft.submission, shared=self.draft.shared, sent=sent).save(request)
        return HttpResponseRedirect(reverse("portal:receipt"))

    def begin(self, request: HttpRequest) -> HttpResponse | None:
        self.draft = draft_of(request)
        if self.draft.sent or (self.draft.is_empty and kept_slip(request) is not None):
            return HttpResponseRedirect(reverse("portal:receipt"))
        open_step = wizard.first_open(self.draft)
        return _to(open_step) if open_step != wizard.CHECK else None

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
            "known": may_be_known(draft.answer("project", "project")),
            "lost": len(draft.files) - len(draft.waiting_files()),
            "limit": limit,
            "limit_passed": limit is not None and limit.due < timezone.localdate(),
            "challenge": challenge,
            "fix": fix,
            "back": address_of(wizard.previous_of(draft, wizard.CHECK)),
        }
        return render(self.request, "portal/check.html", context, status=status)


class ForgetView(PublicView):
    """Throw draft, receipt and status page away, on a shared computer for instance."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        forget_draft(request)
        forget_slip(request)
        sealing.drop(request, SEEN)
        return HttpResponseRedirect(reverse("portal:start") + "?forgotten=1")


class ResumeView(PublicView):
    """Go on with a draft: the one of this browser, or one whose code was noted elsewhere."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(forms.ResumeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.ResumeForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            code = codes.read_code(form.cleaned_data["code"])
        except codes.BadCode:
            code = ""
        if pace.seconds_to_wait(request) or not code or drafts.find_draft(code) is None:
            pace.note_wrong_look_up(request)
            form.add_error("code", _("No draft is kept under this code, or its 30 days are over."))
            return self.show(form, status=422)
        drafts.take_up(request, code)
        return _to(wizard.first_open(draft_of(request)))

    def show(self, form: forms.ResumeForm, status: int = 200) -> HttpResponse:
        draft = draft_of(self.request)
        context = {
            "form": form,
            "draft": draft,
            "open": "" if draft.is_empty else address_of(wizard.first_open(draft)),
        }
        return render(self.request, "portal/resume.html", context, status=status)


def close_with_browser(request: HttpRequest) -> None:
    """What this visitor may see ends with the browser; an official's own session stays as it is."""
    if SESSION_KEY not in request.session:
        request.session.set_expiry(0)


def address_of(step: str) -> str:
    """The address of a question; of the start for none."""
    if not step:
        return reverse("portal:start")
    return reverse("portal:check") if step == wizard.CHECK else reverse("portal:step", args=[step])


def _to(step: str) -> HttpResponse:
    return HttpResponseRedirect(address_of(step))


def _limit_hint(draft: Draft) -> Any:
    """The last day to complain for these answers, with whether it has passed; None for a report."""
    known = draft.answer("when", "knew_on")
    if not draft.is_complaint or not known:
        return None
    days = [draft.answer("objection", name) for name in ("objection_on", "objection_replied_on")]
    raised, replied = (date.fromisoformat(day) if day else None for day in days)
    return filing_limit_of(draft.topic, date.fromisoformat(known), raised, replied)
