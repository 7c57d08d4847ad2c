"""Pages of leads and cases: who sees what, what each may do, how much it costs."""

import datetime as dt

import pytest
from django.urls import reverse

from wulian.casework.cases.models import Case, Lead
from wulian.casework.cases.tests.factories import (
    checked_lead,
    decided_case,
    filed_case,
    lead,
    noticed_case,
    proposed_case,
    reported_case,
    served_case,
)  # fmt: skip
from wulian.core.documents.models import EnforcementDocument
from wulian.core.ui.testing import assert_max_queries
from wulian.core.ui.worklist import duties_for

SEE_THE_CASE = (
    "officer",
    "colleague",
    "section",
    "head",
    "reviewer",
    "dispatcher",
    "office_head",
    "discipline",
)
SEE_NOTHING = ("idle", "stranger", "other_head", "clerk", "admin")


@pytest.mark.parametrize("who", SEE_THE_CASE)
def test_the_people_of_a_case_see_it(at, client_for, who):
    case = filed_case(at)
    user = getattr(at, who)
    browser = client_for(user)
    page = browser.get(case.get_absolute_url())
    assert page.status_code == 200 and "随住更案〔2026〕1号" in page.content.decode()
    assert "随住更案" in browser.get(reverse("cases:cases")).content.decode()
    assert "随住更案" in browser.get("/search/", {"q": "投标准备期"}).content.decode()
    document = EnforcementDocument.objects.for_object(case).get(template="W03")
    assert browser.get(reverse("documents:pdf", args=[document.pk])).status_code == 200


@pytest.mark.parametrize("who", SEE_NOTHING)
def test_nobody_else_sees_a_case_its_evidence_or_its_documents(at, client_for, who):
    case = filed_case(at)
    user = getattr(at, who)
    browser = client_for(user)
    document = EnforcementDocument.objects.for_object(case).get(template="W03")
    item = case.lead.evidence.get()
    for url in (
        case.get_absolute_url(),
        reverse("cases:report", args=[case.pk]),
        reverse("documents:pdf", args=[document.pk]),
        reverse("cases:evidence", args=[case.lead_id, item.pk]),
    ):
        assert browser.get(url).status_code in (403, 404), url
    listed = browser.get(reverse("cases:cases"))
    assert listed.status_code == 403 or "随住更案" not in listed.content.decode()
    assert Case.objects.visible_to(user).count() == 0
    found = browser.get("/search/", {"q": "投标准备期"})
    assert found.status_code == 403 or "随住更案" not in found.content.decode()
    assert "随住更案" not in browser.get(case.project.get_absolute_url()).content.decode()


def test_a_visitor_is_sent_to_the_login(at, client):
    case = filed_case(at)
    assert client.get(case.get_absolute_url()).status_code == 302


def test_discipline_reads_and_is_offered_no_step(at, client_for):
    case = filed_case(at)
    browser = client_for(at.discipline)
    assert browser.get(case.get_absolute_url()).context["page_actions"] == []
    answer = browser.post(reverse("cases:step", args=[case.pk, "order_correction"]), {"note": "限期改正。"})
    assert answer.status_code == 403
    case.refresh_from_db()
    assert case.state == "P02"


def test_a_clerk_sees_the_lead_but_not_its_evidence(at, client_for):
    found = checked_lead(at)
    page = client_for(at.clerk).get(found.get_absolute_url())
    assert page.status_code == 200
    assert "招标文件发布日志" not in page.content.decode().split('id="timeline"')[0]
    url = reverse("cases:evidence", args=[found.pk, found.evidence.get().pk])
    assert client_for(at.clerk).get(url).status_code == 404


def test_evidence_is_always_a_download_and_reading_it_is_on_record(at, client_for):
    found = checked_lead(at)
    url = reverse("cases:evidence", args=[found.pk, found.evidence.get().pk])
    answer = client_for(at.section).get(url)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    page = client_for(at.head).get(found.get_absolute_url() + "?show=audit").content.decode()
    assert "调阅证据" in page and at.section.full_name in page


FORMS = [
    (proposed_case, "section", "endorse_filing", "cases:endorse"),
    (filed_case, "officer", "finish_investigation", "cases:report"),
    (noticed_case, "officer", "record_statement", "cases:statement"),
    (noticed_case, "officer", "receive_hearing_request", "cases:hearing"),
]


@pytest.mark.parametrize(("make", "who", "key", "page"), FORMS)
def test_each_step_has_its_page_for_whose_step_it_is(at, client_for, make, who, key, page):
    case = make(at)
    browser = client_for(getattr(at, who))
    urls = [action.url for action in browser.get(case.get_absolute_url()).context["page_actions"]]
    assert reverse(page, args=[case.pk]) in urls
    form = browser.get(reverse(page, args=[case.pk]))
    assert form.status_code == 200
    assert browser.post(reverse(page, args=[case.pk]), {}).status_code == 422


