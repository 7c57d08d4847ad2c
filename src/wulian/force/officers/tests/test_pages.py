"""The pages of the library, as the dispatcher, the officer, a colleague and a stranger see them."""

from __future__ import annotations

import datetime as dt

import pytest

from wulian.core.accounts.choices import Role
from wulian.core.ui.testing import assert_max_queries, assert_only_roles, sign_in
from wulian.force.officers.models import Certificate, Leave, Officer, RecusalDeclaration

from .factories import (
    CertificateFactory,
    DepartmentFactory,
    LeaveFactory,
    OfficerFactory,
    RecusalFactory,
    TrainingFactory,
    UserFactory,
    certified_officer,
    coordinating_office,
    keeper,
)

pytestmark = pytest.mark.django_db
CERTIFICATE = {
    "number": "17061300077", "issuer": "湖北省人民政府", "sectors": ["housing"], "region_code": "421300",
    "valid_from": "2025-01-01", "valid_to": "2029-12-31",
}  # fmt: skip


@pytest.fixture(autouse=True)
def march(time_machine):
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)


@pytest.fixture
def users():
    office = coordinating_office()
    own = {role: UserFactory(roles=[role]) for role in (Role.CASE_OFFICER, Role.AUTHORITY_HEAD)}
    city = {
        role: UserFactory(department=office, roles=[role])
        for role in (Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE)
    }
    administrators = {role: UserFactory(roles=[role]) for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)}
    return {None: None} | own | city | administrators


def test_who_opens_the_library_and_a_record(users):
    business = [role for role in users if role not in (None, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN)]
    officer = certified_officer()
    assert_only_roles("/officers/", users, business)
    assert_only_roles("/officers/eligible/", users, business)
    assert_only_roles(officer.get_absolute_url(), users, business)


def test_only_the_dispatcher_and_the_office_head_enter_officers_and_training(users):
    officer = OfficerFactory()
    keepers = [Role.DISPATCHER, Role.OFFICE_HEAD]
    assert_only_roles("/officers/register/", users, keepers)
    assert_only_roles(f"/officers/{officer.pk}/training/", users, keepers)
    assert_only_roles(f"/officers/{officer.pk}/leave/", users, keepers)


def test_an_officer_of_another_authority_is_not_found(client):
    officer = OfficerFactory()
    water = DepartmentFactory(code="szslj", name="随州市水利和湖泊局", sector="water")
    sign_in(client, UserFactory(department=water, roles=[Role.CASE_OFFICER]))
    assert client.get(officer.get_absolute_url()).status_code == 404
    assert officer.name not in client.get("/officers/").content.decode()


def test_an_officer_adds_to_the_own_record_and_the_dispatcher_confirms(client):
    officer = OfficerFactory()
    sign_in(client, officer.user)
    own = officer.get_absolute_url()
    assert client.post(f"{own}certificate/", CERTIFICATE).status_code == 302
    assert (
        client.post(
            f"{own}leave/", {"starts_on": "2026-03-09", "ends_on": "2026-03-13", "reason": "年休假"}
        ).status_code
        == 302
    )
    assert (
        client.post(
            f"{own}recusal/",
            {"party_name": "随州市宏达建筑工程有限公司", "relation": "relative", "valid_from": "2026-03-02"},
        ).status_code
        == 302
    )
    certificate = Certificate.objects.get()
    assert certificate.state == "unconfirmed"
    confirm = f"{own}certificate/{certificate.pk}/confirm/"
    assert client.post(confirm).status_code == 403
    sign_in(client, keeper())
    assert client.post(confirm).status_code == 302
    certificate.refresh_from_db()
    assert certificate.state == "valid"
    page = client.get(own).content.decode()
    assert "17061300077" in page and "年休假" in page and "宏达" in page


def test_a_refusal_is_shown_at_its_field_and_keeps_what_was_typed(client):
    officer = OfficerFactory()
    sign_in(client, officer.user)
    answer = client.post(
        f"{officer.get_absolute_url()}leave/",
        {"starts_on": "2026-03-09", "ends_on": "2026-03-08", "reason": "赴武汉参加培训"},
    )
    assert answer.status_code == 422
    assert answer.context["form"].errors["ends_on"] and "赴武汉参加培训" in answer.content.decode()
    assert not Leave.objects.exists()


def test_a_recusal_is_not_shown_to_a_colleague(client):
    recusal = RecusalFactory()
    colleague = UserFactory(roles=[Role.CASE_OFFICER])
    page = sign_in(client, colleague).get(recusal.officer.get_absolute_url()).content.decode()
    assert recusal.officer.name in page and "宏达" not in page


def test_the_dispatcher_suspends_reinstates_and_revokes(client):
    officer = certified_officer()
    certificate = officer.certificates.get()
    sign_in(client, keeper())
    base = officer.get_absolute_url()
    client.post(
        f"{base}certificate/{certificate.pk}/suspend/", {"starts_on": "2026-03-01", "reason": "考核不合格"}
    )
    suspension = certificate.suspensions.get()
    assert "考核不合格" in client.get(base).content.decode()
    client.post(f"{base}suspension/{suspension.pk}/end/", {"last_day": "2026-03-02"})
    client.post(f"{base}certificate/{certificate.pk}/revoke/", {"revoked_on": "2026-03-05", "reason": "调离"})
    certificate.refresh_from_db()
    suspension.refresh_from_db()
    assert suspension.ends_on == dt.date(2026, 3, 2) and certificate.revoked_on == dt.date(2026, 3, 5)


