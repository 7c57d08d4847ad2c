"""The frame of the pages: menu, worklist, notifications, search, language, error pages."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory, override_settings
from django.urls import path, reverse
from django.utils import timezone, translation

from wulian.core.accounts.choices import ADMINISTRATORS, Role
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.config.urls import urlpatterns as house
from wulian.core.ui import menu, notifications, search, worklist
from wulian.core.ui.models import Notification
from wulian.core.ui.testing import assert_max_queries
from wulian.core.ui.worklist import ClockBadge, Duty

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 3, 5)


def refuse(request):
    raise Refusal("期限届满,不能再补正。")


def forbid(request):
    raise Forbidden("您的角色不能办理。")


def fail(request):
    raise RuntimeError("broken")


urlpatterns = [*house, path("x/refuse", refuse), path("x/forbid", forbid), path("x/fail", fail)]


@pytest.fixture
def own_menu(monkeypatch):
    monkeypatch.setattr(menu, "_ENTRIES", {})
    menu.register(menu.CASEWORK, "案件", "ui:search", "scale", order=20)
    menu.register(menu.CASEWORK, "立案审批", "ui:home", "stamp", roles=[Role.AUTHORITY_HEAD], order=10)
    menu.register(menu.OFFICE, "会商", "ui:notifications", "messages")
    menu.register(menu.SYSTEM, "日志", "accounts:departments", "list", roles=[Role.AUDIT_ADMIN])
    menu.register(menu.SYSTEM, "关于", "accounts:profile", "info-circle")


@pytest.fixture
def own_worklist(monkeypatch):
    monkeypatch.setattr(worklist, "_PROVIDERS", [])
    return worklist.register


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.CASE_OFFICER, ["会商", "案件", "关于"]),
        (Role.AUTHORITY_HEAD, ["会商", "立案审批", "案件", "关于"]),
        (Role.AUDIT_ADMIN, ["关于", "日志"]),
        (Role.SYSTEM_ADMIN, ["关于"]),
        (None, ["关于"]),
    ],
)
def test_each_role_sees_its_own_menu_in_the_order_of_the_wings(role, labels, own_menu, user_factory):
    assert sorted(str(entry.label) for entry in menu.entries_for(user_factory(role))) == sorted(labels)
    wings = [entry.wing for entry in menu.entries_for(user_factory(role))]
    assert wings == sorted(wings, key=list(menu.WINGS).index)


def test_a_visitor_sees_no_menu_and_an_unknown_wing_is_a_mistake(own_menu):
    assert menu.entries_for(AnonymousUser()) == []
    with pytest.raises(ValueError, match="expected one of office"):
        menu.register("kitchen", "x", "ui:home", "x")


def test_the_menu_marks_the_page_one_is_on_and_leaves_out_rooms_that_are_not_built(own_menu, alice):
    menu.register(menu.FORCE, "训练", "training:list", "school")
    request = RequestFactory().get("/notifications/")
    request.user = alice
    sections = menu.sections_for(request)
    entries = [entry for section in sections for entry in section["entries"]]
    assert [entry["label"] for entry in entries if entry["active"]] == ["会商"]
    assert "训练" not in [entry["label"] for entry in entries]


def test_the_worklist_puts_what_falls_due_first_on_top_and_duties_without_a_deadline_last(
    own_worklist, alice
):
    moment = dt.datetime(2026, 3, 5, 20, 0, tzinfo=dt.UTC)  # already the 6th in Suizhou
    own_worklist(
        lambda user: [
            Duty("无期限", "a", "/", kind="检查"),
            Duty("六日到期", "b", "/", due=dt.date(2026, 3, 6), severity="blue", kind="案件"),
            Duty("六日到期红色", "c", "/", due=moment, severity="red", kind="预警"),
        ]
    )
    own_worklist(lambda user: [Duty("逾期", "d", "/", due=dt.date(2026, 3, 4), kind="案件")])
    duties = worklist.duties_for(alice)
    assert [str(duty.title) for duty in duties] == ["逾期", "六日到期红色", "六日到期", "无期限"]
    assert worklist.kinds_of(duties) == [("案件", 2), ("检查", 1), ("预警", 1)]


@pytest.mark.parametrize(
    ("day", "text", "tone"),
    [
        (3, "逾期2日", "red"),
        (5, "今日到期", "orange"),
        (6, "剩1日", "orange"),
        (8, "剩3日", "yellow"),
        (9, "剩4日", "blue"),
    ],
)
def test_a_duty_without_a_statutory_clock_shows_calendar_days(day, text, tone):
    with time_machine.travel(dt.datetime(2026, 3, 5, 9, tzinfo=dt.UTC), tick=False):
        badge = Duty("x", "y", "/", due=dt.date(2026, 3, day)).badge
        assert (badge.text, badge.tone) == (text, tone)


def test_the_home_page_shows_duties_with_their_clock_and_filters_by_kind(own_worklist, alice, client_for):
    clock = ClockBadge("剩3个工作日", "yellow", "自2026-03-02起算")
    own_worklist(
        lambda user: [
            Duty(
                "研判预警", "府河大桥", "/notifications/", dt.date(2026, 3, 10), clock, "研判", "red", "预警"
            ),
            Duty("审查投诉", "投诉〔2026〕17号", "/search/", None, None, "审查", "", "投诉"),
        ]
    )
    page = client_for(alice).get("/").content.decode()
    assert "剩3个工作日" in page and "wl-clock-yellow" in page and "自2026-03-02起算" in page
    assert "wl-mark-red" in page and ">研判</a>" in page
    narrowed = client_for(alice).get("/?kind=投诉").content.decode()
    assert "审查投诉" in narrowed and "研判预警" not in narrowed


@time_machine.travel(dt.datetime(2026, 3, 5, 2, tzinfo=dt.UTC), tick=False)
def test_what_is_overdue_due_today_and_waiting_for_others_is_seen_apart(own_worklist, alice, client_for):
    days = [("逾期件", 4), ("今日件", 5), ("明日件", 6), ("下月件", 31)]
    own_worklist(
        lambda user: [
            Duty("送审件", "甲", "/", due=dt.date(2026, 3, 3), waits_for="法制审核员"),
            Duty("无期限件", "乙", "/"),
            *(Duty(title, "丙", "/", due=dt.date(2026, 3, day)) for title, day in days),
        ]
    )
    groups = worklist.groups_of(worklist.duties_for(alice))
    assert [(key, count) for key, _label, count in groups] == [
        ("overdue", 1), ("today", 1), ("soon", 1), ("later", 1), ("open", 1), ("waiting", 1),
    ]  # fmt: skip
    client = client_for(alice)
    page = client.get("/").content.decode()
    places = [
        page.index(f">{title}</a>")
        for title in ("逾期件", "今日件", "明日件", "下月件", "无期限件", "送审件")
    ]
    assert places == sorted(places) and "等待：法制审核员" in page
    today = client.get("/?when=today").content.decode()
    assert "今日件" in today and "逾期件" not in today and "明日件" not in today


def test_a_room_that_breaks_does_not_close_the_worklist_but_is_said(own_worklist, alice, client_for):
    def broken(user):
        raise RuntimeError("room on fire")

    own_worklist(lambda user: [Duty("审查投诉", "投诉〔2026〕17号", "/")])
    own_worklist(broken)
    page = client_for(alice).get("/").content.decode()
    assert "审查投诉" in page and "部分待办未能读取" in page
    with pytest.raises(RuntimeError):
        worklist.duties_for(alice)


def test_of_many_duties_the_worklist_reads_the_most_pressing_and_says_how_many_there_are(
    own_worklist, alice, client_for
):
    Notification.objects.bulk_create(
        Notification(user=alice, title=f"第{number}件", url="/") for number in range(worklist.SEARCHED + 40)
    )
    rows = Notification.objects.filter(user=alice).order_by("pk")
    odd = range(1, worklist.SEARCHED, 2)

    def provider(user, words):
        found, rests = worklist.pressing(rows, words, kind="案件", url="/search/")
        yield from (Duty(said, "府河大桥", "/", kind="案件") for _row, said in found)
        yield from rests

    own_worklist(lambda user: provider(user, lambda row: row.title))
    mine = worklist.worklist_of(alice)
    assert mine.duties[0].title == "第0件" and len(mine.duties) == worklist.LIMIT
    assert [(rest.kind, rest.total) for rest in mine.rests] == [("案件", worklist.SEARCHED + 40)]
    page = client_for(alice).get("/").content.decode()
    assert f'<a href="/search/">案件 {worklist.SEARCHED + 40}</a>' in page
    assert f"案件 <span>{worklist.LIMIT}+</span>" in page
    # What is not this user's duty is passed over, and looked behind.
    numbers = {f"第{number}件" for number in odd}
    found, rests = worklist.pressing(
        rows, lambda row: row.title if row.title in numbers else None, kind="", url=""
    )
    assert len(found) == len(odd) and rests
    few, rests = worklist.pressing(rows[:3], lambda row: row.title, kind="", url="")
    assert len(few) == 3 and not rests


def test_an_empty_worklist_says_so(own_worklist, alice, client_for):
    assert "暂无待办" in client_for(alice).get("/").content.decode()


def test_the_home_page_asks_few_questions_however_many_notifications(own_worklist, alice, client_for):
    client = client_for(alice)
    for number in range(40):
        notifications.notify(users=[alice], title=f"通知{number}")
    with assert_max_queries(8):
        client.get("/")


def test_a_notification_reaches_active_users_once_and_only_its_owner_sees_it(
    alice, bob, user_factory, client_for
):
    gone = user_factory(Role.CLERK, is_active=False)
    assert notifications.notify(users=[alice, alice, gone], title="新预警", url="/search/?q=府河") == 1
    note = Notification.objects.get()
    assert notifications.unread_count(alice) == 1
    assert client_for(bob).get(reverse("ui:notification", args=[note.pk])).status_code == 404
    page = client_for(alice).get("/").content.decode()
    assert "通知，1 条未读" in page
    response = client_for(alice).get(reverse("ui:notification", args=[note.pk]))
    assert response["Location"] == "/search/?q=%E5%BA%9C%E6%B2%B3"
    assert notifications.unread_count(alice) == 0
    note.refresh_from_db()
    assert note.read_at <= timezone.now()


def test_all_notifications_are_marked_read_but_only_ones_own(alice, bob, client_for):
    notifications.notify(users=[alice, bob], title="一")
    notifications.notify(users=[alice], title="二")
    page = client_for(alice).post(reverse("ui:notifications"), follow=True)
    assert "已将 2 条通知标为已读" in page.content.decode()
    assert (notifications.unread_count(alice), notifications.unread_count(bob)) == (0, 1)


def test_search_shows_what_the_rooms_find_for_the_user_by_kind(alice, client_for, monkeypatch):
    monkeypatch.setattr(search, "_PROVIDERS", [])
    asked = []

    def provider(user, text):
        asked.append((user, text))
        return [search.Hit(f"项目<{n}>", "/", "项目档案") for n in range(20)]

    search.register(provider)
    search.register(provider)
    page = client_for(alice).get("/search/", {"q": "  府河   大桥 "})
    assert asked == [(alice, "府河 大桥")]
    assert len(page.context["groups"]["项目档案"]) == search.PER_GROUP
    assert "项目&lt;3&gt;" in page.content.decode()
    assert client_for(alice).get("/search/", {"q": " "}).context["found"] == 0
    assert len(asked) == 1


def test_search_is_not_for_administrators(role_users, client_for):
    for role in ADMINISTRATORS:
        client = client_for(role_users[role])
        assert client.get("/search/?q=府河").status_code == 403
        assert 'role="search"' not in client.get("/").content.decode()
    assert 'role="search"' in client_for(role_users[Role.CLERK]).get("/").content.decode()


def test_chinese_is_the_default_whatever_the_browser_does_not_say(client):
    assert 'lang="zh-CN"' in client.get(reverse("accounts:login")).content.decode()


def test_the_language_is_switched_and_remembered_with_the_account(alice, client_for, client):
    browser = client_for(alice)
    response = browser.post(reverse("ui:language"), {"language": "en", "next": "/notifications/"})
    assert response["Location"] == "/notifications/"
    page = browser.get("/").content.decode()
    assert '<html lang="en">' in page and "My worklist" in page and "我的待办" not in page
    alice.refresh_from_db()
    assert alice.language == "en"
    assert (
        browser.post(reverse("ui:language"), {"language": "xx", "next": "https://example.org"})["Location"]
        == "/"
    )
    elsewhere = client.post(
        reverse("accounts:login"), {"username": alice.username, "password": "suizhou-2026-Pass"}
    )
    assert elsewhere.cookies["django_language"].value == "en"


@pytest.mark.parametrize(
    "address", ["/", "/search/?q=x", "/notifications/", "/accounts/departments/", "/accounts/me/"]
)
def test_the_english_pages_have_no_chinese_left_in_the_frame(
    address, client_for, user_factory, own_menu, monkeypatch
):
    monkeypatch.setattr(menu, "_ENTRIES", {})
    user = user_factory(Role.DISPATCHER, full_name="Wang", post="")
    client = client_for(user)
    client.post(reverse("ui:language"), {"language": "en"})
    page = client.get(address).content.decode()
    allowed = {"切换到中文", "中文", user.department.name, user.department.short_name}
    if "departments" in address:
        from wulian.core.accounts.models import Department

        allowed |= set(Department.objects.values_list("name", flat=True))
        allowed |= set(Department.objects.values_list("document_prefix", flat=True))
    for word in sorted(allowed, key=len, reverse=True):
        page = page.replace(word, "") if word else page
    assert re.findall(r"[\u4e00-\u9fff]+", page) == []


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(("address", "status"), [("/x/refuse", 409), ("/x/forbid", 403)])
def test_a_refusal_nobody_caught_becomes_a_page_that_says_why(address, status, client_for, alice):
    response = client_for(alice).get(address)
    assert response.status_code == status
    page = response.content.decode()
    assert "未作任何更改" in page and ("期限届满" in page or "您的角色不能办理" in page)


@override_settings(ROOT_URLCONF=__name__, DEBUG=False)
def test_errors_have_pages_in_chinese(client_for, alice, client):
    assert "页面不存在" in client_for(alice).get("/nowhere").content.decode()
    assert "页面不存在" in client.get("/nowhere").content.decode()
    client.raise_request_exception = False
    broken = client.get("/x/fail")
    assert broken.status_code == 500 and "系统故障" in broken.content.decode()
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    stale = strict.post(reverse("accounts:login"), {"username": "x"})
    assert stale.status_code == 403 and "页面停留过久" in stale.content.decode()


class Outline(HTMLParser):
    """What an assistive program meets: ids, labels, buttons, headings, scripts."""

    VOID = {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    }

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.stack: list[tuple[str, dict, list]] = []
        self.nameless: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        if "aria-label" in values or "alt" in values:
            for _tag, _values, text in self.stack:
                text.append(values.get("aria-label") or values.get("alt"))
        if tag not in self.VOID:
            self.stack.append((tag, values, []))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        for _tag, _values, text in self.stack:
            text.append(data.strip())

    def handle_endtag(self, tag):
        if not self.stack or self.stack[-1][0] != tag:
            self.unbalanced.append(tag)
            return
        tag, values, text = self.stack.pop()
        if tag in ("a", "button") and not values.get("aria-label") and not "".join(filter(None, text)):
            self.nameless.append(str(values))


@pytest.mark.parametrize(
    "address",
    ["/", "/notifications/", "/search/", "/accounts/users/", "/accounts/users/add/", "/accounts/me/"],
)
def test_pages_are_fit_for_assistive_programs(address, user_factory, client_for):
    user = user_factory(Role.SYSTEM_ADMIN if "users" in address else Role.DISPATCHER)
    notifications.notify(users=[user], title="新通知", url="/")
    outline = Outline(client_for(user).get(address).content.decode())
    assert outline.unbalanced == [] and outline.stack == []
    assert outline.nameless == []
    ids = [values["id"] for _tag, values in outline.tags if values.get("id")]
    assert len(ids) == len(set(ids))
    labelled = {values.get("for") for tag, values in outline.tags if tag == "label"}
    for tag, values in outline.tags:
        if tag in ("input", "select", "textarea") and values.get("type") not in (
            "hidden",
            "submit",
            "checkbox",
        ):
            assert values.get("id") in labelled or values.get("aria-label"), values
        if tag == "img":
            assert "alt" in values
    assert sum(tag == "h1" for tag, _values in outline.tags) == 1
    assert sum(tag == "main" for tag, _values in outline.tags) == 1


@pytest.mark.parametrize("address", ["/", "/accounts/login/"])
def test_pages_carry_no_inline_script_and_the_policy_forbids_it(address, alice, client_for, client):
    browser = client if "login" in address else client_for(alice)
    response = browser.get(address)
    policy = response["Content-Security-Policy"]
    assert (
        "script-src 'self'" in policy and "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    )
    for tag, values in Outline(response.content.decode()).tags:
        assert not [name for name in values if name.startswith("on")]
        if tag == "script":
            assert values.get("src") or values.get("type") == "application/json"


def test_english_and_chinese_words_of_the_wings_are_the_plans():
    with translation.override("zh-hans"):
        words = [str(label) for label, _icon in menu.WINGS.values()]
    assert words == ["办公联席", "力量联合", "信息联通", "检查联动", "案件联办", "系统"]
