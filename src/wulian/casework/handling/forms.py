"""Forms of the handling of complaints."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import EvidenceKind, ServiceMode
from wulian.casework.cases.services.serving import Service
from wulian.casework.handling.choices import (
    DismissalGround,
    Measure,
    NoticeKind,
    Recipient,
    RecusalAnswer,
    Result,
)
from wulian.casework.handling.services.finding import Finding
from wulian.casework.handling.services.investigation import Notice, Talk
from wulian.casework.intake.models import Complaint
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.clocks.choices import NEEDS_DOCUMENT, SuspensionReason
from wulian.core.documents.models import EnforcementDocument
from wulian.core.ui.inputs import DayInput
from wulian.force.officers.models import Officer
from wulian.force.officers.selectors import assess_officers
from wulian.office.jurisdiction.selectors import violation_choices

EMPTY: Final[list[tuple[str, Any]]] = [("", "---------")]
TURN: Final = re.compile(r"^\s*(问|答)\s*[：:]\s*", re.MULTILINE)


def words(label: Any, rows: int = 4, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


def day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), **options)


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, **kwargs)


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; the file store looks into each of them."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in given]


class NoteForm(forms.Form):
    note = words(_("Note"), rows=3, required=False)


class OpinionForm(forms.Form):
    note = words(_("Opinion on it"), rows=5)


class ReasonForm(forms.Form):
    reason = words(_("Reason"), rows=5)


class OfficersForm(forms.Form):
    """Who investigates; those who may not are shown with the reason, and refused by the service as well."""

    officers = forms.MultipleChoiceField(
        label=_("Investigating officers"), choices=(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert complaint.authority is not None  # the page is for the authority's people
        found = assess_officers(
            authority=complaint.authority,
            sector=complaint.sector,
            region_code=complaint.region_code,
            on=timezone.localdate(),
            against_parties=complaint.respondents,
        )
        self.found = {str(officer.pk): officer for officer in found}
        self.fields["officers"].choices = [  # type: ignore[attr-defined]
            (key, officer.name if not officer.reasons else f"{officer.name}（{'；'.join(officer.reasons)}）")
            for key, officer in self.found.items()
        ]
        self.fields["officers"].initial = [str(one["officer"]) for one in complaint.officers]

    def clean_officers(self) -> list[Officer]:
        return [self.found[key] for key in self.cleaned_data["officers"]]


class StartForm(OfficersForm):
    plan = words(
        _("Plan of the investigation"),
        rows=6,
        help_text=_("What is to be found out, where, from whom and until when; it is printed as a document."),
    )


class ChangeOfficersForm(OfficersForm):
    reason = words(_("Reason"), rows=3)


class NoticeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of notice"), choices=NoticeKind.choices)
    to = forms.CharField(label=_("Addressee"), max_length=200)
    content = words(
        _("Content of the notice"),
        rows=6,
        help_text=_("Write it in your own words; the complainant is named nowhere."),
    )
    when = forms.CharField(
        label=_("Time, or last day to answer"),
        max_length=100,
        required=False,
        help_text=_("As it is printed"),
    )
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    materials = words(_("Materials to bring or hand over, one a line"), rows=3, required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].initial = complaint.respondent_name
        self.fields["place"].initial = complaint.authority.address if complaint.authority else ""

    def values(self) -> dict[str, Notice]:
        """The values as the service takes them."""
        return {"notice": Notice(**self.cleaned_data)}


class InterviewForm(forms.Form):
    is_complainant = forms.BooleanField(
        label=_("The interviewed person is the complainant (printed by alias)"), required=False
    )
    interviewee = forms.CharField(label=_("Interviewed person"), max_length=80, required=False)
    position = forms.CharField(label=_("Unit and post"), max_length=200)
    began_at = MomentField(label=_("Began at"))
    ended_at = MomentField(label=_("Ended at"))
    place = forms.CharField(label=_("Place"), max_length=200)
    recorder = forms.CharField(label=_("Recorder"), max_length=60)
    recusal = forms.ChoiceField(
        label=_("Asked about recusal, the person says"),
        choices=RecusalAnswer.choices,
        widget=forms.RadioSelect,
    )
    answers = words(
        _("Questions and answers"),
        rows=14,
        help_text=_("Begin each question with 问： and each answer with 答： on a line of its own."),
    )

    def clean_answers(self) -> list[dict[str, str]]:
        turns = TURN.split(self.cleaned_data["answers"])
        pairs = list(zip(turns[1::2], turns[2::2], strict=True))
        found: list[dict[str, str]] = []
        for who, text in pairs:
            if who == "问":
                found.append({"question": text.strip(), "answer": ""})
            elif found and not found[-1]["answer"]:
                found[-1]["answer"] = text.strip()
            else:
                raise forms.ValidationError(_now("An answer stands without its question."))
        if turns[0].strip() or not found or any(not all(pair.values()) for pair in found):
            raise forms.ValidationError(
                _now(
                    "Begin each question with 问： and each answer with 答：; every question needs its answer."
                )
            )
        return found

    def values(self) -> dict[str, Talk]:
        """The values as the service takes them."""
        return {"talk": Talk(**self.cleaned_data)}


class SignatureForm(forms.Form):
    signed_on = day(_("Signed on"), initial=timezone.localdate)
    scans = FilesField(label=_("Scan of the signed pages"), required=False)
    refusal_note = forms.CharField(
        label=_("Not signed: why, and who witnessed it"), max_length=300, required=False
    )


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind of evidence"), choices=EvidenceKind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    proves = words(_("What it proves"), rows=2, max_length=500)
    origin = forms.CharField(label=_("Where it comes from"), max_length=200)
    obtained_on = day(_("Obtained on"), initial=timezone.localdate)
    is_original = forms.BooleanField(label=_("It is the original"), required=False)
    files = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("JPEG, PNG, PDF, DOCX, XLSX or TXT; a thing that cannot be scanned has none."),
    )


class VerifyForm(forms.Form):
    how = forms.CharField(
        label=_("How it was verified"),
        max_length=300,
        help_text=_("Such as: compared with the original, confirmed by the platform"),
    )


class HandOverForm(forms.Form):
    to_holder = forms.CharField(label=_("Taken over by"), max_length=100)
    purpose = forms.CharField(label=_("Purpose"), max_length=200)


class ExpertForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is commissioned"),
        choices=[choice for choice in SuspensionReason.choices if choice[0] in NEEDS_DOCUMENT],
    )
    institute = forms.CharField(label=_("Institute"), max_length=120)
    question = words(_("Question put to the experts"), rows=4)
    materials = words(_("Materials handed over, one a line"), rows=3)
    delivered_on = day(_("Delivered to the institute on"), initial=timezone.localdate)
    agreed_on = day(_("Report agreed for"))


class ExpertiseForm(forms.Form):
    received_on = day(_("Report received on"), initial=timezone.localdate)
    report_no = forms.CharField(label=_("Number of the report"), max_length=80)
    conclusion = words(_("Opinion of the experts"), rows=5)
    files = FilesField(label=_("Report of the experts"), required=False)


class WithdrawalForm(forms.Form):
    """The examination; day and reasons are asked for only when no request came in online."""

    received_on = day(_("Written request received on"), required=False)
    reason = words(_("Reasons given by the complainant"), rows=3, required=False)
    illegality_found = forms.BooleanField(label=_("Clear illegality has already been found"), required=False)
    harms_others = forms.BooleanField(
        label=_("It harms the interests of the state, the public or others"), required=False
    )
    opinion = words(_("Opinion on it"), rows=5)

    def __init__(self, *args: Any, online: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("received_on", "reason"):
            if online:
                del self.fields[name]
            else:
                self.fields[name].required = True


class ConsultForm(forms.Form):
    title = forms.CharField(label=_("Agenda"), max_length=200)
    facts = words(
        _("Basic facts"),
        rows=6,
        help_text=_("Other departments read this: leave out what could point to the complainant."),
    )
    disputes = words(_("Points in dispute"), rows=3)
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"), queryset=Department.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Department.objects.exclude(kind__in=(DepartmentKind.REGION, DepartmentKind.OVERSIGHT))
        rows = rows.filter(is_active=True).exclude(pk__in=complaint.accused_departments())
        self.fields["departments"].queryset = rows  # type: ignore[attr-defined]
        self.fields["departments"].initial = [complaint.authority_id]


class FindingForm(forms.Form):
    """The report and the proposal."""

    respondent_address = forms.CharField(label=_("Address of the respondent"), max_length=300)
    defence = words(_("Defence of the respondent"), rows=4)
    facts = words(_("Facts found"), rows=8)
    opinion = words(_("Opinion and reasons"), rows=6)
    basis = words(_("Legal basis, one provision a line"), rows=3)
    result = forms.ChoiceField(
        label=_("Result of the complaint"), choices=Result.choices, widget=forms.RadioSelect
    )
    ground = forms.ChoiceField(
        label=_("Ground for dismissal"), choices=[*EMPTY, *DismissalGround.choices], required=False
    )
    measures = forms.MultipleChoiceField(
        label=_("Measures ordered"),
        choices=Measure.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    uncorrectable = forms.BooleanField(
        label=_("The fault cannot be corrected and has affected the result"), required=False
    )
    orders = words(
        _("Operative part, one order a line"), rows=4, help_text=_("Printed as it stands, numbered.")
    )
    punishable = forms.BooleanField(
        label=_("A penalty is due: a lead is opened with the decision"), required=False
    )
    violation_code = forms.ChoiceField(label=_("Violation in the catalogue"), choices=EMPTY, required=False)
    summary = words(
        _("Summary for the lead"),
        rows=3,
        required=False,
        help_text=_("In your own words; the complaint itself never goes out."),
    )
    malicious = forms.BooleanField(
        label=_("Found to be malicious (recorded only; it has no effect by itself)"), required=False
    )
    malicious_grounds = words(_("Grounds of that finding"), rows=3, required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["violation_code"].choices = EMPTY + violation_choices()  # type: ignore[attr-defined]
        last = complaint.reports.first()  # type: ignore[attr-defined]
        party = complaint.respondent
        self.fields["respondent_address"].initial = complaint.respondent_address or (
            party.address if party else ""
        )
        self.fields["violation_code"].initial = complaint.violation_code
        if last is not None:
            for name in self.fields:
                self.fields[name].initial = getattr(last, name)

    def values(self) -> dict[str, Finding]:
        """The values as the service takes them."""
        return {"finding": Finding(**self.cleaned_data)}


class DecideForm(forms.Form):
    note = words(_("Opinion of the head"), rows=3)
    review_authority = forms.CharField(label=_("Authority for administrative review"), max_length=100)
    court = forms.CharField(label=_("Court"), max_length=100)
    copies = forms.CharField(label=_("Copies to"), max_length=300, required=False)


class ServiceForm(forms.Form):
    """How a document reached somebody."""

    document = forms.ModelChoiceField(label=_("Document"), queryset=EnforcementDocument.objects.none())
    recipient = forms.ChoiceField(label=_("Who is served"), choices=Recipient.choices)
    recipient_name = forms.CharField(
        label=_("Name of the recipient"),
        max_length=200,
        required=False,
        help_text=_(
            "Complainant and respondent are named by the platform, the complainant by alias; of several respondents, name the one served."
        ),
    )
    mode = forms.ChoiceField(label=_("Mode of service"), choices=ServiceMode.choices)
    served_on = day(_("Served on"), initial=timezone.localdate)
    receiver = forms.CharField(
        label=_("Received by"),
        max_length=100,
        help_text=_("For the complainant: 本人 or 代理人, without the name"),
    )
    place = forms.CharField(
        label=_("Place"),
        max_length=200,
        help_text=_("For the complainant: 窗口 or 密封送达地址, without the address"),
    )
    refusal_note = forms.CharField(label=_("Refusal or substitute"), max_length=300, required=False)
    witness = forms.CharField(label=_("Witness"), max_length=100, required=False)

    OWN: Final = ("document", "recipient", "recipient_name")

    def __init__(self, *args: Any, complaint: Complaint, first: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = ("W32", "W20", "W44", "调查方案", "调查报告", "处理意见", "公开审批单", "W09")
        rows = EnforcementDocument.objects.for_object(complaint).filter(state="issued")
        self.fields["document"].queryset = rows.exclude(template__in=inside)  # type: ignore[attr-defined]
        self.fields["document"].initial = first
        self.fields["mode"].help_text = (
            _("The complainant has confirmed electronic service; the address is in the vault.")
            if complaint.electronic_service
            else _("The complainant has not confirmed electronic service: serve in another way.")
        )

    def values(self) -> dict[str, Any]:
        """The values as the service takes them."""
        data = dict(self.cleaned_data)
        own = {name: data.pop(name) for name in self.OWN}
        return {**own, "service": Service(**data)}


class PublicationForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    text = words(
        _("Text"),
        rows=12,
        help_text=_("Everybody reads it. It is compared with the vault before it is kept; nothing of the vault is shown to you."),
    )  # fmt: skip