def test_a_case_can_be_carried_to_its_decision_in_the_browser(at, client_for, clock):
    found = checked_lead(at)
    officer, section, head = client_for(at.officer), client_for(at.section), client_for(at.head)
    url = reverse("cases:lead_filing", args=[found.pk])
    values = {
        **officer.get(url).context["form"].initial,
        "opinion": "建议立案。",
        "conduct_place": "交易中心",
    }
    assert (
        len(values["provisions"].splitlines()) == 4
    )  # the catalogue's; the officer strikes what does not apply
    assert officer.post(url, values).status_code == 302
    case = Case.objects.get()
    page = reverse("cases:endorse", args=[case.pk])
    offered = section.get(page).content.decode()
    assert "吴敏" in offered
    assert section.post(page, {"opinion": "拟同意。", "officers": [at.first.pk]}).status_code == 422
    section.post(page, {"opinion": "拟同意。", "officers": [at.first.pk, at.second.pk]})
    head.post(reverse("cases:approve", args=[case.pk]), {"opinion": "同意立案。"})
    item = found.evidence.get()
    officer.post(reverse("cases:evidence_verify", args=[found.pk, item.pk]), {"how": "与平台日志核对一致"})
    report = {
        "facts": "准备期17日。", "report": "建议处罚。", "kind": "penalty", "tier": "ordinary", "fined": "on",
        "amount": "50000", "reasons": "初次违法。", "position": "won",
    }  # fmt: skip
    assert officer.post(reverse("cases:report", args=[case.pk]), report).status_code == 302
    officer.post(reverse("cases:step", args=[case.pk, "submit_report"]), {"note": ""})
    section.post(reverse("cases:step", args=[case.pk, "submit_legal_review"]), {"note": "审核通过。"})
    client_for(at.reviewer).post(
        reverse("cases:step", args=[case.pk, "pass_legal_review"]), {"note": "合法。"}
    )
    head.post(reverse("cases:step", args=[case.pk, "waive_discussion"]), {"note": "案情简单。"})
    page = reverse("cases:notice", args=[case.pk])
    officer.post(
        page,
        {
            **officer.get(page).context["form"].initial,
            "contact_address": "烈山大道",
            "contact_phone": "0722-1",
        },
    )
    page = reverse("cases:serve_notice", args=[case.pk])
    officer.post(
        page, {**officer.get(page).context["form"].initial, "mode": "direct", "served_on": "2026-07-01"}
    )
    clock.move_to(dt.datetime(2026, 7, 9, 1, tzinfo=dt.UTC))
    officer, head = client_for(at.officer), client_for(at.head)  # the sessions have ended meanwhile
    officer.post(reverse("cases:close_term", args=[case.pk]))
    page = reverse("cases:decide", args=[case.pk])
    initial = {
        name: value for name, value in head.get(page).context["form"].initial.items() if value is not None
    }
    decision = {
        **initial, "payment_bank": "农业银行", "payment_account_name": "随州市财政局", "payment_account": "1778",
        "review_authority": "随州市人民政府", "court": "随州市曾都区人民法院",
    }  # fmt: skip
    assert head.post(page, {**decision, "amount": "50001"}).status_code == 422
    assert head.post(page, decision).status_code == 302
    head.post(reverse("cases:seal", args=[case.pk]))
    case.refresh_from_db()
    assert (case.state, str(case.decision.fine)) == ("P14", "50000.00")
    shown = head.get(case.get_absolute_url()).content.decode()
    assert "随住更罚决〔2026〕1号" in shown and "双公示" not in case.cause


def test_the_worklist_shows_each_role_what_to_do_next(at, clock):
    def kinds(user):
        user.forget_roles()
        return [
            (str(duty.title), str(duty.action)) for duty in duties_for(user) if duty.kind in ("线索", "案件")
        ]

    lead(at)
    assert kinds(at.dispatcher) == [("初步审查：投标准备期不足", "分办核查")]
    case = proposed_case(at)
    assert ("立案审批：投标准备期不足", "承办机构审核立案") in kinds(at.section)
    assert not kinds(at.reviewer) and not kinds(at.stranger) and not kinds(at.admin)
    assert case.pk
    done = reported_case(at)
    assert ("调查终结：投标准备期不足", "报承办机构审核") in kinds(at.officer)
    assert done.pk


def test_a_duty_carries_the_clock_that_falls_due_first(at):
    proposed_case(at)
    [duty] = [duty for duty in duties_for(at.section) if str(duty.kind) == "案件"]
    assert duty.due == dt.date(2026, 7, 8)  # PC-02: five working days


def test_lists_cost_the_same_however_long_they_are(at, client_for):
    for _n in range(3):
        proposed_case(at)
    lead(at)
    browser = client_for(at.section)
    for name in ("cases:cases", "cases:leads"):
        browser.get(reverse(name))
        with assert_max_queries(26) as few:
            browser.get(reverse(name))
        for _n in range(3):
            proposed_case(at)
        with assert_max_queries(len(few.captured_queries)):
            browser.get(reverse(name))


def test_lists_are_filtered_sorted_and_exported(at, client_for):
    filed_case(at)
    lead(at)
    browser = client_for(at.dispatcher)
    listed = browser.get(
        reverse("cases:cases"), {"state": "P02", "violation_code": "WF-07", "sort": "-filed_on"}
    )
    assert "随住更案" in listed.content.decode()
    assert "随住更案" not in browser.get(reverse("cases:cases"), {"state": "P15"}).content.decode()
    assert Lead.objects.count() == 2
    exported = b"".join(browser.get(reverse("cases:leads"), {"_export": "csv"}).streaming_content).decode(
        "utf-8-sig"
    )
    assert "线索〔2026〕1号" in exported and "陈丽" in exported


def test_the_party_and_dossier_pages_show_the_case_to_its_people(at, client_for, clock):
    case = served_case(at, clock)
    browser = client_for(at.head)
    for url in (case.project.get_absolute_url(), reverse("registry:party", args=[case.party_id])):
        assert case.case_no in browser.get(url).content.decode(), url


def test_a_case_page_costs_a_bounded_number_of_queries(at, client_for, clock):
    case = decided_case(at, clock)
    browser = client_for(at.head)
    browser.get(case.get_absolute_url())
    with assert_max_queries(60):
        browser.get(case.get_absolute_url())
