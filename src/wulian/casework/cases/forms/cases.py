"""Forms of a case, from the filing to the payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import (
    DecisionKind,
    EvidenceKind,
    LeniencyGround,
    PositionInTender,
    ServiceMode,
    Tier,
)
from wulian.casework.cases.forms.fields import (
    PERSON_PARTS,
    OfficersField,
    words,
)
from wulian.casework.cases.models import Case
from wulian.casework.cases.services.decision import Remedies
from wulian.casework.cases.services.sanctions import Plan
from wulian.casework.cases.services.serving import Service
from wulian.core.ui.inputs import DayInput
from wulian.law.violations import BASES


class ChangeOfficersForm(forms.Form):
    """Other officers for a case."""

    officers = OfficersField()
    reason = words(_("Reason"))


class FilingForm(forms.Form):
    """The proposal to file a case."""

    cause = forms.CharField(
        label=_("Cause of the case"),
        max_length=300,
        help_text=_("A short name of the conduct, as the decision will carry it."),
    )
    facts = words(_("Facts found"), rows=6)
    provisions = words(
        _("Provisions broken"), rows=2, help_text=_("One article a line; only those of this conduct.")
    )
    penalty_basis = words(_("Basis of the penalty"), rows=2, help_text=_("One article a line."))
    conduct_place = forms.CharField(label=_("Place of the conduct"), max_length=200)
    party_identifier = forms.CharField(label=_("Identifier of the party"), max_length=40)
    party_address = forms.CharField(label=_("Address of the party"), max_length=300)
    party_representative = forms.CharField(label=_("Legal representative"), max_length=100, required=False)
    party_contact = forms.CharField(label=_("Contact of the party"), max_length=100, required=False)
    opinion = words(_("Opinion of the officer"), help_text=_("It is printed in the approval form."))
    limitation_ground = forms.CharField(
        label=_("Why the limitation has not passed"),
        max_length=300,
        required=False,
        help_text=_("Only when more than two years have passed since the conduct."),
    )


class OpinionForm(forms.Form):
    """The opinion of the head."""

    opinion = words(_("Opinion stated"), help_text=_("It is printed in the approval form."))


class EvidenceForm(forms.Form):
    """An item of evidence."""

    kind = forms.ChoiceField(label=_("Kind of evidence"), choices=EvidenceKind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    proves = forms.CharField(label=_("What it proves"), max_length=500)
    origin = forms.CharField(label=_("Where it comes from"), max_length=200)
    obtained_on = forms.DateField(label=_("Obtained on"), widget=DayInput(), initial=timezone.localdate)
    upload = forms.FileField(label=_("File"), max_length=200, help_text=_("At most 20 MB."))


class VerifyForm(forms.Form):
    """How an item was verified."""

    how = forms.CharField(
        label=_("How it was verified"),
        max_length=300,
        help_text=_("For example compared with the original, or extracted by two officers with a record."),
    )


class ReportForm(forms.Form):
    """The report of the investigation and what is proposed."""

    facts = words(_("Facts found"), rows=6)
    report = words(_("Investigation report"), rows=6)
    kind = forms.ChoiceField(label=_("Proposed decision"), choices=DecisionKind.choices)
    tier = forms.ChoiceField(
        label=_("Discretion tier"),
        choices=[("", "—"), *Tier.choices],
        required=False,
        help_text=_(
            "The discretion table of the province has not been obtained; the tier is reasoned below."
        ),
    )
    position = forms.ChoiceField(label=_("Position in the tender"), choices=PositionInTender.choices)
    fined = forms.BooleanField(label=_("A fine is imposed"), required=False, initial=True)
    base_amount = forms.DecimalField(
        label=_("Base of the fine (CNY)"), max_digits=18, decimal_places=2, required=False
    )
    rate_permille = forms.DecimalField(label=_("Rate (‰)"), max_digits=7, decimal_places=3, required=False)
    amount = forms.DecimalField(label=_("Fine (CNY)"), max_digits=18, decimal_places=2, required=False)
    confiscation = forms.DecimalField(
        label=_("Confiscated gain (CNY)"), max_digits=18, decimal_places=2, required=False
    )
    ban_months = forms.IntegerField(label=_("Ban in months"), min_value=1, max_value=60, required=False)
    other_penalties = words(
        _("Other penalties"),
        rows=2,
        required=False,
        help_text=_("One a line, as it will stand in the decision."),
    )
    correction = forms.CharField(label=_("Order to correct"), max_length=500, required=False)
    persons = words(
        _("Responsible persons"),
        rows=2,
        required=False,
        help_text=_("One a line: name, post, fine in CNY, separated by commas."),
    )
    reasons = words(_("Reasons of the discretion"))
    mitigation_ground = forms.CharField(label=_("Ground of mitigation"), max_length=300, required=False)
    leniency_ground = forms.ChoiceField(
        label=_("Ground of no penalty"), choices=[("", "—"), *LeniencyGround.choices], required=False
    )
    education = words(_("Education given"), rows=2, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self._fit_to_catalogue()

    def _fit_to_catalogue(self) -> None:
        """Show only the fields that the provision has a use for."""
        row = self.case.violation
        kinds = {rule.kind for rule in row.unit_fines}
        if not kinds - {"amount"}:
            for name in ("base_amount", "rate_permille"):
                del self.fields[name]
        if "amount" not in kinds:
            del self.fields["amount"]
        if not kinds:
            del self.fields["fined"]
        if not any(rule.losing_bidder_base for rule in row.unit_fines):
            del self.fields["position"]
        if row.ban_years is None:
            del self.fields["ban_months"]
        if row.persons.share is None and row.persons.amount is None:
            del self.fields["persons"]
        for rule in row.unit_fines:
            if rule.kind == "amount":
                self.fields["amount"].help_text = _now("From %(low)s to %(high)s CNY.") % {
                    "low": f"{rule.minimum:,.0f}", "high": f"{rule.maximum:,.0f}",
                }  # fmt: skip
            elif "rate_permille" in self.fields:
                self.fields["rate_permille"].help_text = _now("From %(low)s‰ to %(high)s‰ of %(base)s.") % {
                    "low": f"{(rule.minimum * 1000).normalize():f}",
                    "high": f"{(rule.maximum * 1000).normalize():f}",
                    "base": BASES[rule.base],
                }

    def clean_persons(self) -> list[dict[str, str]]:
        found = []
        for line in self.cleaned_data["persons"].splitlines():
            if not line.strip():
                continue
            parts = [part.strip() for part in line.replace("，", ",").split(",")]
            if len(parts) != PERSON_PARTS or not parts[2].replace(".", "", 1).isdigit():
                raise ValidationError(_("Expected “name, post, fine” in each line."))
            found.append({"name": parts[0], "post": parts[1], "fine": parts[2]})
        return found

    def plan(self) -> Plan:
        """The values as the service takes them."""
        values = self.cleaned_data
        rate = values.get("rate_permille")
        return Plan(
            kind=values["kind"],
            reasons=values["reasons"],
            tier=values["tier"],
            position=values.get("position") or PositionInTender.WON,
            fined=values.get("fined", False),
            base_amount=values.get("base_amount"),
            rate=rate / Decimal(1000) if rate is not None else None,
            amount=values.get("amount"),
            confiscation=values["confiscation"],
            ban_months=values.get("ban_months"),
            other_penalties=values["other_penalties"],
            correction=values["correction"],
            persons=values.get("persons", []),
            mitigation_ground=values["mitigation_ground"],
            leniency_ground=values["leniency_ground"],
            education=values["education"],
        )


class NoticeForm(forms.Form):
    """Where the party can turn to."""

    contact_address = forms.CharField(label=_("Contact address"), max_length=200)
    contact_person = forms.CharField(label=_("Contact person"), max_length=60)
    contact_phone = forms.CharField(label=_("Contact phone"), max_length=40)


class ServiceForm(forms.Form):
    """How a document reached the party."""

    mode = forms.ChoiceField(label=_("Mode of service"), choices=ServiceMode.choices)
    served_on = forms.DateField(label=_("Served on"), widget=DayInput(), initial=timezone.localdate)
    receiver = forms.CharField(label=_("Received by"), max_length=100)
    place = forms.CharField(label=_("Place"), max_length=200)
    refusal_note = forms.CharField(label=_("Refusal or substitute"), max_length=300, required=False)
    witness = forms.CharField(label=_("Witness"), max_length=100, required=False)

    def service(self) -> Service:
        """The values as the service takes them."""
        return Service(**self.cleaned_data)


class StatementForm(forms.Form):
    """What the party says."""

    received_on = forms.DateField(label=_("Received on"), widget=DayInput(), initial=timezone.localdate)
    content = words(_("What the party says"), rows=6)
    waives_hearing = forms.BooleanField(label=_("The party waives the hearing in writing"), required=False)


class HearingRequestForm(forms.Form):
    """A request for a hearing."""

    requested_on = forms.DateField(label=_("Requested on"), widget=DayInput(), initial=timezone.localdate)
    note = words(_("Grounds of the request"))


class AnswerForm(forms.Form):
    """The answer to what the party says."""

    answer = words(_("Answer"), rows=6, help_text=_("It is printed in the decision."))
    accepted = forms.BooleanField(label=_("Statement accepted"), required=False)


class DecisionForm(forms.Form):
    """The decision of the head."""

    rate_permille = forms.DecimalField(label=_("Rate (‰)"), max_digits=7, decimal_places=3, required=False)
    amount = forms.DecimalField(label=_("Fine (CNY)"), max_digits=18, decimal_places=2, required=False)
    tier = forms.ChoiceField(label=_("Discretion tier"), choices=Tier.choices)
    reasons = words(_("Reasons of the discretion"))
    mitigation_ground = forms.CharField(label=_("Ground of mitigation"), max_length=300, required=False)
    payment_bank = forms.CharField(label=_("Bank"), max_length=100, required=False)
    payment_account_name = forms.CharField(label=_("Account name"), max_length=100, required=False)
    payment_account = forms.CharField(label=_("Account"), max_length=60, required=False)
    review_authority = forms.CharField(label=_("Authority of administrative review"), max_length=100)
    court = forms.CharField(label=_("Court"), max_length=100)

    def __init__(self, *args: Any, proposal: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        counted = proposal is not None and proposal.rate is not None
        fined = proposal is not None and proposal.fine is not None
        for name, kept in (("rate_permille", counted), ("amount", fined and not counted)):
            if not kept:
                del self.fields[name]
            else:
                self.fields[name].help_text = _now("As notified, or lower; never higher.")

    def changes(self) -> dict[str, Any]:
        """What the head decides otherwise than proposed, as the service takes it."""
        values = self.cleaned_data
        rate = values.get("rate_permille")
        return {
            "rate": rate / Decimal(1000) if rate is not None else None,
            "amount": values.get("amount"),
            "tier": values["tier"],
            "reasons": values["reasons"],
            "mitigation_ground": values["mitigation_ground"],
        }

    def remedies(self) -> Remedies:
        """Payment and remedies as the service takes them."""
        names = ("review_authority", "court", "payment_bank", "payment_account_name", "payment_account")
        return Remedies(**{name: self.cleaned_data[name] for name in names})


class NoPenaltyForm(forms.Form):
    """A decision without penalty."""

    leniency_ground = forms.ChoiceField(label=_("Ground of no penalty"), choices=LeniencyGround.choices)
    note = words(_("Reasons of the discretion"))
    education = words(_("Education given"), rows=2)


class PaymentForm(forms.Form):
    """A payment."""

    paid_on = forms.DateField(label=_("Paid on"), widget=DayInput(), initial=timezone.localdate)
    receipt_no = forms.CharField(label=_("Number of the payment receipt"), max_length=80, required=False)
