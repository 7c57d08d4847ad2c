"""The report of a meeting: who prepares and reads it, that it is frozen, the leads and the consultation that come of it."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from wulian.casework.cases.models import Case, Evidence, Lead
from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents import storage
from wulian.core.documents.models import EnforcementDocument
from wulian.core.ui.testing import assert_max_queries, assert_only_roles
from wulian.dashboards import services
from wulian.dashboards.briefing.proposals import judged_alerts, propose
from wulian.dashboards.models import BriefingReport
from wulian.dashboards.tasks import generate_report
from wulian.dashboards.tests.random_city import BEIJING, RandomCity
from wulian.information.alerts.models import Alert
from wulian.information.registry.models import Award, Bid, Lot, Party, Project, Tender
from wulian.office.consultations.models import Consultation

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 10, tzinfo=BEIJING)
START, END = dt.date(2026, 8, 1), dt.date(2026, 10, 31)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def office(user_factory):
    return user_factory(Role.OFFICE_HEAD)


@pytest.fixture
def king(db):
    """A firm that won ten lots of ten against four others, with one that always lost beside it."""
    firms = [Party.objects.create(source_key=f"K{n}", name=name) for n, name in enumerate(
        ("襄阳天宇水利水电工程有限公司", "武汉大洪山水电安装工程有限公司", "孝感富民水利水电工程有限公司",
         "荆门众诚公路工程有限公司", "随州同济土地整治工程有限公司"))]  # fmt: skip
    project = Project.objects.create(
        source_system="t", source_key="K", name="水库除险加固", sector="water", region_code="421321"
    )
    tender = Tender.objects.create(project=project, source_key="T", name="施工")
    for number in range(10):
        lot = Lot.objects.create(
            project=project, tender=tender, source_key=str(number), name=f"{number + 1}标段"
        )
        at = dt.datetime(2026, 3, 1 + number, 9, tzinfo=BEIJING)
        for firm in firms:
            Bid.objects.create(
                project=project, lot=lot, source_key=firm.source_key, tenderer=firm, price=100, uploaded_at=at
            )
        Award.objects.create(
            project=project, lot=lot, source_key="A", supplier=firms[0], price=100, decided_at=at
        )
    return firms[0]


@pytest.fixture
def report(office, king):
    return services.write_report(report=services.request_report(actor=office, start=START, end=END))


def row_of(report, code):
    return next(index for index in report.content["indices"] if index["code"] == code)["rows"][0]


def test_the_coordinating_office_asks_and_the_worker_computes(office, king):
    report = services.request_report(actor=office, start=START, end=END)
    assert report.state == "waiting" and report.content == {}
    queued = DBTaskResult.objects.get(task_path="wulian.dashboards.tasks.generate_report")
    assert queued.args_kwargs["args"] == [report.pk]
    assert generate_report.call(report.pk) == "ready"
    report.refresh_from_db()
    assert report.is_ready and report.is_intact
    verbs = AuditEvent.objects.values_list("verb", flat=True)
    assert {"dashboards.report_requested", "dashboards.report_written", "documents.issued"} <= set(verbs)


@pytest.mark.parametrize(
    "role", [Role.CLERK, Role.CASE_OFFICER, Role.AUTHORITY_HEAD, Role.DISCIPLINE, Role.SYSTEM_ADMIN]
)
def test_nobody_else_asks_for_a_report(role, user_factory):
    with pytest.raises(Forbidden):
        services.request_report(actor=user_factory(role), start=START, end=END)
    assert not BriefingReport.objects.exists()


@pytest.mark.parametrize(
    ("start", "end"), [(END, START), (START, NOW.date() + dt.timedelta(days=1)), (dt.date(2025, 1, 1), END)]
)
def test_days_in_the_wrong_order_not_over_or_too_many_are_refused(start, end, office):
    with pytest.raises(Refusal) as refused:
        services.request_report(actor=office, start=start, end=end)
    assert refused.value.field == "end"


def test_a_report_is_frozen_whatever_happens_to_the_data_later(report, king):
    before = json.dumps(report.content, sort_keys=True)
    Award.objects.all().update(supplier=None)
    again = services.write_report(report=BriefingReport.objects.get(pk=report.pk))
    assert json.dumps(again.content, sort_keys=True) == before
    assert EnforcementDocument.objects.for_object(report).count() == 1


def test_a_changed_content_is_noticed_and_opens_no_lead(report, office, client_for):
    BriefingReport.objects.update(content={**report.content, "lots": 999})
    report.refresh_from_db()
    assert not report.is_intact
    with pytest.raises(Refusal, match="SM3"):
        services.open_lead(actor=office, report=report, key=row_of(report, "champion")["key"])
    assert "SM3摘要不符" in client_for(office).get(report.get_absolute_url()).content.decode()


def test_word_and_pdf_are_issued_in_the_name_of_the_office_with_the_same_numbers(report, office):
    document = EnforcementDocument.objects.for_object(report).get()
    assert document.document_no == "随公监办数析〔2026〕1号"
    assert storage.read(document.pdf_path).startswith(b"%PDF")
    from io import BytesIO

    from docx import Document

    word = Document(BytesIO(storage.read(document.docx_path)))
    text = "\n".join(
        [item.text for item in word.paragraphs]
        + [c.text for t in word.tables for r in t.rows for c in r.cells]
    )
    assert "襄阳天宇水利水电工程有限公司" in text and "线索提示，不作认定" in text
    assert "数据不足" in text and row_of(report, "champion")["value"] in text


def test_the_report_counts_what_its_author_sees_and_no_more(department_tree, user_factory, office):
    RandomCity(61, department_tree, user_factory(Role.CLERK)).fill(25)
    report = services.write_report(
        report=services.request_report(actor=office, start=dt.date(2026, 1, 1), end=END)
    )
    numbers = {item["label"]: item["now"] for item in report.content["summary"]}
    first, last = dt.datetime(2026, 1, 1, tzinfo=BEIJING), dt.datetime(2026, 11, 1, tzinfo=BEIJING)
    assert numbers["新增预警"] == Alert.objects.filter(raised_at__gte=first, raised_at__lt=last).count()
    from wulian.casework.intake.models import Complaint

    complaints = Complaint.objects.filter(received_at__gte=first, received_at__lt=last)
    against = complaints.filter(accused_department=office.department)
    assert numbers["收到投诉"] == complaints.count() - against.count()
    for table in report.content["tables"]:
        assert all(len(row) == len(table["head"]) for row in table["rows"])


def test_one_click_opens_a_lead_with_the_row_as_evidence(report, office, king, client_for, user_factory):
    row = row_of(report, "champion")
    assert row["party"] == king.pk
    response = client_for(office).post(
        reverse("dashboards:report_lead", args=[report.pk]), {"key": row["key"]}
    )
    lead = Lead.objects.get()
    assert response.status_code == 302 and response["Location"] == lead.get_absolute_url()
    assert (lead.source, lead.party, lead.created_by, lead.origin) == ("analysis", king, office, report)
    assert "线索提示，不作认定" in lead.facts and "襄阳天宇" in lead.title
    seen = json.loads(Evidence.objects.get(lead=lead).content)
    assert seen["row"]["components"] == [list(part) for part in row["components"]]
    assert seen["digest"] == report.digest and seen["formula"]
    page = client_for(office).get(report.get_absolute_url()).content.decode()
    assert lead.lead_no in page


def test_the_same_subject_has_one_lead_at_a_time_and_a_later_report_adds_its_row(report, office, king):
    key = row_of(report, "champion")["key"]
    lead, is_new = services.open_lead(actor=office, report=report, key=key)
    same, again = services.open_lead(actor=office, report=report, key=key)
    assert (same.pk, is_new, again) == (lead.pk, True, False)
    assert Evidence.objects.filter(lead=lead).count() == 1
    later = services.write_report(report=services.request_report(actor=office, start=START, end=NOW.date()))
    joined, new = services.open_lead(actor=office, report=later, key=key)
    assert (joined.pk, new) == (lead.pk, False)
    assert Evidence.objects.filter(lead=lead).count() == 2
    Lead.objects.filter(pk=lead.pk).update(state=Lead.get_procedure().final_states[0])
    second, fresh = services.open_lead(actor=office, report=later, key=key)
    assert fresh and second.pk != lead.pk


def test_a_lead_is_opened_from_a_row_that_is_there_by_the_office_only(report, user_factory):
    with pytest.raises(Refusal, match="这一行"):
        services.open_lead(actor=report.requested_by, report=report, key="champion:party:0")
    for role in (Role.CASE_OFFICER, Role.DISCIPLINE, Role.SECTION_HEAD):
        with pytest.raises(Forbidden):
            services.open_lead(actor=user_factory(role), report=report, key=row_of(report, "champion")["key"])
    assert not Lead.objects.exists()


def test_a_meeting_about_a_report_lets_its_members_read_it_and_nobody_else(
    report, office, user_factory, department_tree, client_for
):
    member, stranger = user_factory(Role.AUTHORITY_HEAD, "water"), user_factory(Role.AUTHORITY_HEAD, "land")
    url = report.get_absolute_url()
    assert client_for(member).get(url).status_code == 404
    response = client_for(office).post(
        reverse("dashboards:report_meeting", args=[report.pk]),
        {"title": "十一月数据分析例会", "departments": [department_tree["water"].pk, department_tree["housing"].pk], "disputes": ""},
    )  # fmt: skip
    meeting = Consultation.objects.get()
    assert response["Location"] == meeting.get_absolute_url()
    assert (meeting.type, meeting.subject) == ("data", report) and "统计线索" in meeting.facts
    page = client_for(member).get(url)
    assert page.status_code == 200 and "转为线索" not in page.content.decode()
    document = EnforcementDocument.objects.for_object(report).get()
    assert client_for(member).get(reverse("documents:pdf", args=[document.pk])).status_code == 200
    assert client_for(stranger).get(url).status_code == 404
    assert client_for(stranger).get(reverse("documents:pdf", args=[document.pk])).status_code in (403, 404)


def test_pages_are_for_those_who_may(report, role_users):
    assert_only_roles(reverse("dashboards:report_new"), role_users, [Role.DISPATCHER, Role.OFFICE_HEAD])
    readers = [Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE]
    assert_only_roles(report.get_absolute_url(), role_users, readers)
    assert_only_roles(reverse("dashboards:report_meeting", args=[report.pk]), role_users, readers[:2])


def test_the_list_names_each_report_and_opens_it(report, office, client_for):
    page = client_for(office).get(reverse("dashboards:reports")).content.decode()
    assert f'href="{report.get_absolute_url()}">{report}</a>' in page


def test_a_report_waits_and_says_why_it_failed(office, client_for, monkeypatch):
    report = services.request_report(actor=office, start=START, end=END)
    assert "报告正在生成" in client_for(office).get(report.get_absolute_url()).content.decode()

    def refuse(*args):
        raise Refusal("没有可用的中文字体")

    monkeypatch.setattr(services, "issue_document", lambda **given: refuse())
    with transaction.atomic():
        assert generate_report.call(report.pk) == "failed"
    report.refresh_from_db()
    assert report.state == "failed" and report.content == {}
    assert "没有可用的中文字体" in client_for(office).get(report.get_absolute_url()).content.decode()


def test_the_form_begins_with_the_last_month_and_shows_a_refusal(office, client_for):
    client = client_for(office)
    page = client.get(reverse("dashboards:report_new")).content.decode()
    assert "2026-10-01" in page and "2026-10-31" in page
    response = client.post(reverse("dashboards:report_new"), {"start": "2026-11-01", "end": "2026-12-31"})
    assert response.status_code == 422 and "不得晚于今天" in response.content.decode()
    assert (
        client.post(
            reverse("dashboards:report_new"), {"start": "2026-10-01", "end": "2026-10-31"}
        ).status_code
        == 302
    )


def test_the_page_of_a_report_asks_a_fixed_number_of_queries(report, office, client_for):
    client = client_for(office)
    client.get(report.get_absolute_url())
    with assert_max_queries(14):
        client.get(report.get_absolute_url())


def test_seeding_writes_the_report_of_full_months(office, king):
    report = services.seed_briefing(actor=office)
    assert (report.start, report.end, report.state) == (START, END, "ready")


def alert(rule, number, state, destination="", value=None):
    return Alert.objects.create(
        rule_id=rule, rule_version=1, rule_title="投标准备期不足", node="N05", severity="红", rank=1, subject_kind="lot",
        subject_id=f"{rule}{number}", subject_label="标段", state=state, destination=destination, value=value, threshold=20,
        raised_at=NOW - dt.timedelta(days=60),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "confirmed", "excluded", "value", "kind"),
    [
        ("WJ-01", 5, 0, 19, "参数处在边缘"),
        ("WJ-01", 5, 0, 10, None),
        ("WJ-01", 4, 0, 19, None),
        ("WJ-01", 1, 5, 10, "规则收紧或停用"),
        ("ZZ-77", 5, 1, None, "疑点转规则"),
        ("ZZ-77", 1, 5, None, None),
    ],
)
def test_rules_are_proposed_from_how_people_judged(rule, confirmed, excluded, value, kind, office):
    for number in range(confirmed):
        alert(rule, number, "转线索", "lead", value)
    for number in range(excluded):
        alert(rule, 100 + number, "已排除")
    alert(rule, 999, "已消除")
    alert(rule, 998, "研判中")
    record = judged_alerts(office, END)[rule]
    assert (record.confirmed, record.excluded) == (confirmed, excluded)
    assert [item.kind for item in propose(office, END)] == ([kind] if kind else [])


def test_a_closed_case_that_no_rule_leads_to_is_a_pattern_to_make_a_rule_of(
    office, department_tree, user_factory
):
    from wulian.law.rules import all_rules
    from wulian.law.violations import violations

    covered = {rule.violation_code for rule in all_rules() if rule.enabled}
    city = RandomCity(62, department_tree, user_factory(Role.CLERK))
    city.case()
    bare = next(code for code in violations() if code not in covered)
    Case.objects.update(violation_code=bare, closed_on=dt.date(2026, 9, 1), filed_on=dt.date(2026, 8, 1))
    [proposal] = propose(office, END)
    assert proposal.kind == "已结案件无对应规则" and proposal.subject.startswith(bare)
    Case.objects.update(violation_code=next(code for code in covered if code))
    assert propose(office, END) == []
