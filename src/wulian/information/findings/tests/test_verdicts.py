"""Verdicts, what rests on them, and switching patterns."""

from __future__ import annotations

import pytest

from wulian.analysis.clauses import all_patterns
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services.choosing import left_alone
from wulian.information.findings import services
from wulian.information.findings.example.seeding import seed_findings
from wulian.information.findings.models import Finding, Paper
from wulian.information.findings.selectors import candidates, pattern_statistics, patterns_off
from wulian.information.findings.signals import finding_judged
from wulian.information.findings.tests.test_papers import attach

pytestmark = pytest.mark.django_db


@pytest.fixture
def finding(people, lot) -> Finding:
    services.scan_paper(paper_id=attach(lot, people.officer).pk)
    return Finding.objects.get(class_code="地域")


def judge(finding, actor, verdict="real", reason="与履行合同无关。"):
    return services.judge_finding(finding=finding, verdict=verdict, reason=reason, actor=actor)


@pytest.mark.parametrize("who", ["officer", "section"])
def test_an_officer_of_the_department_judges_and_the_chain_says_so(who, finding, people):
    judged = judge(finding, getattr(people, who))
    assert (judged.verdict, judged.judged_by, judged.judged_at is not None) == (
        "real",
        getattr(people, who),
        True,
    )
    [event] = AuditEvent.objects.filter(verb="findings.judged")
    assert "与履行合同无关" in event.summary


@pytest.mark.parametrize("who", ["stranger", "liaison", "dispatcher", "reviewer", "discipline", "admin"])
def test_nobody_else_judges(who, finding, people):
    with pytest.raises(Forbidden):
        judge(finding, getattr(people, who))
    finding.refresh_from_db()
    assert finding.verdict == ""


@pytest.mark.parametrize(("verdict", "reason"), [("maybe", "理由"), ("real", "  ")])
def test_a_verdict_needs_to_be_one_of_three_and_have_a_reason(verdict, reason, finding, people):
    with pytest.raises(Refusal):
        judge(finding, people.officer, verdict, reason)


def test_a_verdict_may_be_changed_and_both_stand_in_the_chain(finding, people):
    judge(finding, people.officer)
    judge(finding, people.section, "false", "招标人说明只是服务网点，已删除。")
    changes = [event.changes for event in AuditEvent.objects.filter(verb="findings.judged").order_by("pk")]
    assert changes == [{"verdict": ["", "real"]}, {"verdict": ["real", "false"]}]


def test_others_hear_of_a_verdict_inside_its_transaction(finding, people):
    heard = []

    def listen(sender, finding, previous, actor, **kwargs):
        heard.append((finding.pk, previous, actor))

    finding_judged.connect(listen)
    try:
        judge(finding, people.officer)
    finally:
        finding_judged.disconnect(listen)
    assert heard == [(finding.pk, "", people.officer)]


def test_clauses_judged_real_make_a_candidate_of_their_rule(finding, people, lot):
    assert list(candidates()) == []
    judge(finding, people.officer)
    [candidate] = candidates(rule_id="ZB-07", project_ids=[lot.project_id])
    assert (candidate.rule_id, candidate.lot_id, candidate.key) == ("ZB-07", lot.pk, f"ZB-07:{lot.pk}")
    [fact] = candidate.facts
    assert (fact["page"], fact["file"], fact["pattern"]) == (2, "招标文件.docx", "DY-02")
    assert fact["reason"] == "与履行合同无关。"
    assert list(candidates(rule_id="WJ-10")) == []
    assert list(candidates(project_ids=[])) == []


def test_a_clause_judged_real_is_an_alert_of_its_rule_until_the_verdict_changes(finding, people, lot):
    judge(finding, people.officer)
    alert = Alert.objects.get(rule_id="ZB-07")
    assert (alert.lot, alert.severity, alert.value) == (lot, "橙", None)
    assert alert.evidence["rows"][0]["条款"] == finding.clause_text
    assert "ZB-07" in left_alone(whole=True)
    judge(finding, people.officer, "false")
    alert.refresh_from_db()
    assert alert.cleared_at is not None


@pytest.mark.parametrize("verdict", ["false", "supplement"])
def test_other_verdicts_make_no_candidate(verdict, finding, people):
    judge(finding, people.officer, verdict)
    assert list(candidates()) == []


def test_statistics_count_verdicts_and_give_the_precision(finding, people, lot):
    services.scan_paper(
        paper_id=attach(
            lot,
            people.officer,
            "投标人须在本市设有分公司。\n投标人在本市设有办事处的得2分。".encode(),
            "补充.txt",
        ).pk
    )
    rows = Finding.objects.filter(pattern_id="DY-02")
    for item, verdict in zip(rows, ("real", "real", "false"), strict=True):
        judge(item, people.officer, verdict)
    [row] = [item for item in pattern_statistics() if item.pattern.id == "DY-02"]
    assert (row.hits, row.real, row.false, row.open, row.precision) == (3, 2, 1, 0, 67)
    [untried] = [item for item in pattern_statistics() if item.pattern.id == "PP-01"]
    assert (untried.hits, untried.precision) == (0, None)


def test_the_statistics_ask_the_database_twice(finding, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(pattern_statistics()) == len(all_patterns())


def test_the_legal_reviewer_switches_a_pattern_off_and_scans_follow(finding, people, lot):
    services.switch_pattern(pattern_id="DY-02", is_on=False, reason="误报过多。", actor=people.reviewer)
    assert patterns_off() == {"DY-02"}
    paper = attach(lot, people.officer, "投标人须在本市设有分公司。".encode(), "补充.txt")
    assert services.scan_paper(paper_id=paper.pk) == 0
    services.switch_pattern(pattern_id="DY-02", is_on=True, reason="已调整。", actor=people.reviewer)
    services.rescan_paper(paper=paper, actor=people.officer)
    assert services.scan_paper(paper_id=paper.pk) == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"who": "officer"}, Forbidden),
        ({"reason": " "}, Refusal),
        ({"pattern_id": "ZZ-99"}, Refusal),
        ({"is_on": True}, Refusal),
    ],
)
def test_a_switch_needs_the_reviewer_a_reason_a_pattern_and_another_state(changes, error, people):
    who = changes.pop("who", "reviewer")
    given = {"pattern_id": "DY-02", "is_on": False, "reason": "误报过多。", **changes}
    with pytest.raises(error):
        services.switch_pattern(**given, actor=getattr(people, who))
    assert patterns_off() == frozenset()


def test_the_demonstration_makes_real_files_that_the_real_scanner_reads(people, lot):
    papers = seed_findings(lot=lot, uploader=people.dispatcher, judge=people.officer)
    assert [paper.format for paper in Paper.objects.order_by("pk")] == ["pdf", "docx"]
    found = {paper.kind: set(paper.findings.values_list("class_code", flat=True)) for paper in papers}
    assert found["notice"] == {"地域", "前置", "收费"}
    assert found["bidding_documents"] == {
        "形式否决",
        "定标",
        "业绩奖项",
        "非强制认证",
        "押金",
        "付款",
        "品牌",
    }
    assert {candidate.rule_id for candidate in candidates()} == {"ZB-07"}
    assert seed_findings(lot=lot, uploader=people.dispatcher) == []
