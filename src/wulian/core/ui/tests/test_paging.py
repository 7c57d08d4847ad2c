"""Long tables ask for keys first and for each page once; selects are written at once; what has one case is not folded."""

from __future__ import annotations

import datetime as dt

import django_tables2
import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertHTMLEqual

from wulian.core.ui.filters import holding
from wulian.core.ui.inputs import PlainSelect
from wulian.core.ui.models import Notification
from wulian.core.ui.tables import LongTable
from wulian.core.ui.views import ListView


class NoteTable(LongTable):
    title = django_tables2.Column(verbose_name="标题")

    class Meta(LongTable.Meta):
        model = Notification
        fields = ("title",)


class NoteList(ListView):
    model = Notification
    table_class = NoteTable
    title = "通知清单"


@pytest.fixture
def notes(alice):
    start = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    made = Notification.objects.bulk_create(
        Notification(user=alice, title=f"通知{number:03d} Ab") for number in range(60)
    )
    Notification.objects.update(created_at=start)
    return made


def table_of(user, rf, query=""):
    """The table of the list, as the page asks for it, and the questions that were asked."""
    view = NoteList()
    request = rf.get(f"/x/notes?{query}")
    request.user = user
    view.setup(request)
    with CaptureQueriesContext(connection) as asked:
        table = view.build_table(view.get_queryset())
        page = dict(part.split("=") for part in query.split("&") if "=" in part)
        table.paginate(page=int(page.get("page", 1)), per_page=25)
        titles = [row.record.title for row in table.paginated_rows]
    return titles, asked.captured_queries


@pytest.mark.django_db
def test_a_page_is_counted_once_its_keys_are_asked_for_once_and_its_rows_once(notes, alice, rf):
    titles, asked = table_of(alice, rf)
    assert (len(titles), len(asked)) == (25, 3)


@pytest.mark.django_db
def test_a_size_in_the_address_does_not_fetch_the_whole_list(notes, alice, rf):
    _titles, asked = table_of(alice, rf, "per_page=100000")
    assert all("100000" not in question["sql"] for question in asked)
    assert len(asked) == 3


@pytest.mark.django_db
def test_pages_counted_from_the_end_go_on_where_the_others_stop(notes, alice, rf):
    pages = [table_of(alice, rf, f"page={number}")[0] for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert sorted(title for page in pages for title in page) == sorted(note.title for note in notes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"), [("通知00", 10), ("ab", 60), ("AB", 60), ("通知05", 10), ("水库", 0), ("%", 0)]
)
def test_text_is_found_in_whatever_case(text, found, notes):
    assert Notification.objects.filter(holding("title", text)).count() == found


def test_chinese_is_not_folded_row_by_row():
    assert holding("title", "水库3号").children == [("title__contains", "水库3号")]
    assert holding("title", "K3").children == [("title__icontains", "K3")]


@pytest.mark.parametrize("value", ["", "b", "0", "没有", None])
def test_a_plain_select_says_what_djangos_own_says(value):
    choices = [("", "不限"), ("a", "甲 & 乙"), ("b", '丙 "丁"'), (0, "零")]
    made = [
        type("OneChoice", (forms.Form,), {"kind": forms.ChoiceField(choices=choices, widget=widget)})(
            {"kind": value} if value is not None else None
        )
        for widget in (
            forms.Select(attrs={"class": "form-select"}),
            PlainSelect(attrs={"class": "form-select"}),
        )
    ]
    assertHTMLEqual(*(str(form["kind"]) for form in made))