def test_a_leave_is_cancelled_by_its_officer_and_not_by_a_colleague(client):
    leave = LeaveFactory()
    url = f"{leave.officer.get_absolute_url()}leave/{leave.pk}/cancel/"
    sign_in(client, OfficerFactory().user)
    client.post(url)
    leave.refresh_from_db()
    assert leave.cancelled_at is None
    sign_in(client, leave.officer.user)
    client.post(url)
    leave.refresh_from_db()
    assert leave.cancelled_at is not None


def test_a_recusal_is_ended_by_the_dispatcher(client):
    recusal = RecusalFactory()
    url = f"{recusal.officer.get_absolute_url()}recusal/{recusal.pk}/end/"
    assert sign_in(client, recusal.officer.user).post(url, {"last_day": "2026-06-30"}).status_code == 403
    sign_in(client, keeper()).post(url, {"last_day": "2026-06-30"})
    assert RecusalDeclaration.objects.get().valid_to == dt.date(2026, 6, 30)


def test_an_officer_is_registered_on_the_page(client):
    user = UserFactory(full_name="孙立新")
    answer = sign_in(client, keeper()).post(
        "/officers/register/", {"user": user.pk, "authority": user.department.pk, "rank": "一级科员"}
    )
    officer = Officer.objects.get()
    assert answer.url == officer.get_absolute_url() and officer.name == "孙立新"


def test_the_question_who_may_act_names_reasons_and_warns_when_too_few_may(client):
    authority = DepartmentFactory()
    able, related = certified_officer(), certified_officer()
    RecusalFactory(officer=related)
    sign_in(client, keeper())
    asked = {
        "authority": authority.pk, "sector": "housing", "region_code": "421303", "on": "2026-03-02",
        "parties": "91421300MA48XY123T\n随州市第三建筑公司",
    }  # fmt: skip
    answer = client.get("/officers/eligible/", asked)
    assert answer.context["officers"] == [able, related] and answer.context["able"] == 1
    page = answer.content.decode()
    assert "宏达" in page and "alert-danger" in page
    assert client.get("/officers/eligible/", asked | {"parties": ""}).context["able"] == 2


def test_the_library_is_filtered_by_certificate(client):
    valid = certified_officer()
    expiring = certified_officer(certificate__valid_to=dt.date(2026, 4, 30))
    renewed = certified_officer(certificate__valid_to=dt.date(2026, 4, 30))
    CertificateFactory(officer=renewed, valid_to=dt.date(2030, 1, 1))
    bare = OfficerFactory()
    sign_in(client, keeper())

    def shown(**conditions):
        rows = client.get("/officers/", conditions).context["table"].rows
        return {row.record for row in rows}

    assert shown() == {valid, expiring, renewed, bare}
    assert shown(certificate="valid") == {valid, expiring, renewed}
    assert shown(certificate="expiring") == {expiring}
    assert shown(certificate="none") == {bare}
    assert shown(q=valid.certificates.get().number) == {valid}


@pytest.mark.parametrize("state", ["valid", "expired", "suspended", "revoked", "unconfirmed", "not_yet"])
def test_the_query_for_valid_certificates_agrees_with_the_state_of_each(state):
    day = dt.date(2026, 3, 2)
    changes = {
        "expired": {"valid_to": dt.date(2026, 3, 1)},
        "revoked": {"revoked_on": day},
        "unconfirmed": {"confirmed_at": None},
        "not_yet": {"valid_from": dt.date(2026, 3, 3)},
    }
    certificate = CertificateFactory(**changes.get(state, {}))
    if state == "suspended":
        certificate.suspensions.create(starts_on=day, reason="考核")
    assert certificate.state_on(day) == state
    assert Certificate.objects.valid_on(day).exists() is (state == "valid")


def test_a_page_of_the_library_costs_the_same_queries_for_one_officer_and_for_thirty(client):
    sign_in(client, keeper())
    certified_officer()
    client.get("/officers/")
    with assert_max_queries(12) as few:
        client.get("/officers/")
    for _number in range(24):
        certified_officer()
    with assert_max_queries(len(few.captured_queries)):
        client.get("/officers/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(client, language):
    officer = certified_officer()
    certificate = officer.certificates.get()
    certificate.suspensions.create(starts_on=dt.date(2026, 3, 1), reason="考核")
    LeaveFactory(officer=officer)
    RecusalFactory(officer=officer)
    TrainingFactory(officer=officer)
    sign_in(client, keeper())
    base = officer.get_absolute_url()
    paths = ["/officers/", "/officers/eligible/", "/officers/register/", base]
    paths += [f"{base}{name}/" for name in ("certificate", "leave", "recusal", "training")]
    paths += [f"{base}certificate/{certificate.pk}/{name}/" for name in ("suspend", "revoke")]
    for path in paths:
        assert client.get(path, headers={"accept-language": language}).status_code == 200, path
