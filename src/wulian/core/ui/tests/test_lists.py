"""List pages: filters, sort, pages, saved filters, export; forms that call one service."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import django_filters
import django_tables2
import pytest
from django import forms
from django.test import override_settings
from django.urls import path
from python_calamine import CalamineWorkbook

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.config.urls import urlpatterns as house
from wulian.core.ui import services
from wulian.core.ui.exports import neutral
from wulian.core.ui.filters import DateRangeWidget, FilterSet
from wulian.core.ui.models import Notification, SavedFilter
from wulian.core.ui.tables import DateTimeColumn, Table
from wulian.core.ui.templatetags import ui as tags
from wulian.core.ui.testing import assert_max_queries
from wulian.core.ui.views import ActionView, FormServiceView, ListView

pytestmark = pytest.mark.django_db


class NoteTable(Table):
    title = django_tables2.Column(verbose_name="标题")
    body = django_tables2.Column(verbose_name="正文", orderable=False)
    created_at = DateTimeColumn(verbose_name="时间")

    class Meta(Table.Meta):
        model = Notification
        fields = ("title", "body", "created_at")


class NoteFilter(FilterSet):
    q = django_filters.CharFilter("title", "icontains", label="标题")
    body = django_filters.MultipleChoiceFilter(choices=[("a", "甲"), ("b", "乙")], label="正文")
    read = django_filters.ChoiceFilter(
        "read_at", "isnull", choices=[("True", "未读"), ("False", "已读")], label="状态"
    )
    created = django_filters.DateFromToRangeFilter("created_at", label="时间", widget=DateRangeWidget)

    class Meta:
        model = Notification
        fields: list[str] = []


class NoteList(ListView):
    model = Notification
    table_class = NoteTable
    filter_class = NoteFilter
    title = "通知清单"
    export_limit = 60


class NoteForm(forms.Form):
    title = forms.CharField(label="标题")
    body = forms.CharField(label="正文", widget=forms.Textarea)


class NoteAdd(FormServiceView):
    form_class = NoteForm
    title = "新通知"
    success_message = "已保存。"

    def perform(self, form):
        data = form.cleaned_data
        if data["title"] == "期限":
            raise Refusal("标题:不能是期限。", field="title")
        if data["title"] == "无名":
            raise Refusal("此事不能办理。", field="no_such_field")
        if data["title"] == "禁":
            raise Forbidden("不归您办。")
        return Notification.objects.create(user=self.request.user, **data)

    def get_success_url(self):
        return f"/x/notes?q={self.result.title}"


class NoteClear(ActionView):
    roles = (Role.CASE_OFFICER,)
    success_message = "已清空。"

    def perform(self, request):
        if not Notification.objects.visible_to(request.user).delete()[0]:
            raise Refusal("没有可以清空的通知。")

    def get_success_url(self):
        return "/x/notes"


urlpatterns = [
    *house,
    path("x/notes", NoteList.as_view()),
    path("x/add", NoteAdd.as_view()),
    path("x/clear", NoteClear.as_view()),
]


@pytest.fixture(autouse=True)
def own_urls():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def notes(alice):
    start = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    rows = Notification.objects.bulk_create(
        Notification(user=alice, title=f"通知{number:03d}", body="ab"[number % 2]) for number in range(60)
    )
    for number, row in enumerate(rows):
        Notification.objects.filter(pk=row.pk).update(created_at=start + dt.timedelta(days=number // 10))
    return rows


def titles(response) -> list[str]:
    return [row.record.title for row in response.context["table"].paginated_rows]


def test_a_list_shows_twenty_five_rows_of_what_the_user_may_see(notes, alice, bob, client_for):
    response = client_for(alice).get("/x/notes")
    assert len(titles(response)) == 25 and "共 60 条" in response.content.decode()
    assert client_for(bob).get("/x/notes").context["table"].paginator.count == 0


def test_pages_do_not_overlap_even_when_the_sorted_column_is_full_of_ties(notes, alice, client_for):
    client = client_for(alice)
    seen = [
        title for page in (1, 2, 3) for title in titles(client.get(f"/x/notes?sort=created_at&page={page}"))
    ]
    assert len(seen) == 60 and len(set(seen)) == 60


@pytest.mark.parametrize(
    ("asked", "shown"), [("50", 50), ("100", 60), ("7", 25), ("x", 25), ("999999999999", 25)]
)
def test_the_page_size_is_one_of_three(asked, shown, notes, alice, client_for):
    assert len(titles(client_for(alice).get(f"/x/notes?per_page={asked}"))) == shown


@pytest.mark.parametrize("page", ["0", "-3", "99", "x", "٣"])
def test_a_page_number_that_is_not_there_shows_a_page_that_is(page, notes, alice, client_for):
    response = client_for(alice).get(f"/x/notes?page={page}")
    assert response.status_code == 200 and titles(response)


def test_a_header_sorts_and_sorts_back_and_keeps_the_conditions(notes, alice, client_for):
    page = client_for(alice).get("/x/notes?q=通知&sort=-title&page=2")
    assert titles(page)[0] == "通知034"
    html = page.content.decode()
    assert 'aria-sort="descending"' in html
    back = next(link for link in html.split('"') if link.startswith("?") and "sort=title" in link)
    assert parse_qs(back[1:].replace("&amp;", "&")) == {"q": ["通知"], "sort": ["title"]}


def test_an_unknown_sort_is_left_out(notes, alice, client_for):
    assert client_for(alice).get("/x/notes?sort=user__password").status_code == 200


def test_conditions_narrow_the_list_and_stand_as_chips_that_can_be_removed(notes, alice, client_for):
    response = client_for(alice).get("/x/notes?q=通知00&body=a&created_after=2026-03-01&page=1")
    chips = {chip["label"]: chip for chip in response.context["chips"]}
    assert response.context["table"].paginator.count == 5
    assert chips["标题"]["value"] == "通知00" and chips["正文"]["value"] == "甲"
    assert chips["时间"]["value"] == "2026-03-01 – …"
    assert parse_qs(chips["时间"]["url"][1:]) == {"q": ["通知00"], "body": ["a"]}
    assert parse_qs(chips["标题"]["url"][1:]) == {"body": ["a"], "created_after": ["2026-03-01"]}


def test_a_condition_that_makes_no_sense_shows_nothing_and_says_so(notes, alice, client_for):
    response = client_for(alice).get("/x/notes?created_after=gestern")
    assert response.context["table"].paginator.count == 0
    assert "筛选条件无法识别" in response.content.decode()


def test_an_empty_choice_of_a_filter_is_called_any(notes, alice, client_for):
    html = client_for(alice).get("/x/notes").content.decode()
    assert "不限" in html and "---" not in html


def test_few_choices_are_boxes_to_tick_and_many_stay_a_list(notes, alice, client_for, rf):
    html = client_for(alice).get("/x/notes?body=a&body=b").content.decode()
    assert html.count('type="checkbox" name="body"') == 2 and html.count("checked") == 2
    assert "甲、乙" in html

    class Many(FilterSet):
        body = django_filters.MultipleChoiceFilter(
            choices=[(str(n), str(n)) for n in range(13)], label="正文"
        )

        class Meta:
            model = Notification
            fields: list[str] = []

    assert "<select" in str(Many({}, queryset=Notification.objects.all()).form["body"])


def test_htmx_gets_the_list_alone(notes, alice, client_for):
    html = (
        client_for(alice)
        .get("/x/notes?q=1", headers={"HX-Request": "true", "HX-Target": "list"})
        .content.decode()
    )
    assert html.lstrip().startswith('<div id="list"') and "<html" not in html


def test_a_list_of_any_length_asks_the_same_few_questions(notes, alice, client_for):
    client = client_for(alice)
    with assert_max_queries(7):
        client.get("/x/notes?per_page=100")


def test_a_saved_filter_is_kept_without_page_number_and_shows_a_live_count(notes, alice, client_for):
    client = client_for(alice)
    response = client.post("/x/notes?q=通知00&page=2&body=", {"_save_filter": "  我的 筛选 "})
    assert parse_qs(urlsplit(response["Location"]).query) == {"q": ["通知00"]}
    saved = SavedFilter.objects.get()
    assert (saved.name, parse_qs(saved.querystring)) == ("我的 筛选", {"q": ["通知00"]})
    shown = client.get("/x/notes?_saved=1")
    assert [item["count"] for item in shown.context["saved_filters"]] == [10]
    Notification.objects.filter(title="通知003").delete()
    assert [item["count"] for item in client.get("/x/notes?_saved=1").context["saved_filters"]] == [9]


def test_a_shared_filter_is_seen_by_the_department_counted_for_each_and_deleted_by_its_owner_only(
    notes, alice, bob, charlie, client_for
):
    client_for(alice).post("/x/notes?q=通知", {"_save_filter": "共享", "shared": "on"})
    client_for(alice).post("/x/notes?q=通知1", {"_save_filter": "私有"})
    saved = SavedFilter.objects.get(name="共享")
    seen = client_for(bob).get("/x/notes?_saved=1").context["saved_filters"]
    assert [(item["saved"].name, item["count"], item["own"]) for item in seen] == [("共享", 0, False)]
    assert client_for(charlie).get("/x/notes?_saved=1").context["saved_filters"] == []
    page = client_for(bob).post("/x/notes", {"_delete_filter": saved.pk}, follow=True)
    assert "只有保存该筛选的本人可以删除" in page.content.decode() and SavedFilter.objects.count() == 2
    client_for(alice).post("/x/notes", {"_delete_filter": saved.pk})
    assert not SavedFilter.objects.filter(name="共享").exists()


def test_a_filter_needs_a_name(alice):
    for name in ("", "   ", "很" * 41):
        with pytest.raises(Refusal):
            services.save_filter(user=alice, list_key="ui.notification", name=name, querystring="")


DANGEROUS = ["=1+1", "+49", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "\n=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_begins_like_a_formula_is_made_harmless(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("value", ["招标公告", "a=b", Decimal("-12.50"), -3, 0, True])
def test_harmless_cells_stay_as_they_are(value):
    assert neutral(value) == value and type(neutral(value)) is type(value)


def test_the_csv_has_what_the_list_shows_and_excel_reads_its_chinese(notes, alice, client_for):
    Notification.objects.filter(title="通知000").update(body='=HYPERLINK("http://x","y")')
    response = client_for(alice).get("/x/notes?q=通知00&sort=title&_export=csv&page=3")
    raw = b"".join(response.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == ["标题", "正文", "时间"]
    assert [row[0] for row in rows[1:]] == [f"通知00{n}" for n in range(10)]
    assert rows[1][1] == '\'=HYPERLINK("http://x","y")'
    assert "%E9%80%9A%E7%9F%A5%E6%B8%85%E5%8D%95" in response["Content-Disposition"]
    event = AuditEvent.objects.get(verb="accounts.list_exported")
    assert event.actor == alice and event.data["count"] == 10 and event.data["format"] == "csv"


def test_the_workbook_has_the_same_rows_and_no_formula(notes, alice, client_for):
    Notification.objects.filter(title="通知000").update(body="=1+1")
    response = client_for(alice).get("/x/notes?sort=title&_export=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 61 and rows[0] == ["标题", "正文", "时间"] and rows[1][1] == "'=1+1"


def test_an_export_beyond_the_limit_is_refused_with_the_numbers(notes, alice, client_for):
    Notification.objects.create(user=alice, title="第六十一条")
    page = client_for(alice).get("/x/notes?_export=csv&sort=title", follow=True)
    assert page.redirect_chain == [("/x/notes?sort=title", 302)]
    assert "共 61 条，超过单次导出上限 60 条" in page.content.decode()
    assert not AuditEvent.objects.filter(verb="accounts.list_exported").exists()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, None])
def test_a_business_page_is_closed_to_administrators_and_users_without_a_role(role, user_factory, client_for):
    client = client_for(user_factory(role))
    assert client.get("/x/notes").status_code == 403
    assert client.post("/x/add", {"title": "a", "body": "b"}).status_code == 403


def test_a_form_calls_its_service_and_goes_on(alice, client_for):
    page = client_for(alice).post("/x/add", {"title": "新", "body": "文"}, follow=True)
    assert page.redirect_chain[0] == ("/x/notes?q=%E6%96%B0", 302)
    assert "已保存。" in page.content.decode()


@pytest.mark.parametrize(
    ("title", "status", "sentence"),
    [
        ("", 422, "目前尚未保存"),
        ("期限", 422, "不能是期限"),
        ("无名", 422, "此事不能办理"),
        ("禁", 403, "不归您办"),
    ],
)
def test_a_refusal_stands_at_the_form_and_nothing_typed_is_lost(title, status, sentence, alice, client_for):
    response = client_for(alice).post("/x/add", {"title": title, "body": "写了很久的正文"})
    html = response.content.decode()
    assert response.status_code == status and sentence in html and "写了很久的正文" in html
    assert not Notification.objects.exists()


def test_a_button_calls_its_service_and_shows_a_refusal_as_a_message(notes, alice, client_for, user_factory):
    client = client_for(alice)
    assert "已清空。" in client.post("/x/clear", follow=True).content.decode()
    again = client.post("/x/clear", {"next": "/notifications/"}, follow=True)
    assert (
        again.redirect_chain == [("/notifications/", 302)] and "没有可以清空的通知" in again.content.decode()
    )
    assert client.post("/x/clear", {"next": "https://example.org/"})["Location"] == "/x/notes"
    assert client.get("/x/clear").status_code == 405
    assert client_for(user_factory(Role.CLERK)).post("/x/clear").status_code == 403


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "—"), ("", "—"), (0, "0.00元"), ("9999.99", "9,999.99元"), (10_000, "1.00万元"),
        (Decimal("12800000.00"), "1,280.00万元"), (-25_000, "-2.50万元"),
    ],
)  # fmt: skip
def test_money_is_written_in_yuan_or_ten_thousand_yuan(amount, shown):
    assert tags.money(amount) == shown


@pytest.mark.parametrize(
    ("value", "code"),
    [("red", "red"), ("红", "red"), ("橙色", "orange"), ("RED", "red"), ("x", ""), (None, "")],
)
def test_a_severity_is_understood_as_code_or_word(value, code):
    assert tags.severity_code(value) == code


def test_data_for_a_chart_cannot_break_out_of_its_element():
    html = tags.chart({"title": "</script><script>alert(1)</script>"}, "报价")
    assert "</script><script>" not in html and 'role="img"' in html and 'aria-label="报价"' in html
