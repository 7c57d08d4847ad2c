"""What the rows of the table are made of: what a step is done to, what its form is given, what stands above it."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from wulian.casework.handling.models import ComplaintDecision, EvidenceItem, Interview, TenderSuspension
from wulian.casework.handling.services.archiving import leaves_of
from wulian.casework.handling.services.deciding import live_report
from wulian.casework.handling.services.publishing import proposed_text
from wulian.casework.handling.services.withdrawing import waiting_request
from wulian.casework.intake.views.base import Step, StepView, Values

EVIDENCE, OUTCOME = "#evidence", "#outcome"


def with_complaint(view: StepView) -> Values:
    return {"complaint": view.matter}


def suspension(view: StepView) -> TenderSuspension:
    """The suspension in force."""
    rows = TenderSuspension.objects.of(view.matter).in_force().select_related("complaint__authority")
    found: TenderSuspension = get_object_or_404(rows)
    found.complaint = view.matter
    return found


def item(view: StepView) -> EvidenceItem:
    found: EvidenceItem = get_object_or_404(EvidenceItem.objects.of(view.matter), pk=view.kwargs["item"])
    found.complaint = view.matter
    return found


def interview(view: StepView) -> Interview:
    rows = Interview.objects.of(view.matter).select_related("document")
    found: Interview = get_object_or_404(rows, pk=view.kwargs["item"])
    found.complaint = view.matter
    return found


def show_item(view: StepView) -> Values:
    return {"item": item(view)}


def show_report(view: StepView) -> Values:
    return {"report": live_report(view.matter)}


def show_publication(view: StepView) -> Values:
    return {"publication": view.matter.publication}


def show_suspension(view: StepView) -> Values:
    return {"suspension": suspension(view)}


def show_wish(view: StepView) -> Values:
    return {"waiting": waiting_request(view.matter)}


def whether_online(view: StepView) -> Values:
    return {"online": waiting_request(view.matter) is not None}


def show_examination(view: StepView) -> Values:
    return {"examined": view.matter.withdrawals.filter(permitted=None).first()}


def decision_first(view: StepView) -> Values:
    decision = ComplaintDecision.objects.of(view.matter).first()
    return {"complaint": view.matter, "first": decision.document_id if decision else None}


def place_and_questions(view: StepView) -> Values:
    authority = view.matter.authority
    return {"place": authority.name if authority else "", "answers": "问：\n答："}


def show_leaves(view: StepView) -> Values:
    return {"leaves": leaves_of(view.matter, view.request.user)}


def first_text(view: StepView) -> Values:
    title, text = proposed_text(view.matter)
    return {"title": title, "text": text}


def step(
    name: str, service: Any, form: type, title: Any, done: Any, *keys: str, path: str = "", **more: Any
) -> Step:
    """A step of which the complaint is the subject; its name is its ability and its address unless said otherwise."""
    more.setdefault("subject", "complaint")
    return Step(
        name=name,
        path=path or name,
        keys=keys or (name,),
        form=form,
        service=service,
        title=title,
        done=done,
        **more,
    )
