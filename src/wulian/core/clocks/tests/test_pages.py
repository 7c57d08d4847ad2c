"""Pages of the calendar and of one clock: the right person, a stranger, and what was typed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wulian.core.accounts.choices import Role
from wulian.core.clocks.choices import SuspensionReason
from wulian.core.clocks.models import CalendarRevision, CalendarYear, Clock
from wulian.core.clocks.services import suspend_clock
from wulian.core.clocks.tests.factories import make_clock, make_subject, make_user

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOTICE = "国务院办公厅关于2027年部分节假日安排的通知"
TYPED = {"source": NOTICE, "days_off": "2027-01-01 至 2027-01-03 元旦\n", "working_days": "2027-01-09\n"}


@pytest.fixture(autouse=True)
def _in_november_2026():
    with time_machine.travel(datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def head(client):
    user = make_user("wangzhiyuan", "王志远", Role.OFFICE_HEAD)
    client.force_login(user)
    return user


@pytest.fixture
def officer(client):
    user = make_user("lijianguo", "李建国", Role.CASE_OFFICER)
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"clocks:{name}", args=args)


def test_the_whole_way_from_an_unknown_year_to_final_dates(client, head):
    clock = make_clock(started_on=date(2026, 11, 20))
    assert "2027" in client.get(url("year_list")).content.decode()

    saved = client.post(url("year_edit", 2027), TYPED)
    assert (saved.status_code, saved.url) == (302, url("year_detail", 2027))
    published = client.post(url("year_publish", 2027), {"reason": NOTICE})
    assert (published.status_code, published.url) == (302, url("reproject", 2027))

    preview = client.get(published.url).content.decode()
    assert "2027-01-01" in preview and "2027-01-04" in preview and "投诉处理决定" in preview
    done = client.post(published.url, {"reason": NOTICE}, follow=True)
    assert "2027-01-04" in done.content.decode()
    clock.refresh_from_db()
    assert (clock.due, clock.provisional) == (date(2027, 1, 4), False)

    explained = client.get(url("explain", clock.pk)).content.decode()
    assert "第30个工作日为2027-01-04" in explained
    assert NOTICE in explained  # the reason of the change, in its history


def test_a_line_that_is_no_date_is_named_and_what_was_typed_stays(client, head):
    answer = client.post(url("year_edit", 2027), TYPED | {"days_off": "2027-01-01 元旦\n国庆节七天"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "国庆节七天" in page and NOTICE in page
    assert "第2行" in page
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize(
    "days_off",
    ["2027-02-30 春节", "2027-01-03 至 2027-01-01 元旦", "2027-01-01 至 2027-12-31 全年", "2028-01-01 元旦"],
)
def test_days_that_cannot_be_are_refused_on_the_form(client, head, days_off):
    assert client.post(url("year_edit", 2027), TYPED | {"days_off": days_off}).status_code == 422
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_a_published_year_comes_back_into_the_form_as_it_was(client, head):
    form = client.get(url("year_edit", 2026)).context["form"]
    assert "2026-02-15 至 2026-02-23 春节" in form.initial["days_off"]
    assert "2026-10-10" in form.initial["working_days"].splitlines()
    client.post(url("year_edit", 2026), form.initial)
    answer = client.post(url("year_publish", 2026), {"reason": "无变化"})
    assert answer.status_code == 422
    assert CalendarRevision.objects.filter(calendar_year__year=2026).count() == 1


def test_the_history_shows_what_a_correction_added_and_removed(client, head):
    client.post(url("year_edit", 2027), TYPED)
    client.post(url("year_publish", 2027), {"reason": NOTICE})
    client.post(url("year_edit", 2027), TYPED | {"working_days": "2027-01-10"})
    client.post(url("year_publish", 2027), {"reason": "更正调休日"})
    newest, first = client.get(url("year_history", 2027)).context["history"]
    assert [row["date"] for row in newest.added] == ["2027-01-10"]
    assert [row["date"] for row in newest.removed] == ["2027-01-09"]
    assert len(first.added) == 4


@pytest.mark.parametrize("name", ["year_edit", "year_publish", "reproject"])
def test_an_officer_reads_the_calendar_but_does_not_keep_it(client, officer, name):
    assert client.get(url("year_detail", 2026)).status_code == 200
    assert client.get(url("year_list")).context["page_actions"] == []
    assert client.get(url(name, 2026)).status_code == 403
    assert client.post(url(name, 2026), {"reason": "试试", **TYPED}).status_code == 403
    assert CalendarRevision.objects.count() == 3


@pytest.mark.parametrize("name", ["year_list", "year_detail", "year_history"])
def test_nobody_reads_anything_without_signing_in(client, name):
    args = [] if name == "year_list" else [2026]
    assert client.get(url(name, *args)).status_code == 302


def test_an_unknown_year_is_not_found(client, head):
    for name in ("year_detail", "year_history", "year_publish", "reproject"):
        assert client.get(url(name, 2031)).status_code == 404
    assert client.get(url("year_edit", 1800)).status_code == 404


def test_the_grid_shows_the_national_holiday_and_the_worked_saturday(client, officer):
    months = client.get(url("year_detail", 2026)).context["months"]
    october = {cell.day.day: cell for week in months[9].weeks for cell in week if cell}
    assert (october[1].kind, october[1].note) == ("off", "国庆节")
    assert (october[10].kind, october[11].kind, october[12].kind) == ("working", "weekend", "plain")


def test_the_list_of_years_costs_the_same_for_many_years(client, head):
    client.get(url("year_list"))
    counts = []
    for years in (range(0), range(2010, 2020)):
        for year in years:
            CalendarYear.objects.create(year=year, source="历年安排")
        with CaptureQueriesContext(connection) as queries:
            client.get(url("year_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# One clock


def test_the_explanation_lists_steps_and_suspensions(client, officer):
    clock = make_clock()
    suspend_clock(
        actor=officer,
        clock=clock,
        from_day=date(2026, 10, 12),
        until=date(2026, 10, 16),
        reason_code=SuspensionReason.APPRAISAL,
        document_no="随住更委〔2026〕8号",
        institute="湖北省建设工程质量检测中心",
    )
    page = client.get(url("explain", clock.pk)).content.decode()
    for words in (
        "2026-10-13至2026-10-16",
        "第30个工作日为2026-11-20",
        "随住更委〔2026〕8号",
        "民法典 第二百零一条",
    ):
        assert words in page


def test_a_clock_whose_calendar_changed_says_so_until_it_is_computed_again(client, head):
    clock = make_clock(started_on=date(2026, 11, 20))
    client.post(url("year_edit", 2027), TYPED)
    client.post(url("year_publish", 2027), {"reason": NOTICE})
    assert client.get(url("explain", clock.pk)).context["outdated"]
    client.post(url("reproject", 2027), {"reason": NOTICE})
    assert not client.get(url("explain", clock.pk)).context["outdated"]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_administrators_do_not_see_the_clocks_of_business(role):
    from wulian.core.clocks.selectors import may_see_clock

    admin = make_user("admin1", "赵管理", role)
    clock = make_clock()
    assert not may_see_clock(admin, clock)
    assert not Clock.objects.visible_to(admin).exists()


def test_a_clock_is_seen_by_whoever_sees_its_record(client, officer):
    clock = make_clock()
    assert client.get(url("explain", clock.pk)).status_code == 200
    Clock.objects.filter(pk=clock.pk).update(object_id=99_999)  # a record that is not this officer's
    assert client.get(url("explain", clock.pk)).status_code == 404


# Template tags


def render(source, **context):
    request = RequestFactory().get("/")
    return Template("{% load clocks %}" + source).render(Context({"request": request, **context}))


def test_a_badge_has_colour_shape_words_and_a_way_to_the_explanation():
    clock = make_clock()
    badge = render("{% clock_badge clock %}", clock=clock)
    assert f'href="{url("explain", clock.pk)}"' in badge
    assert "wl-clock-red" in badge and "ti-alert-octagon" in badge and "已超期7个工作日" in badge
    assert render("{% clock_badge clock %}", clock=None).strip() == ""


def test_many_badges_cost_one_query_for_the_calendar(django_assert_num_queries):
    clocks = [make_clock(make_subject(f"d{number}")) for number in range(10)]
    clocks = list(Clock.objects.prefetch_related("suspensions"))
    with django_assert_num_queries(1):
        render("{% for clock in clocks %}{% clock_badge clock %}{% endfor %}", clocks=clocks)


def test_the_clocks_of_a_record_are_listed_with_their_basis(django_assert_num_queries):
    subject = make_subject()
    for number in range(5):
        make_clock(subject, kind=f"step{number}")
    with django_assert_num_queries(3):
        listed = render("{% clock_list subject %}", subject=subject)
    assert listed.count("招标投标法实施条例 第六十一条") >= 5
    assert "2026-11-16" in listed


def test_a_record_without_clocks_says_so():
    assert "没有" in render("{% clock_list subject %}", subject=make_subject())
