"""The decision: who may speak to it, what it must hold, and that it replaces no penalty (REFERENCE CH-11 to CH-19; D.6 invariants)."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from wulian.casework.cases.choices import ServiceMode
from wulian.casework.cases.models import Case, Lead
from wulian.casework.handling import services
from wulian.casework.handling.choices import DismissalGround
from wulian.casework.handling.models import ComplaintDecision, Report, ServiceProof
from wulian.casework.handling.selectors import public_decision_of
from wulian.casework.handling.tests import factories as make
from wulian.casework.intake.services.admission import addressee
from wulian.casework.intake.services.vault import approve_opening, request_opening
from wulian.casework.intake.tests import factories as intake
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event
from wulian.law.procedures import procedure

pytestmark = pytest.mark.django_db
PENALTY = {"punishable": True, "violation_code": "WF-09", "summary": "三家投标人投标文件由同一设备编制，涉嫌串通投标。"}  # fmt: skip


def test_an_accepted_complaint_leaves_only_by_a_decision_or_a_permitted_withdrawal():
    """REFERENCE D.6, invariant 1; no event, no role and no system leads anywhere else."""
    table = procedure("complaint")
    inside = {"C05", "C06", "C08", "C09", "C11", "C12"}
    ways = {
        (t.event, t.leads_to(s)) for t in table.transitions for s in t.sources if s in inside
    }  # fmt: skip
    assert {way for way in ways if way[1] not in inside} == {("decide", "C13"), ("permit_withdrawal", "C91")}
    assert not [t.event for t in table.transitions if set(t.sources) & inside and "system" in t.roles]


def test_no_event_extends_the_thirty_days():
    """REFERENCE CH-2."""
    titles = "".join(t.title for t in procedure("complaint").transitions)
    assert "延期" not in titles and "延长" not in titles


def test_every_step_has_actor_role_time_and_the_authority_behind_its_documents(people, complaint):
    """REFERENCE D.6, invariant: every state change needs actor, time, authority, document hash."""
    make.decided(people, complaint)
    for step in ProcedureStep.objects.for_object(complaint).exclude(
        event__in=("submit", "register", "assign")
    ):
        assert step.actor and step.actor_role and step.at
    for document in EnforcementDocument.objects.for_object(complaint):
        assert document.authority == people.housing and len(document.hash) == 64


def test_a_decision_needs_the_section_then_the_legal_review_then_the_head(people, complaint):
    make.proposed(people, complaint)
    given = {"note": "同意。", "review_authority": "随州市人民政府", "court": "随州市曾都区人民法院"}
    with pytest.raises(Refusal, match="负责人"):
        services.decide(actor=people.head, complaint=complaint, **given)
    with pytest.raises(Refusal, match="负责人"):
        services.review_legality(actor=people.lawyer, complaint=complaint, note=make.NOTE)
    services.endorse_opinion(actor=people.section, complaint=complaint, note=make.NOTE)
    with pytest.raises(Refusal, match="法制"):
        services.decide(actor=people.head, complaint=complaint, **given)
    services.review_legality(actor=people.lawyer, complaint=complaint, note=make.NOTE)
    for user in (people.officer, people.section, people.lawyer, people.office_head, people.stranger):
        with pytest.raises((Forbidden, Refusal)):
            services.decide(actor=user, complaint=complaint, **given)
    assert services.decide(actor=people.head, complaint=complaint, **given).decided_by == people.head


def test_nobody_speaks_twice_and_no_investigator_reviews(people, complaint, user_factory, officers):
    """A head who also holds other roles gives one of the three opinions, not more."""
    everything = user_factory((Role.SECTION_HEAD, Role.LEGAL_REVIEWER, Role.AUTHORITY_HEAD), "housing")
    make.proposed(people, complaint)
    services.endorse_opinion(actor=everything, complaint=complaint, note=make.NOTE)
    with pytest.raises(Refusal):
        services.review_legality(actor=everything, complaint=complaint, note=make.NOTE)
    services.review_legality(actor=people.lawyer, complaint=complaint, note=make.NOTE)
    with pytest.raises(Refusal):
        services.decide(
            actor=everything, complaint=complaint, note="同意。", review_authority="随州市人民政府", court="随州市曾都区人民法院"
        )  # fmt: skip


@pytest.mark.parametrize("field", ["review_authority", "court"])
def test_a_decision_without_its_remedies_is_not_issued(people, complaint, field):
    """行政复议法 第二十条; 行政诉讼法 第四十六条; REFERENCE CH-13: a missing field is an error, never a blank."""
    make.reviewed(people, make.proposed(people, complaint))
    given = {"review_authority": "随州市人民政府", "court": "随州市曾都区人民法院", field: ""}
    with pytest.raises(Refusal) as refused:
        services.decide(actor=people.head, complaint=complaint, note="同意。", **given)
    assert refused.value.field == field
    complaint.refresh_from_db()
    assert complaint.state == "C12" and not ComplaintDecision.objects.exists()


def test_the_decision_document_holds_what_the_measures_ask_for(people, complaint):
    """投诉处理办法 第二十二条 [M]; REFERENCE CH-12."""
    make.decided(people, complaint)
    context = ComplaintDecision.objects.get().document.context
    assert context["complainant"] == addressee(complaint)
    assert context["respondent_address"] and context["defence"] and context["claims"]
    assert context["orders"] == ["中标无效。", "招标人应当依法重新招标或者评标。"]
    assert context["evidence"] and context["facts"] and context["basis"]
    assert context["received_on"] == "2026-09-29"
    text = str(context)
    for secret in (intake.NAME, intake.PHONE, intake.ADDRESS):
        assert secret not in text


def test_a_dismissal_names_one_of_three_grounds_and_its_article(people, complaint):
    """实施条例 第六十一条第三款; REFERENCE CH-11."""
    make.evidence(people, complaint)
    for ground in ("", "something_else"):
        with pytest.raises(Refusal) as refused:
            services.finish_investigation(actor=people.officer, complaint=complaint, finding=make.dismissal(ground=ground))  # fmt: skip
        assert refused.value.field == "ground"
    make.decided(people, complaint, **{**vars(make.dismissal())})
    context = ComplaintDecision.objects.get().document.context
    assert any("第六十一条第三款" in line for line in context["basis"])


@pytest.mark.parametrize(
    ("finding", "field"),
    [
        (make.finding(measures=()), "measures"),
        (make.finding(uncorrectable=False), "uncorrectable"),
        (make.finding(ground="no_basis"), "ground"),
        (make.finding(punishable=True), "violation_code"),
        (make.finding(punishable=True, violation_code="WF-09"), "summary"),
        (make.dismissal(measures=("correct",)), "measures"),
        (
            make.dismissal(malicious=True, malicious_grounds="伪造了两份异议材料，经鉴定印章不实。"),
            "malicious",
        ),
        (make.finding(malicious=True, malicious_grounds="伪造了两份异议材料，经鉴定印章不实。"), "malicious"),
        (make.dismissal(ground=DismissalGround.FABRICATED, malicious=True), "malicious_grounds"),
        (make.finding(facts=""), "facts"),
    ],
)
def test_a_finding_that_contradicts_itself_is_refused_naming_the_field(people, complaint, finding, field):
    """REFERENCE CH-11, CH-16, CH-19."""
    make.evidence(people, complaint)
    with pytest.raises(Refusal) as refused:
        services.finish_investigation(actor=people.officer, complaint=complaint, finding=finding)
    assert refused.value.field == field
    assert complaint.state == "C06"


def test_a_correctable_fault_voids_nothing_but_may_be_rechecked(people, complaint):
    """REFERENCE CH-18: an objective error is re-checked by the original committee; 实施条例 第八十一条 is for what cannot be corrected."""
    make.decided(
        people, complaint, measures=["recheck"], uncorrectable=False, orders="责令原评标委员会复核。"
    )
    assert Report.objects.get().measure_words == ["责令原评标委员会对客观评审错误进行复核"]


def test_malice_is_recorded_with_its_own_grounds_and_has_no_effect_of_its_own(people, complaint):
    """REFERENCE CH-16: recorded for credit, never automatic."""
    # The ledger of points lies above this room, so it is asked by name.
    PointEvent = apps.get_model("credit", "PointEvent")
    finding = make.dismissal(
        ground=DismissalGround.FABRICATED, malicious=True, malicious_grounds="投诉所附异议函的印章经核实系伪造，投诉人承认。"
    )  # fmt: skip
    make.decided(people, complaint, **vars(finding))
    report = Report.objects.get()
    assert report.malicious
    assert "仅作记录" in str(report.opinion_document.context)
    assert not PointEvent.objects.exists() and not Lead.objects.exists()


def test_the_database_keeps_malice_to_its_grounds(people, complaint):
    make.proposed(people, complaint)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(malicious=True, malicious_grounds="x")


def test_a_report_is_returned_and_the_next_version_is_decided(people, complaint):
    make.proposed(people, complaint)
    services.return_investigation(actor=people.lawyer, complaint=complaint, note="补充询问招标人代表。")
    assert complaint.state == "C06"
    make.decided(people, complaint)
    assert list(Report.objects.values_list("version", flat=True)) == [2, 1]
    assert ComplaintDecision.objects.get().report.version == 2


def test_true_and_punishable_opens_a_lead_with_the_decision_and_needs_a_case_before_the_archive(people, complaint, officers):  # fmt: skip
    """REFERENCE D.6, invariant: no substitution; 行政处罚法 第五十四条."""
    complaint.respondent = intake.party()
    complaint.save()
    make.decided(people, complaint, **PENALTY)
    lead = Lead.objects.get()
    assert lead.origin == complaint and lead.violation_code == "WF-09"
    assert complaint.facts not in lead.facts
    with pytest.raises(Refusal, match="立案"):
        services.file_case(actor=people.officer, complaint=complaint)
    make.published(people, make.served(people, complaint))
    with pytest.raises(Refusal, match="处罚"):
        services.archive_complaint(actor=people.officer, complaint=complaint)
    case = Case(
        lead=lead, state="P01", authority=people.housing, party=complaint.respondent, party_identifier="91421300MA48XK3P1X",
        party_address="随州市", violation_code="WF-09", cause="串通投标", facts="x", provisions="x", penalty_basis="x",
        conduct_date=dt.date(2026, 9, 1), conduct_place="随州市", sector="housing", region_code="421300",
        proposed_by=people.officer, proposal_note="x",
    )  # fmt: skip
    case.save()
    assert services.file_case(actor=people.officer, complaint=complaint) == case
    assert ComplaintDecision.objects.get().case == case
    services.archive_complaint(actor=people.officer, complaint=complaint)


def test_a_case_that_was_not_filed_does_not_count(people, complaint):
    complaint.respondent = intake.party()
    complaint.save()
    make.decided(people, complaint, **PENALTY)
    Case.objects.create(
        lead=Lead.objects.get(), state="PX1", authority=people.housing, party=complaint.respondent, party_identifier="x",
        party_address="x", violation_code="WF-09", cause="x", facts="x", provisions="x", penalty_basis="x",
        conduct_date=dt.date(2026, 9, 1), conduct_place="x", sector="housing", region_code="421300",
        proposed_by=people.officer, proposal_note="x",
    )  # fmt: skip
    with pytest.raises(Refusal):
        services.file_case(actor=people.officer, complaint=complaint)


def test_the_service_is_complete_when_complainant_and_respondent_have_the_decision(people, complaint):
    make.decided(people, complaint)
    make.serve(people, complaint, "respondent", receiver="周文斌")
    assert complaint.state == "C14"
    assert public_decision_of(complaint) is None, "not before the complainant has it"
    make.serve(people, complaint, "complainant")
    assert complaint.state == "C15"
    assert public_decision_of(complaint).title == "投诉处理决定书"
    assert {proof.receipt.title for proof in ServiceProof.objects.all()} == {"送达回证"}
    clock = Clock.objects.of(complaint).get(kind="complaint.publication")
    assert (clock.n, clock.started_on) == (7, timezone.localdate())


def test_the_complainant_is_served_electronically_only_when_that_was_confirmed(people, complaint):
    """行政处罚法 第六十一条第二款, by analogy."""
    make.decided(people, complaint)
    with pytest.raises(Refusal) as refused:
        make.serve(people, complaint, "complainant", mode=ServiceMode.ELECTRONIC)
    assert refused.value.field == "mode"
    complaint.electronic_service = True
    assert make.serve(people, complaint, "complainant", mode=ServiceMode.ELECTRONIC).mode == "electronic"


def test_the_service_is_complete_when_each_of_several_respondents_has_the_decision(people, complaint):
    complaint.other_respondents = "随州恒信建筑工程有限公司"
    complaint.save()
    make.decided(people, complaint)
    make.serve(people, complaint, "complainant")
    with pytest.raises(Refusal) as refused:
        make.serve(people, complaint, "respondent", receiver="周文斌")
    assert refused.value.field == "recipient_name"
    make.serve(people, complaint, "respondent", receiver="周文斌", name=intake.RESPONDENT)
    assert complaint.state == "C14"
    make.serve(people, complaint, "respondent", receiver="刘明远", name="随州恒信建筑工程有限公司")
    assert complaint.state == "C15"


def test_the_proof_of_service_on_the_complainant_names_the_alias_only(people, complaint):
    make.decided(people, complaint)
    for wrong in ({"receiver": intake.NAME}, {"place": intake.ADDRESS}):
        with pytest.raises(Refusal):
            make.serve(people, complaint, "complainant", **wrong)
    proof = make.serve(people, complaint, "complainant")
    assert proof.recipient_name == addressee(complaint)
    assert intake.NAME not in str(proof.receipt.context)


def test_nobody_is_served_twice_with_one_document_nor_before_it_was_made(people, complaint):
    make.decided(people, complaint)
    make.serve(people, complaint, "respondent", receiver="周文斌")
    with pytest.raises(Refusal):
        make.serve(people, complaint, "respondent", receiver="周文斌")
    with pytest.raises(Refusal) as refused:
        make.serve(people, complaint, "complainant", served_on=timezone.localdate() - dt.timedelta(days=1))
    assert refused.value.field == "served_on"


def test_the_state_of_a_finished_complaint_moves_no_more(people, complaint):
    make.published(people, make.served(people, make.decided(people, complaint)))
    services.archive_complaint(actor=people.officer, complaint=complaint)
    with pytest.raises(Refusal):
        apply_event(subject=complaint, event="archive", actor=people.officer)
    with pytest.raises(Refusal) as refused:
        make.serve(people, complaint, "other", receiver="李某")
    assert refused.value.field == "document"


def test_the_sealed_annex_is_printed_only_with_an_opening_that_a_second_person_allowed(people, complaint):
    """投诉处理办法 第二十二条 [M]: names and addresses; REFERENCE D.9: nobody sees them alone."""
    make.decided(people, complaint)
    with pytest.raises(Refusal):
        services.print_annex(actor=people.officer, complaint=complaint)
    opening = request_opening(
        actor=people.officer, matter=complaint, reason="制作处理决定书密封附页，送达当事人。", hours=2
    )
    approve_opening(actor=people.discipline, opening=opening)
    pdf = services.print_annex(actor=people.officer, complaint=complaint)
    assert pdf.startswith(b"%PDF")
    with pytest.raises(Refusal):
        services.print_annex(actor=people.colleague, complaint=complaint)
    verbs = list(AuditEvent.objects.filter(verb__in=("intake.identity_opened", "handling.annex_printed")).values_list("verb", flat=True))  # fmt: skip
    assert sorted(verbs) == ["handling.annex_printed", "intake.identity_opened"]
    assert not EnforcementDocument.objects.filter(title__contains="附页").exists(), "kept nowhere"
