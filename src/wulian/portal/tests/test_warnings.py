"""What the page of answers says before anything is sent."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wulian.casework.intake.masking import personal_places
from wulian.casework.intake.tests import factories as make
from wulian.portal import hints

pytestmark = pytest.mark.django_db
HINT = "可能已有他人反映"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("请打13986412075找我", "13986412075"),
        ("身份证420881199001011234。", "420881199001011234"),
        ("邮箱 a.b@qq.com 可联系", "a.b@qq.com"),
        ("微信号：abc_12345", "微信号：abc_12345"),
        ("我QQ号是12345678", "QQ号是12345678"),
        ("报价为13986412.07元", None),
        ("开标时间2026-09-24", None),
        ("项目编号2609-421303-04-01-000001", None),
    ],
)
def test_numbers_that_may_name_a_person_are_found_where_they_stand(text, marked):
    places = [text[start:end] for start, end in personal_places(text)]
    assert places == ([marked] if marked else [])


def test_the_places_are_marked_and_nothing_of_the_text_becomes_markup(visitor):
    facts = f"<script>alert(1)</script>我的电话是{make.PHONE}，三家串通投标。"
    page = visitor.walk(facts={"facts": facts}).content.decode()
    assert f"<mark>{make.PHONE}</mark>" in page and "&lt;script&gt;" in page
    assert page.count("<mark>") == 1, "the telephone asked for by name is not warned of"


@pytest.fixture
def never_drawn(monkeypatch):
    monkeypatch.setattr(hints, "_drawn", lambda project: False)


def walked(visitor, project):
    return visitor.walk(project={"project_text": "府河", "project": str(project.pk)}).content.decode()


@pytest.mark.parametrize("kind", ["complaint", "tip_off"])
def test_the_hint_is_the_same_whatever_was_reported(visitor, never_drawn, kind, people):
    project = make.project()
    assert HINT not in walked(visitor, project)
    getattr(make, kind)(project=project, respondent_name="住更局")
    page = walked(visitor, project)
    assert HINT in page
    hint = page[page.index("<p>" + "这个项目可能") :].split("</p>")[0]
    assert not any(sign.isdigit() for sign in hint.replace("/portal/status/", ""))


def test_the_hint_proves_nothing_as_half_of_the_other_projects_show_it_too(db):
    shown = [hints._drawn(str(number)) for number in range(1000)]
    assert 400 < sum(shown) < 600
    with time_machine.travel("2027-03-01T10:00:00+08:00", tick=False):
        assert [hints._drawn(str(number)) for number in range(1000)] != shown


def test_the_hint_costs_the_same_work_either_way(clock, db):
    quiet, reported = make.project(), make.project()
    make.complaint(project=reported)
    counts = []
    for project in (quiet, reported):
        with CaptureQueriesContext(connection) as asked:
            hints.may_be_known(str(project.pk))
        counts.append(len(asked))
    assert counts == [2, 2]


def test_a_project_named_in_free_words_gives_no_hint(db):
    assert not hints.may_be_known("")
    assert not hints.may_be_known("1 or 1=1")


def test_what_named_and_anonymous_mean_is_said_honestly(visitor):
    visitor.step("topic", topic="fraud")
    visitor.step("channel", kind="tip_off")
    page = visitor.client.get("/portal/report/name_given/").content.decode()
    for words in ("第二人同意", "只有您才知道的细节", "无法找回", "无法查实"):
        assert words in page


def test_large_type_is_a_switch_that_stays(visitor):
    assert 'class="p-large"' not in visitor.client.get("/portal/").content.decode()
    answer = visitor.client.post("/portal/large/", {"next": "/portal/report/topic/"})
    assert answer.headers["Location"] == "/portal/report/topic/"
    assert 'class="p-large"' in visitor.client.get("/portal/").content.decode()
    away = visitor.client.post("/portal/large/", {"next": "https://example.com/"})
    assert away.headers["Location"] == "/portal/"
    assert 'class="p-large"' not in visitor.client.get("/portal/").content.decode()
