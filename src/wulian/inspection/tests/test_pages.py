"""The pages of inspections, as the dispatcher, the head, an inspector and a stranger see them."""

from __future__ import annotations

import json

import pytest

from wulian import crypto
from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles, sign_in
from wulian.inspection import services
from wulian.inspection.choices import DrawState, TaskState
from wulian.inspection.models import AnnualPlan, Draw, InspectionTask

from .factories import City, coordinating_office, department, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def march(time_machine):
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)
    return time_machine


@pytest.fixture
def city():
    return City()


@pytest.fixture
def drawn(city, march):
    frozen = city.freeze()
    march.move_to("2026-03-02 16:00:00+08:00", tick=False)
    return services.run_draw(actor=city.dispatcher, draw=city.seed(frozen))


def test_plan_freezing_seed_and_draw_are_walked_on_the_pages(client, city, march):
    sign_in(client, city.dispatcher)
    values = {
        "year": 2026, "title": "招标代理机构检查", "ratio": "50", "frequency_cap": 2, "items": "代理合同\n档案",
        "departments": [city.authority.pk],
    }  # fmt: skip
    answer = client.post("/inspections/plans/add/", values)
    plan = AnnualPlan.objects.get(title="招标代理机构检查")
    assert answer.url == plan.get_absolute_url()
    client.post(f"{plan.get_absolute_url()}publish/", {"url": "https://example.suizhou.gov.cn/jihua2"})
    freezing = {
        "title": "第一批", "authority": city.authority.pk, "object_kind": "supplier", "sector": "housing",
        "region_code": "421303", "random_share": 60, "inspectors_per_object": 2,
    }  # fmt: skip
    answer = client.post(f"{plan.get_absolute_url()}draw/", freezing)
    draw = Draw.objects.get()
    assert answer.url == draw.get_absolute_url() and draw.pool["places"] == 6
    page = client.get(draw.get_absolute_url()).content.decode()
    assert draw.commitment in page and f"/inspections/draws/{draw.pk}/seed/" not in page
    march.move_to("2026-03-02 16:00:00+08:00", tick=False)
    sign_in(client, city.head)
    assert f"/inspections/draws/{draw.pk}/seed/" in client.get(draw.get_absolute_url()).content.decode()
    seed = {
        "public_seed": "3310.46 10123.87", "seed_source": "收盘点位", "seed_published_at": "2026-03-02T15:00:00",
        "witnesses": "孙立新（市公证处）\n",
    }  # fmt: skip
    assert client.post(f"{draw.get_absolute_url()}seed/", seed).status_code == 302
    assert client.post(f"{draw.get_absolute_url()}run/").status_code == 302
    draw.refresh_from_db()
    assert draw.state == DrawState.DRAWN
    page = client.get(draw.get_absolute_url()).content.decode()
    assert draw.record["secret"] in page and draw.record_digest in page
    assert all(task.party.name in page for task in draw.tasks.all())


def test_the_downloaded_record_is_byte_by_byte_what_was_hashed(client, drawn, city):
    stranger = person(Role.LIAISON, at=department("water", name="随州市水利和湖泊局", sector="water"))
    answer = sign_in(client, stranger).get(f"{drawn.get_absolute_url()}record/")
    assert crypto.hexdigest(answer.content) == drawn.record_digest
    assert json.loads(answer.content)["draw"] == str(drawn)


def test_there_is_no_record_before_the_draw(client, city):
    draw = city.freeze()
    assert sign_in(client, city.head).get(f"{draw.get_absolute_url()}record/").status_code == 404


def test_a_draw_under_way_is_not_shown_to_other_departments(client, city):
    draw = city.freeze()
    stranger = person(Role.LIAISON, at=department("water", name="随州市水利和湖泊局", sector="water"))
    assert sign_in(client, stranger).get(draw.get_absolute_url()).status_code == 404
    page = client.get(city.plan.get_absolute_url()).content.decode()
    assert draw.title not in page


def test_who_may_open_what(city, drawn):
    office = coordinating_office()
    roles = (Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE, Role.SECURITY_ADMIN)
    users = {None: None} | {role: person(role, at=office) for role in roles}
    business = [Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE]
    keepers = [Role.DISPATCHER, Role.OFFICE_HEAD]
    for path in (
        "/inspections/",
        "/inspections/plans/",
        drawn.get_absolute_url(),
        city.plan.get_absolute_url(),
    ):
        assert_only_roles(path, users, business)
    for path in (
        "/inspections/plans/add/",
        f"{city.plan.get_absolute_url()}draw/",
        f"{drawn.get_absolute_url()}seed/",
    ):
        assert_only_roles(path, users, keepers)
    assert_only_roles(f"{drawn.get_absolute_url()}withdraw/", users, [Role.OFFICE_HEAD])


def test_an_inspection_goes_on_from_its_page(client, drawn, city):
    task = drawn.tasks.first()
    base = task.get_absolute_url()
    sign_in(client, city.dispatcher).post(f"{base}submit_for_approval/")
    assert sign_in(client, city.chief).get(base).status_code == 200
    refused = client.post(f"{base}reject/")
    assert refused.status_code == 422 and refused.context["form"].errors["note"]
    client.post(f"{base}approve/")
    task.refresh_from_db()
    assert task.state == TaskState.NOTICE
    outsider = person(Role.CASE_OFFICER, at=city.authority)
    assert sign_in(client, outsider).post(f"{base}give_notice/").status_code == 403
    assert sign_in(client, outsider).post(f"{base}no_such_event/").status_code == 422


def test_the_lists_are_filtered(client, drawn, city):
    sign_in(client, city.dispatcher)
    task = drawn.tasks.first()

    def shown(**conditions):
        return {row.record for row in client.get("/inspections/", conditions).context["table"].rows}

    assert shown() == set(drawn.tasks.all())
    assert shown(q=task.party.name) == {task}
    assert shown(how="random") == set(drawn.tasks.filter(how="random"))
    assert shown(year=2025) == set() and shown(state="J05") == set()
    assert shown(authority=city.authority.pk) == set(drawn.tasks.all())


def test_a_page_of_the_list_costs_the_same_queries_for_one_and_for_many(client, drawn, city):
    sign_in(client, city.dispatcher)
    InspectionTask.objects.exclude(pk=drawn.tasks.first().pk).update(year=2020)
    client.get("/inspections/")
    with assert_max_queries(14) as few:
        client.get("/inspections/", {"year": 2026})
    with assert_max_queries(len(few.captured_queries)):
        client.get("/inspections/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(client, drawn, city, language):
    drawn = services.withdraw_draw(actor=city.head, draw=drawn, reason="dissolved", note="企业注销")
    second = city.freeze(title="第二批", replaces=drawn)
    task = drawn.tasks.first()
    sign_in(client, city.head)
    paths = ["/inspections/", "/inspections/plans/", "/inspections/plans/add/", city.plan.get_absolute_url()]
    paths += [f"{city.plan.get_absolute_url()}{name}/" for name in ("publish", "draw")]
    paths += [f"{second.get_absolute_url()}{name}" for name in ("", "seed/", "withdraw/")]
    paths += [drawn.get_absolute_url(), task.get_absolute_url(), f"{task.get_absolute_url()}approve/"]
    for path in paths:
        assert client.get(path, headers={"accept-language": language}).status_code == 200, path
