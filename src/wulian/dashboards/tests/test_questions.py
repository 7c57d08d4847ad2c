"""Every number equals the list it opens, for every role; totals equal sums; nothing of others leaks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import product
from random import Random
from statistics import median
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal
from wulian.core.ui.models import SavedFilter
from wulian.core.ui.testing import assert_only_roles
from wulian.dashboards.cubes import CUBES
from wulian.dashboards.cubes.charts import draw, suitable
from wulian.dashboards.cubes.dimensions import EMPTY, bounds_of, spans_between
from wulian.dashboards.cubes.question import ALL, answer, read_question
from wulian.dashboards.tests.random_city import RandomCity
from wulian.information.registry.models import Award, Bid, Lot, Project

pytestmark = pytest.mark.django_db
PEOPLE = (
    (Role.OFFICE_HEAD, "office"), (Role.DISPATCHER, "office"), (Role.CLERK, "office"), (Role.DISCIPLINE, "discipline"),
    (Role.LIAISON, "finance"), (Role.CASE_OFFICER, "housing"), (Role.SECTION_HEAD, "transport"),
    (Role.AUTHORITY_HEAD, "zengdu-authority"), (Role.LEGAL_REVIEWER, "water"),
)  # fmt: skip
PAGE = "/numbers/statistics/"


@pytest.fixture
def random_city(department_tree, user_factory):
    def fill(seed, projects=20):
        RandomCity(seed, department_tree, user_factory(Role.CLERK)).fill(projects)

    return fill


def values_of(dimension):
    spans = {"month": ["2026-03"], "quarter": ["2025-Q4"], "year": ["2026"]}
    return [value for value, _word in dimension.options()] or spans.get(dimension.code) or ["1", "2"]


def random_question(random, cube):
    """Any measure by any one or two dimensions under up to two conditions that occur."""
    measure = random.choice(cube.measures)
    allowed = [code for code in cube.by_code if measure.only is None or code in measure.only]
    data = {
        "data": cube.code,
        "show": measure.code,
        "by": random.choice(allowed),
        "over": random.choice([*allowed, "none"]),
    }
    for code in random.sample(allowed, min(len(allowed), random.choice((0, 0, 1, 2)))):
        data[code] = random.choice(values_of(cube.by_code[code])) if random.random() < 0.8 else EMPTY
    if random.random() < 0.3 and measure.only is None:
        data["period_after"] = random.choice(("2025-06-01", "2026-01-01"))
    if random.random() < 0.3 and measure.only is None:
        data["period_before"] = "2026-06-28"
    return read_question(data)


def places_of(found):
    """Every cell and every total that the table shows."""
    return set(product([*found.rows.values, ALL], [*found.columns.values, ALL]))


def count_of(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    filterset = response.context["filter"]
    assert filterset.form.is_valid(), (url, filterset.form.errors)
    return response.context["table"].paginator.count


@pytest.mark.parametrize("cube", CUBES.values(), ids=CUBES)
def test_every_number_equals_the_list_that_it_opens_for_whoever_looks(
    cube, random_city, user_factory, client_for
):
    random = Random(f"lists {cube.code}")
    random_city(7)
    for role, department in PEOPLE:
        user = user_factory(role, department)
        client = client_for(user)
        found = answer(random_question(random, cube), user)
        places = sorted(places_of(found))
        for row, column in [(ALL, ALL), *random.sample(places, min(4, len(places)))]:
            shown = found.tally(row, column).n
            assert count_of(client, found.url(row, column)) == shown, (role, found.url(row, column))


@pytest.mark.parametrize("cube", CUBES.values(), ids=CUBES)
@pytest.mark.parametrize("seed", [1, 2])
def test_totals_are_the_sums_of_their_parts(cube, seed, random_city, user_factory):
    random = Random(f"totals {cube.code} {seed}")
    random_city(seed)
    for role, department in PEOPLE[:1] + PEOPLE[5:7]:
        user = user_factory(role, department)
        for _turn in range(12):
            question = random_question(random, cube)
            found = answer(question, user)
            whole = found.tally()
            assert whole.n == question.rows(user).count()
            assert whole.n == sum(found.tally(row).n for row in found.rows.values)
            if question.over:
                assert whole.n == sum(found.tally(ALL, column).n for column in found.columns.values)
            for row in found.rows.values:
                parts = [found.tally(row, column) for column in found.columns.values]
                assert found.tally(row).n == sum(part.n for part in parts)
                if question.measure.kind == "sum":
                    amounts = sum(Decimal(str(part.total)) for part in parts)
                    assert abs(Decimal(str(found.tally(row).total)) - amounts) <= Decimal("0.01")


@pytest.mark.parametrize("cube", CUBES.values(), ids=CUBES)
def test_nothing_of_another_department_is_counted(cube, random_city, user_factory):
    random = Random(f"leak {cube.code}")
    random_city(3)
    for role, department in PEOPLE:
        user = user_factory(role, department)
        visible = set(cube.model()._default_manager.visible_to(user).values_list("pk", flat=True))
        for _turn in range(3):
            rows = list(random_question(random, cube).rows(user).values_list("pk", flat=True))
            assert len(rows) == len(set(rows)), "a record is counted twice"
            assert visible.issuperset(rows)
    for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert answer(read_question({"data": cube.code}), user_factory(role)).tally().n == 0


def test_a_housing_officer_counts_housing_and_a_county_counts_its_county(random_city, user_factory):
    random_city(5)
    housing = answer(
        read_question({"data": "projects", "by": "sector"}), user_factory(Role.CASE_OFFICER, "housing")
    )
    assert housing.rows.values == ["housing"]
    county = answer(
        read_question({"data": "projects", "by": "region"}),
        user_factory(Role.SECTION_HEAD, "zengdu-authority"),
    )
    assert county.rows.values == ["421303"]
    assert county.tally().n == Project.objects.filter(region_code="421303", ended_at=None).count()


def test_amounts_are_added_in_yuan_only(random_city, user_factory):
    random_city(11)
    user = user_factory(Role.OFFICE_HEAD)
    found = answer(read_question({"data": "bids", "show": "price", "by": "status"}), user)
    for status in found.rows.values:
        bids = Bid.objects.filter(status=status, ended_at=None, currency__in=("CNY", ""))
        expected = sum(bid.price for bid in bids if bid.price is not None)
        assert abs(found.tally(status).total - expected) <= Decimal("0.01")
        assert found.tally(status).known == bids.exclude(price=None).count()
        assert found.tally(status).n > found.tally(status).known


def test_an_average_discount_is_that_of_each_award_and_not_cut_to_whole_numbers(random_city, user_factory):
    random_city(12)
    found = answer(
        read_question({"data": "awards", "show": "discount", "by": "sector"}), user_factory(Role.OFFICE_HEAD)
    )
    awards = (
        Award.objects.filter(ended_at=None, lot__ceiling_price__gt=0)
        .exclude(price=None)
        .select_related("lot")
    )
    shares = [1 - float(award.price) / float(award.lot.ceiling_price) for award in awards]
    assert found.result() == pytest.approx(sum(shares) / len(shares))
    assert any(share not in (0, 1) for share in shares)


def test_the_average_number_of_bidders_leaves_out_withdrawn_bids(random_city, user_factory):
    random_city(13)
    found = answer(
        read_question({"data": "lots", "show": "bidders", "by": "category"}), user_factory(Role.OFFICE_HEAD)
    )
    counts = [
        lot.bids.filter(ended_at=None).exclude(status="withdrawn").count()
        for lot in Lot.objects.filter(ended_at=None)
    ]
    counts = [count for count in counts if count]
    assert found.result() == pytest.approx(sum(counts) / len(counts))


def test_a_median_is_the_middle_of_the_days_that_passed(random_city, user_factory):
    from wulian.casework.cases.models import Case

    random_city(14)
    found = answer(
        read_question({"data": "cases", "show": "days", "by": "violation"}), user_factory(Role.OFFICE_HEAD)
    )
    for code in found.rows.values:
        cases = Case.objects.filter(violation_code=code).exclude(filed_on=None).exclude(closed_on=None)
        assert found.result(code) == median([(case.closed_on - case.filed_on).days for case in cases])


def test_months_are_those_of_local_time_and_none_is_left_out(random_city, user_factory):
    random_city(15, projects=8)
    found = answer(read_question({"data": "awards", "by": "month"}), user_factory(Role.OFFICE_HEAD))
    spans = [value for value in found.rows.values if value != EMPTY]
    assert spans == spans_between(spans[0], spans[-1], "month")
    for month in spans:
        awards = Award.objects.filter(ended_at=None).exclude(decided_at=None)
        local = [award for award in awards if f"{timezone.localtime(award.decided_at):%Y-%m}" == month]
        assert found.tally(month).n == len(local), month


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        ("2026", (dt.date(2026, 1, 1), dt.date(2027, 1, 1))),
        ("2026-Q4", (dt.date(2026, 10, 1), dt.date(2027, 1, 1))),
        ("2026-12", (dt.date(2026, 12, 1), dt.date(2027, 1, 1))),
        ("2026-02", (dt.date(2026, 2, 1), dt.date(2026, 3, 1))),
        ("2026-13", None), ("2026-Q5", None), ("2026-0", None), ("26", None), ("", None), ("२०२६", None), ("9999", None),
    ],
)  # fmt: skip
def test_a_span_has_a_first_day_and_a_day_after_its_last(value, bounds):
    assert bounds_of(value) == bounds


def test_fines_are_shown_by_kind_of_violation_and_time_only():
    """行政处罚法 第七十四条: fines are not linked with assessment (REFERENCE T-15)."""
    for wrong in (
        {"by": "authority"},
        {"by": "region"},
        {"by": "sector"},
        {"authority": "3"},
        {"over": "authority"},
    ):
        with pytest.raises(Refusal, match="罚"):
            read_question({"data": "cases", "show": "fines", "by": "violation", **wrong})
    question = read_question({"data": "cases", "show": "fines", "by": "violation", "over": "year"})
    assert [item.code for item in question.dimensions] == ["violation", "year"]


def test_a_refused_question_says_why_and_shows_what_may_be_shown(client_for, user_factory):
    response = client_for(user_factory(Role.OFFICE_HEAD)).get(
        PAGE, {"data": "cases", "show": "fines", "by": "authority"}
    )
    assert response.status_code == 200
    assert "考核" in response.content.decode()
    assert response.context["question"].by.code == "violation"


def test_one_question_is_one_query_however_many_rows(random_city, user_factory):
    user = user_factory(Role.OFFICE_HEAD)
    question = read_question({"data": "bids", "show": "discount", "by": "tenderer", "over": "month"})
    random_city(21, projects=5)
    answer(question, user)
    for seed in (22, 23):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer(question, user)
        assert len(captured) == 1
        random_city(seed, projects=20)


def test_the_page_asks_a_fixed_number_of_queries(random_city, user_factory, client_for):
    client = client_for(user_factory(Role.OFFICE_HEAD))
    random_city(31, projects=4)
    asked = []
    for seed in (32, 33):
        client.get(PAGE, {"data": "alerts", "by": "department"})
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE, {"data": "alerts", "by": "department", "over": "severity"})
        asked.append(len(captured))
        random_city(seed, projects=15)
    assert asked[0] == asked[1] <= 12


def test_the_page_is_for_business_users(role_users):
    business = [role for role in Role if not role.value.endswith("_admin")]
    assert_only_roles(PAGE, role_users, business)
    assert_only_roles("/numbers/statistics/alerts/rows/", role_users, business)


def test_an_unknown_cube_has_no_list(client_for, user_factory):
    assert (
        client_for(user_factory(Role.OFFICE_HEAD)).get("/numbers/statistics/secrets/rows/").status_code == 404
    )


@pytest.mark.parametrize("query", ["data=x&show=y&by=z&over=q&chart=w", "data=alerts&month=abc", "data=alerts&department=x",
                                   "data=alerts&period_after=morgen", "data=bids&tenderer=99999999999999999999999"])  # fmt: skip
def test_an_address_that_makes_no_sense_is_answered_and_never_breaks(query, client_for, user_factory):
    client = client_for(user_factory(Role.OFFICE_HEAD))
    assert client.get(f"{PAGE}?{query}").status_code == 200
    assert client.get(f"/numbers/statistics/alerts/rows/?{query}").status_code == 200


def test_a_question_is_saved_shared_and_counted_anew(random_city, client_for, user_factory):
    random_city(41, projects=6)
    first, second = user_factory(Role.OFFICE_HEAD), user_factory(Role.DISPATCHER)
    query = "data=awards&show=price&by=sector&over=year&sector=water"
    client_for(first).post(f"{PAGE}?{query}", {"_save_filter": "水利中标额", "shared": "on"})
    saved = SavedFilter.objects.get()
    assert parse_qs(saved.querystring) == parse_qs(query)
    shown = client_for(second).get(f"{PAGE}?_saved=1")
    [item] = shown.context["saved_filters"]
    assert item["count"] == Award.objects.filter(ended_at=None, project__sector="water").count()
    assert client_for(second).get(item["url"]).context["question"].conditions == {"sector": "water"}


def test_an_export_holds_the_numbers_of_the_page(random_city, client_for, user_factory, tmp_path):
    random_city(42, projects=10)
    user = user_factory(Role.OFFICE_HEAD)
    query = {"data": "awards", "by": "sector", "over": "year"}
    response = client_for(user).get(PAGE, {**query, "_export": "xlsx"})
    target = tmp_path / "numbers.xlsx"
    target.write_bytes(b"".join(response.streaming_content))
    lines = CalamineWorkbook.from_path(target).get_sheet_by_index(0).to_python()
    found = answer(read_question(query), user)
    assert len(lines) == len(found.rows.values) + 2
    assert lines[-1][-1] == found.tally().n == sum(line[-1] for line in lines[1:-1])
    assert lines[0][1:-2] == [found.columns.words[value] for value in found.columns.values]


@pytest.mark.parametrize(
    ("query", "chart"),
    [
        ({"data": "alerts", "by": "severity"}, "bar"),
        ({"data": "alerts", "by": "month"}, "line"),
        ({"data": "alerts", "by": "severity", "over": "month"}, "line"),
        ({"data": "alerts", "by": "month", "over": "severity"}, "stacked"),
        ({"data": "alerts", "by": "region", "over": "severity"}, "stacked"),
        ({"data": "alerts", "show": "days", "by": "region", "over": "severity"}, "bar"),
        ({"data": "alerts", "by": "department", "over": "state"}, "heat"),
    ],
)
def test_the_chart_fits_the_shape_of_the_answer(query, chart, random_city, user_factory):
    random_city(51, projects=40)
    found = answer(read_question(query), user_factory(Role.OFFICE_HEAD))
    assert suitable(found) == chart
    options = draw(found)
    drawn = [point for series in options["series"] for point in series["data"]]
    for point in drawn:
        parts = urlsplit(point["url"])
        assert parts.path == "/numbers/statistics/alerts/rows/"
        number = point["value"][2] if chart == "heat" else point["value"]
        keys = parse_qs(parts.query)
        place = [keys[item.code][0] for item in found.question.dimensions]
        assert number == (found.result(*place) if found.question.measure.kind == "count" else number)
