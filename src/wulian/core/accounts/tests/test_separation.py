"""三员分立: none of the three administrators can do another's work, and none sees business."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import Q
from django.urls import reverse

from wulian.core.accounts import selectors, services
from wulian.core.accounts.choices import ADMINISTRATORS, Role
from wulian.core.accounts.models import RoleGrant, User
from wulian.core.accounts.scopes import dossier_scope, sees_business
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.testing import TEST_KEY, assert_max_queries, assert_only_roles

pytestmark = pytest.mark.django_db
SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
STRONG = "Yun-Shui-7731"


def create(actor, target, tree):
    services.create_user(
        actor=actor, username="xin", full_name="新人", password=STRONG, department=tree["water"]
    )


def change(actor, target, tree):
    services.update_user(actor=actor, user=target, full_name="改名", department=target.department)


def disable(actor, target, tree):
    services.disable_user(actor=actor, user=target)


def enable(actor, target, tree):
    User.objects.filter(pk=target.pk).update(is_active=False)
    target.is_active = False
    services.enable_user(actor=actor, user=target)


def reset(actor, target, tree):
    services.reset_password(actor=actor, user=target, password=STRONG)


def grant(actor, target, tree):
    services.grant_role(actor=actor, user=target, role=Role.LEGAL_REVIEWER)


def end(actor, target, tree):
    services.end_role(actor=actor, grant=target.role_grants.get())


def unenrol(actor, target, tree):
    services.enrol_totp(target, TEST_KEY)
    services.remove_totp(actor=actor, user=target)


def add_department(actor, target, tree):
    services.create_department(actor=actor, code="heritage", name="随州市文化和旅游局", kind="support")


def change_department(actor, target, tree):
    services.update_department(actor=actor, department=tree["water"], phone="0722-3590000")


WORK = {
    create: SYSTEM, change: SYSTEM, disable: SYSTEM, enable: SYSTEM, reset: SYSTEM, add_department: SYSTEM,
    change_department: SYSTEM, grant: SECURITY, end: SECURITY, unenrol: SECURITY,
}  # fmt: skip


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_each_work_is_done_by_one_administrator_and_nobody_else(
    work, role, user_factory, department_tree, alice
):
    actor = user_factory(role)
    before = AuditEvent.objects.count()
    if role == WORK[work]:
        work(actor, alice, department_tree)
        assert AuditEvent.objects.filter(actor=actor).exists()
    else:
        with pytest.raises(Forbidden):
            work(actor, alice, department_tree)
        allowed = 1 if work is unenrol else 0
        assert AuditEvent.objects.count() == before + allowed


@pytest.mark.parametrize("role", [SYSTEM, SECURITY, AUDIT])
def test_an_administrator_sees_no_business(role, user_factory):
    administrator = user_factory(role, "office")
    assert not sees_business(administrator)
    assert dossier_scope(administrator).children == [("pk__in", ())]


def test_a_department_for_the_whole_city_keeps_its_scope_beside_another_condition(user_factory):
    liaison = user_factory(Role.LIAISON, "finance")
    assert User.objects.filter(dossier_scope(liaison) | Q(pk=0)).get() == liaison


@pytest.mark.parametrize("role", [role for role in Role if role not in ADMINISTRATORS])
@pytest.mark.parametrize("administrator", [SYSTEM, SECURITY, AUDIT])
def test_an_administrators_role_excludes_every_other(administrator, role, user_factory, department_tree):
    keeper = user_factory(SECURITY)
    officer = user_factory(role)
    with pytest.raises(Refusal, match="三员分立"):
        services.grant_role(actor=keeper, user=officer, role=administrator)
    other = user_factory(administrator, "office")
    with pytest.raises(Refusal, match="三员分立"):
        services.grant_role(actor=keeper, user=other, role=role)


def test_an_administrator_does_not_become_another_one(user_factory):
    keeper, system = user_factory(SECURITY), user_factory(SYSTEM)
    for role in (AUDIT, SECURITY):
        with pytest.raises(Refusal, match="三员分立"):
            services.grant_role(actor=keeper, user=system, role=role)


def test_a_role_to_come_also_excludes(user_factory, alice):
    keeper = user_factory(SECURITY)
    services.end_role(actor=keeper, grant=alice.role_grants.get())
    start = dt.date.today() + dt.timedelta(days=30)
    services.grant_role(actor=keeper, user=alice, role=Role.CLERK, valid_from=start)
    with pytest.raises(Refusal, match="三员分立"):
        services.grant_role(actor=keeper, user=alice, role=SYSTEM)
    services.grant_role(
        actor=keeper, user=alice, role=SYSTEM, valid_to=start - dt.timedelta(days=1)
    )  # one after the other is no combination


def test_nobody_grants_or_ends_a_role_of_their_own(user_factory):
    keeper = user_factory(SECURITY)
    with pytest.raises(Refusal, match="本人"):
        services.grant_role(actor=keeper, user=keeper, role=Role.CLERK)
    with pytest.raises(Refusal, match="本人"):
        services.end_role(actor=keeper, grant=keeper.role_grants.get())


def test_a_role_ends_at_once_and_stays_in_the_history(user_factory, alice):
    keeper = user_factory(SECURITY)
    assert alice.has_role(Role.CASE_OFFICER)
    services.end_role(actor=keeper, grant=RoleGrant.objects.get(user=alice))
    fresh = User.objects.get(pk=alice.pk)
    assert not fresh.has_role(Role.CASE_OFFICER)
    assert fresh.role_grants.count() == 1
    with pytest.raises(Refusal, match="已于"):
        services.end_role(actor=keeper, grant=RoleGrant.objects.get(user=alice))
    services.grant_role(actor=keeper, user=fresh, role=Role.CASE_OFFICER)
    assert fresh.has_role(Role.CASE_OFFICER)


def test_a_role_is_held_on_its_first_and_last_day_and_not_beyond(user_factory):
    import time_machine

    user = user_factory(None)
    RoleGrant.objects.create(
        user=user, role=Role.CLERK, valid_from=dt.date(2026, 3, 5), valid_to=dt.date(2026, 3, 31)
    )
    for day, held in [(4, False), (5, True), (31, True)]:
        with time_machine.travel(dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC), tick=False):
            assert User.objects.get(pk=user.pk).has_role(Role.CLERK) is held
            assert User.objects.with_role(Role.CLERK).filter(pk=user.pk).exists() is held
    with time_machine.travel(dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC), tick=False):
        assert not User.objects.get(pk=user.pk).has_role(Role.CLERK)


def test_the_same_role_is_not_granted_twice_and_a_business_role_needs_a_department(user_factory, alice):
    keeper, homeless = user_factory(SECURITY), user_factory(None)
    User.objects.filter(pk=homeless.pk).update(department=None)
    homeless.refresh_from_db()
    with pytest.raises(Refusal, match="已具有"):
        services.grant_role(actor=keeper, user=alice, role=Role.CASE_OFFICER)
    with pytest.raises(Refusal, match="没有所属部门"):
        services.grant_role(actor=keeper, user=homeless, role=Role.CLERK)


def test_the_password_of_an_administrator_without_second_factor_cannot_be_taken_over(user_factory):
    system, security = user_factory(SYSTEM), user_factory(SECURITY)
    with pytest.raises(Forbidden, match="尚未设置动态口令"):
        services.reset_password(actor=system, user=security, password=STRONG)
    services.enrol_totp(security, TEST_KEY)
    services.reset_password(actor=system, user=security, password=STRONG)
    assert User.objects.get(pk=security.pk).must_change_password


def test_nobody_disables_their_own_account(user_factory):
    system = user_factory(SYSTEM)
    with pytest.raises(Refusal, match="本人账号"):
        services.disable_user(actor=system, user=system)


def test_a_weak_or_taken_entry_is_refused_with_the_field(user_factory, department_tree, alice):
    system = user_factory(SYSTEM)
    with pytest.raises(Refusal) as weak:
        services.create_user(actor=system, username="li", full_name="李四", password="12345")
    assert weak.value.field == "password"
    with pytest.raises(Refusal) as taken:
        services.create_user(actor=system, username=alice.username.upper(), full_name="李四", password=STRONG)
    assert taken.value.field == "username"
    assert not User.objects.filter(full_name="李四").exists()


def test_the_pages_open_for_their_roles_only(role_users, alice):
    keepers, everyone = (SYSTEM, SECURITY), tuple(Role)
    tree = role_users[Role.CLERK].department_id
    for name, args, allowed in [
        ("users", (), keepers), ("user", (alice.pk,), keepers), ("user_add", (), (SYSTEM,)),
        ("user_edit", (alice.pk,), (SYSTEM,)), ("user_password", (alice.pk,), (SYSTEM,)),
        ("grant", (alice.pk,), (SECURITY,)), ("departments", (), everyone), ("department_add", (), (SYSTEM,)),
        ("department_edit", (tree,), (SYSTEM,)), ("profile", (), everyone),
    ]:  # fmt: skip
        assert_only_roles(reverse(f"accounts:{name}", args=args), role_users, allowed)


def test_the_buttons_work_for_their_roles_only(role_users, alice):
    for name, args, allowed in [
        ("user_disable", (alice.pk,), (SYSTEM,)), ("user_enable", (alice.pk,), (SYSTEM,)),
        ("second_factor_remove", (alice.pk,), (SECURITY,)),
        ("grant_end", (alice.pk, alice.role_grants.get().pk), (SECURITY,)),
    ]:  # fmt: skip
        assert_only_roles(reverse(f"accounts:{name}", args=args), role_users, allowed, method="post")


def test_the_system_administrator_creates_a_user_and_the_security_administrator_gives_the_role(
    user_factory, client_for, department_tree
):
    system, security = client_for(user_factory(SYSTEM)), client_for(user_factory(SECURITY))
    data = {
        "username": "zhou.ming", "full_name": "周明", "department": department_tree["water"].pk, "post": "科员",
        "phone": "", "password": STRONG,
    }  # fmt: skip
    weak = system.post(reverse("accounts:user_add"), {**data, "password": "123"})
    assert weak.status_code == 422 and "周明" in weak.content.decode()
    assert system.post(reverse("accounts:user_add"), data).status_code == 302
    user = User.objects.get(username="zhou.ming")
    assert not user.role_set
    response = security.post(reverse("accounts:grant", args=[user.pk]), {"role": "case_officer"})
    assert response.status_code == 302
    assert User.objects.get(pk=user.pk).has_role(Role.CASE_OFFICER)
    listed = security.get(reverse("accounts:users") + "?role=case_officer&q=周明").content.decode()
    assert "承办人" in listed and "zhou.ming" in listed


def test_the_list_of_users_asks_a_fixed_number_of_questions(user_factory, client_for):
    keeper = client_for(user_factory(SECURITY))
    for _person in range(30):
        user_factory(Role.LIAISON)
    with assert_max_queries(12):
        page = keeper.get(reverse("accounts:users") + "?per_page=50")
    assert page.context["table"].paginator.count == 31


def test_the_departments_of_suizhou_are_seeded_once(department_tree):
    from stdnum.cn import uscc

    again = services.seed_departments()
    assert {code: row.pk for code, row in again.items()} == {
        code: row.pk for code, row in department_tree.items()
    }
    assert department_tree["housing"].document_prefix == "随住更"
    assert department_tree["zengdu-authority"].region_code == "421303"
    assert all(uscc.is_valid(row.uscc) for row in again.values() if row.uscc)


def test_the_tree_has_the_office_at_its_root_and_takes_two_queries(department_tree, alice):
    alice.role_set
    with assert_max_queries(2):
        roots = selectors.department_tree(alice)
    assert [node.department.code for node in roots] == ["office"]
    codes = {node.department.code for node in roots[0].children}
    assert {"housing", "zengdu"} <= codes
    assert {row.code for row in selectors.descendants(department_tree["suixian"])} == {
        "suixian",
        "suixian-authority",
    }


def test_a_department_does_not_stand_below_itself_and_is_not_closed_with_people(
    user_factory, department_tree, alice
):
    system = user_factory(SYSTEM)
    with pytest.raises(Refusal) as ring:
        services.update_department(
            actor=system, department=department_tree["zengdu"], parent=department_tree["zengdu-authority"]
        )
    assert ring.value.field == "parent"
    with pytest.raises(Refusal, match="启用的用户"):
        services.update_department(actor=system, department=department_tree["housing"], is_active=False)


def test_changes_of_a_department_are_in_the_trail(user_factory, department_tree, client_for):
    system = user_factory(SYSTEM)
    services.update_department(actor=system, department=department_tree["water"], short_name="水利湖泊局")
    event = AuditEvent.objects.filter(verb="accounts.department_changed").latest("id")
    assert event.changes == {"short_name": ["水利局", "水利湖泊局"]}
