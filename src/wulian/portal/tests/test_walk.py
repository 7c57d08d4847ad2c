"""From the first question to the department, and back with the code."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from wulian.casework.intake.blind import details_of
from wulian.casework.intake.models import Complaint, Receipt, ReporterIdentity, TipOff
from wulian.casework.intake.tests import factories as make
from wulian.core.clocks.models import Clock
from wulian.core.ui.worklist import duties_for
from wulian.portal.tests.walking import AGENT, ANSWERS

pytestmark = pytest.mark.django_db
OBJECTION = ["topic", "objection", "channel"]


def test_a_complaint_walks_from_the_portal_to_the_department(visitor, people, client_for):
    dossier = make.project(sector="transport", region="421300")
    found = visitor.client.post("/portal/report/project/", {"project_text": "府河 改造", "search": "1"})
    assert dossier.name in found.content.decode()
    slip = visitor.submit(project={"project_text": "府河", "project": str(dossier.pk)})
    matter = Complaint.objects.get()
    assert (matter.project, matter.state, matter.knew_on.isoformat()) == (dossier, "C01", "2026-09-24")
    dues = {clock.kind: clock.due.isoformat() for clock in Clock.objects.of(matter)}
    assert dues == {"complaint.admission": "2026-10-09", "complaint.decision": "2026-11-16"}

    clerk = client_for(people.clerk)
    clerk.post(
        reverse("intake:complaint_register", args=[matter.pk]),
        {
            "topic": "collusion",
            "sector": "transport",
            "region_code": "421300",
            "project_code": dossier.project_code,
        },
    )
    client_for(people.dispatcher).post(reverse("intake:complaint_dispatch", args=[matter.pk]))
    matter.refresh_from_db()
    assert (matter.state, matter.authority) == ("C03", people.transport)
    assert [duty.url for duty in duties_for(people.stranger)] == [matter.get_absolute_url()]

    stranger = Client()
    answer = stranger.post("/portal/status/", {"number": slip.receipt.number, "code": slip.code.lower()})
    page = stranger.get(answer.headers["Location"]).content.decode()
    for words in ("受理审查中", "2026-10-09", "2026-11-16", people.transport.name, matter.number):
        assert words in page
    assert make.NAME not in page and make.PHONE not in page


def test_only_the_questions_that_apply_are_asked(visitor):
    visitor.walk()
    assert "objection" not in visitor.asked and "name_given" not in visitor.asked
    assert visitor.asked == [
        "topic", "channel", "project", "respondent", "facts", "when", "request", "evidence", "files", "relation",
        "who",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("topic", "asked"), [("documents", True), ("evaluation", True), ("opening", True), ("fraud", False)]
)
def test_an_objection_is_asked_for_only_where_the_law_wants_one(visitor, topic, asked):
    """实施条例 第六十条第二款: articles 22, 44 and 54 only (REFERENCE T-03)."""
    answer = visitor.step("topic", topic=topic)
    assert answer.headers["Location"].endswith("/objection/") is asked


def test_without_an_objection_the_visitor_is_told_before_choosing(visitor):
    visitor.step("topic", topic="evaluation")
    visitor.step("objection", raised="no")
    page = visitor.client.get("/portal/report/channel/").content.decode()
    assert "您还没有提出异议" in page and "第五十四条" in page


def test_the_objection_time_reaches_the_record(visitor):
    visitor.submit(topic={"topic": "evaluation"})
    matter = Complaint.objects.get()
    assert [matter.objection_on.isoformat(), matter.objection_replied_on.isoformat()] == [
        "2026-09-20",
        "2026-09-22",
    ]


def test_an_anonymous_report_asks_no_name_and_keeps_none(visitor):
    visitor.submit(channel={"kind": "tip_off"}, name_given={"named": "no"}, when={"happened_on": ""})
    assert "who" not in visitor.asked and "request" not in visitor.asked
    assert TipOff.objects.get().receipt.is_anonymous
    assert not ReporterIdentity.objects.exists()


def test_a_named_report_keeps_the_name_in_the_vault(visitor):
    visitor.submit(channel={"kind": "tip_off"})
    assert ReporterIdentity.objects.count() == 1


def test_a_changed_answer_that_opens_new_questions_has_them_asked(visitor):
    visitor.walk(channel={"kind": "tip_off"}, name_given={"named": "no"})
    answer = visitor.step("channel", kind="complaint")
    assert answer.headers["Location"].endswith("/request/")
    assert visitor.step("request", request="请依法查处。").headers["Location"].endswith("/who/")


def test_a_visitor_cannot_skip_to_the_end(visitor):
    assert visitor.client.get("/portal/report/check/").headers["Location"].endswith("/topic/")
    assert visitor.client.get("/portal/report/nonsense/").status_code == 404


@pytest.mark.parametrize(
    ("step", "answers"),
    [
        ("facts", {"facts": "很短"}),
        ("when", {"happened_on": "2026-09-30", "knew_on": "2026-09-24"}),
        ("when", {"happened_on": "", "knew_on": ""}),
        ("who", {"kind": "person", "name": "欧", "phone": "139", "address": "随州"}),
        ("who", {"kind": "person", "name": "欧阳听雨", "phone": "139", "address": " "}),
        ("respondent", {"respondent_name": " "}),
        ("project", {"project_text": "府河", "project": "999999"}),
        ("project", {"project_text": "府河", "project": "1 or 1=1"}),
    ],
)
def test_a_wrong_answer_comes_back_with_what_was_typed(visitor, step, answers):
    visitor.step("topic", topic="collusion")
    visitor.step("channel", kind="complaint")
    page = visitor.step(step, **answers)
    assert page.status_code == 422
    assert "data-failed" in page.content.decode()
    form = page.context["form"]
    assert form.errors
    assert all(form[name].value() == value for name, value in answers.items())


def test_answers_survive_leaving_and_are_gone_when_thrown_away(visitor):
    visitor.walk()
    start = visitor.client.get("/portal/").content.decode()
    assert "继续上次的填写" in start
    assert "串通" in visitor.client.get("/portal/report/check/").content.decode()
    visitor.client.post("/portal/report/forget/")
    assert "继续上次的填写" not in visitor.client.get("/portal/").content.decode()


def test_the_page_of_answers_warns_of_personal_data_in_the_text(visitor):
    page = visitor.walk(facts={"facts": f"我的电话是{make.PHONE}，他们三家串通投标。"})
    assert "您写的内容里有个人信息" in page.content.decode()
    visitor.step("facts", facts="他们三家由同一人编制投标文件，串通投标。")
    assert "您写的内容里有个人信息" not in visitor.client.get("/portal/report/check/").content.decode()


def test_sending_twice_stores_once_and_shows_the_same_receipt(visitor):
    page = visitor.walk()
    payload = {"truth": "on", "proof": visitor.prove(page)}
    first = visitor.client.post("/portal/report/check/", payload)
    slip = visitor.client.get(first.headers["Location"]).context["slip"]
    again = visitor.client.post("/portal/report/check/", payload)
    assert visitor.client.get(again.headers["Location"]).context["slip"].code == slip.code
    assert Receipt.objects.count() == 1


def test_a_receipt_lost_on_the_way_is_shown_when_the_browser_comes_again(visitor):
    """The answer to the first sending never arrived, and the session was lost with it."""
    from django.contrib.sessions.models import Session

    page = visitor.walk()
    payload = {"truth": "on", "proof": visitor.prove(page)}
    first = visitor.client.post("/portal/report/check/", payload)
    code = visitor.client.get(first.headers["Location"]).context["slip"].code
    Session.objects.all().delete()
    second = visitor.client.post("/portal/report/check/", payload)
    assert visitor.client.get(second.headers["Location"]).context["slip"].code == code
    assert Receipt.objects.count() == 1


def test_secret_projects_and_those_never_published_are_not_found(visitor):
    make.project(name="府河秘密工程", is_secret=True)
    unpublished = make.project(name="府河未公告工程")
    from wulian.information.registry.models import Notice

    Notice.objects.filter(project=unpublished).delete()
    page = visitor.client.post("/portal/report/project/", {"project_text": "府河", "search": "1"})
    assert "秘密" not in page.content.decode() and "未公告" not in page.content.decode()
    answer = visitor.step("project", project_text="府河", project=str(unpublished.pk))
    assert answer.status_code == 422


@pytest.mark.parametrize(("knew_on", "late"), [("2026-09-19", False), ("2026-09-18", True)])
def test_a_complaint_after_the_10_days_is_warned_and_offered_a_report(visitor, knew_on, late):
    """实施条例 第六十条: knew on the 19th, sent on the 29th, is the last day."""
    page = visitor.walk(when={"happened_on": "", "knew_on": knew_on})
    assert ("改为举报" in page.content.decode()) is late
    assert page.status_code == 200, "it may be sent all the same: a person decides on admission"


def test_an_agent_names_the_file_that_is_the_letter_of_authorisation(visitor):
    visitor.step("topic", topic="collusion")
    visitor.step("channel", kind="complaint")
    sent = SimpleUploadedFile("委托书.txt", "授权委托书".encode())
    taken = visitor.client.post(
        "/portal/report/files/", {"files": [sent]}, headers={"Accept": "application/json"}
    )
    (file,) = taken.json()["taken"]
    letter = {**ANSWERS["mandate"], "mandate": file["token"]}
    parties = {**ANSWERS["respondent"], "other_respondents": "周文斌；0722-3590066"}
    service = {"electronic_service": "on", "email": "ting@example.cn"}
    page = visitor.walk(respondent=parties, who={**ANSWERS["who"], **AGENT, **service}, mandate=letter)
    assert visitor.asked[-1] == "mandate" and "委托书.txt" in page.content.decode()
    assert visitor.send(page).status_code == 302
    matter = Complaint.objects.get()
    assert (matter.has_agent, matter.agent_mandate, matter.truth_stated) == (True, "材料1.txt", True)
    assert matter.electronic_service and matter.others.get().name == "周文斌"
    assert details_of(matter.receipt)["agent_name"] == AGENT["agent_name"]


@pytest.mark.parametrize(
    ("step", "given", "field"),
    [
        (
            "respondent",
            {"respondent_name": "某公司", "other_respondents": "周文斌\n周文斌"},
            "other_respondents",
        ),
        ("who", {**ANSWERS["who"], "agent_name": "梁成蹊"}, "agent_phone"),
        ("who", {**ANSWERS["who"], "electronic_service": "on"}, "email"),
        ("mandate", {**ANSWERS["mandate"], "agent_to": "2026-08-01"}, "agent_to"),
    ],
)
def test_what_a_complaint_lacks_is_said_at_its_question(visitor, step, given, field):
    visitor.walk(who={**ANSWERS["who"], **AGENT})
    answer = visitor.step(step, **given)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]


def test_a_report_is_not_asked_for_agent_and_service(visitor):
    visitor.walk(channel={"kind": "tip_off"})
    page = visitor.client.get("/portal/report/who/").content.decode()
    assert "agent_name" not in page and "electronic_service" not in page
    assert "other_respondents" not in visitor.client.get("/portal/report/respondent/").content.decode()
