"""The library is kept by the coordinating office; officers add to their own record and lift nothing from it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui import worklist
from wulian.force.officers import services
from wulian.force.officers.duties import duties_of_dispatchers
from wulian.force.officers.models import Certificate, Leave, Officer, RecusalDeclaration
from wulian.force.officers.selectors import training_hours, training_sentence

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
DAY = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def english(time_machine):
    time_machine.move_to("2026-03-02 10:00:00+08:00", tick=False)
    with translation.override("en"):
        yield


def certificate_values(**changes):
    return {
        "number": "17061300001", "issuer": "湖北省人民政府", "sectors": ["housing", "transport"],
        "region_code": "421300", "valid_from": dt.date(2025, 1, 1), "valid_to": dt.date(2029, 12, 31),
    } | changes  # fmt: skip


def test_the_dispatcher_enters_an_officer():
    user = UserFactory()
    officer = services.register_officer(
        actor=keeper(), user=user, authority=user.department, rank="二级主任科员"
    )
    assert officer.name == user.full_name
    assert AuditEvent.objects.get(verb="officers.officer_registered").subject_id == str(officer.pk)


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.LIAISON, Role.DISCIPLINE, Role.SYSTEM_ADMIN])
def test_others_do_not_enter_officers(role):
    user = UserFactory()
    with pytest.raises(Forbidden):
        services.register_officer(actor=UserFactory(roles=[role]), user=user, authority=user.department)
    assert not Officer.objects.exists()


def test_an_officer_belongs_to_a_competent_authority_never_to_the_coordinating_office():
    """行政处罚法 第十八条; 国办发〔2024〕54号."""
    with pytest.raises(Refusal) as refused:
        services.register_officer(actor=keeper(), user=UserFactory(), authority=coordinating_office())
    assert refused.value.field == "authority"


def test_nobody_is_entered_twice():
    officer = OfficerFactory()
    with pytest.raises(Refusal, match="already in the library"):
        services.register_officer(actor=keeper(), user=officer.user, authority=officer.authority)


def test_a_secondment_needs_its_document():
    user = UserFactory()
    with pytest.raises(Refusal) as refused:
        services.register_officer(
            actor=keeper(),
            user=user,
            authority=user.department,
            seconded_to=coordinating_office(),
            secondment_from=DAY,
        )
    assert refused.value.field == "secondment_document"


def test_a_certificate_entered_by_the_dispatcher_counts_at_once():
    actor = keeper()
    certificate = services.add_certificate(actor=actor, officer=OfficerFactory(), **certificate_values())
    assert certificate.state == "valid" and certificate.confirmed_by == actor


def test_a_certificate_entered_by_the_officer_waits_for_the_dispatcher():
    officer = OfficerFactory()
    certificate = services.add_certificate(actor=officer.user, officer=officer, **certificate_values())
    assert certificate.state == "unconfirmed"
    confirmed = services.confirm_certificate(actor=keeper(), certificate=certificate)
    assert confirmed.state == "valid"
    with pytest.raises(Refusal, match="already confirmed"):
        services.confirm_certificate(actor=keeper(), certificate=certificate)


def test_a_dispatcher_who_is_an_officer_does_not_confirm_the_own_certificate():
    user = UserFactory(roles=[Role.DISPATCHER])
    officer = OfficerFactory(user=user)
    certificate = services.add_certificate(actor=user, officer=officer, **certificate_values())
    assert certificate.state == "unconfirmed"
    with pytest.raises(Refusal, match="own certificate"):
        services.confirm_certificate(actor=user, certificate=certificate)


def test_an_officer_does_not_confirm_certificates():
    certificate = CertificateFactory(confirmed_at=None)
    with pytest.raises(Forbidden):
        services.confirm_certificate(actor=certificate.officer.user, certificate=certificate)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"),
        ({"issuer": ""}, "number"),
        ({"sectors": []}, "sectors"),
        ({"sectors": ["sea"]}, "sectors"),
        ({"region_code": "42"}, "region_code"),
        ({"valid_to": dt.date(2024, 12, 31)}, "valid_to"),
    ],
)
def test_an_incomplete_certificate_is_refused_with_its_field(changes, field):
    with pytest.raises(Refusal) as refused:
        services.add_certificate(actor=keeper(), officer=OfficerFactory(), **certificate_values(**changes))
    assert refused.value.field == field
    assert not Certificate.objects.exists()


def test_a_certificate_number_is_entered_once():
    CertificateFactory(number="17061300001")
    with pytest.raises(Refusal, match="already in the library"):
        services.add_certificate(actor=keeper(), officer=OfficerFactory(), **certificate_values())


def test_auxiliary_staff_get_no_certificate():
    with pytest.raises(Refusal, match="Auxiliary"):
        services.add_certificate(
            actor=keeper(), officer=OfficerFactory(is_auxiliary=True), **certificate_values()
        )


def test_a_colleague_adds_nothing_to_ones_record():
    officer, colleague = OfficerFactory(), OfficerFactory().user
    with pytest.raises(Forbidden):
        services.add_certificate(actor=colleague, officer=officer, **certificate_values())
    with pytest.raises(Forbidden):
        services.record_leave(actor=colleague, officer=officer, starts_on=DAY, ends_on=DAY, reason="事假")
    with pytest.raises(Forbidden):
        services.declare_recusal(actor=colleague, officer=officer, party_name="某公司", relation="other")
    assert not Leave.objects.exists() and not RecusalDeclaration.objects.exists()


def test_a_suspension_opens_and_ends_and_both_are_in_the_trail():
    certificate = CertificateFactory()
    suspension = services.suspend_certificate(
        actor=keeper(), certificate=certificate, starts_on=DAY, reason="涉嫌违纪"
    )
    assert Certificate.objects.get(pk=certificate.pk).state == "suspended"
    services.end_suspension(actor=keeper(), suspension=suspension, ends_on=DAY + dt.timedelta(days=9))
    assert Certificate.objects.get(pk=certificate.pk).state_on(DAY + dt.timedelta(days=10)) == "valid"
    with pytest.raises(Refusal, match="already has a last day"):
        services.end_suspension(actor=keeper(), suspension=suspension, ends_on=DAY)
    verbs = list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["officers.certificate_suspended", "officers.suspension_ended"]


def test_a_suspension_does_not_end_before_it_began_and_needs_a_reason():
    certificate = CertificateFactory()
    with pytest.raises(Refusal) as refused:
        services.suspend_certificate(actor=keeper(), certificate=certificate, starts_on=DAY, reason="")
    assert refused.value.field == "reason"
    with pytest.raises(Refusal) as refused:
        services.suspend_certificate(
            actor=keeper(),
            certificate=certificate,
            starts_on=DAY,
            ends_on=DAY - dt.timedelta(days=1),
            reason="考核",
        )
    assert refused.value.field == "ends_on"


def test_a_certificate_is_revoked_once():
    certificate = CertificateFactory()
    services.revoke_certificate(actor=keeper(), certificate=certificate, revoked_on=DAY, reason="调离")
    with pytest.raises(Refusal, match="already revoked"):
        services.revoke_certificate(actor=keeper(), certificate=certificate, revoked_on=DAY, reason="调离")


def test_an_officer_records_and_cancels_the_own_leave():
    officer = OfficerFactory()
    leave = services.record_leave(
        actor=officer.user,
        officer=officer,
        starts_on=DAY,
        ends_on=DAY + dt.timedelta(days=4),
        reason="年休假",
    )
    assert leave.covers(DAY)
    cancelled = services.cancel_leave(actor=officer.user, leave=leave)
    assert not cancelled.covers(DAY)
    with pytest.raises(Refusal, match="already cancelled"):
        services.cancel_leave(actor=officer.user, leave=leave)


@pytest.mark.parametrize(("days", "reason", "field"), [(-1, "年休假", "ends_on"), (1, "  ", "reason")])
def test_a_leave_has_its_days_in_order_and_a_reason(days, reason, field):
    officer = OfficerFactory()
    with pytest.raises(Refusal) as refused:
        services.record_leave(
            actor=officer.user,
            officer=officer,
            starts_on=DAY,
            ends_on=DAY + dt.timedelta(days=days),
            reason=reason,
        )
    assert refused.value.field == field


def test_a_recusal_is_declared_by_oneself_and_its_party_stays_out_of_the_trail():
    officer = OfficerFactory()
    recusal = services.declare_recusal(
        actor=officer.user,
        officer=officer,
        party_name="随州市宏达建筑工程有限公司",
        party_uscc="91421300ma48xy123t",
        relation="relative",
        explanation="配偶任财务经理",
    )
    assert recusal.party_uscc == "91421300MA48XY123T" and recusal.valid_from == DAY
    event = AuditEvent.objects.get(verb="officers.recusal_declared")
    assert "宏达" not in f"{event.summary}{event.data}{event.changes}{event.subject_label}"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"party_name": ""}, "party_name"), ({"relation": "friend"}, "relation"), ({"party_uscc": "9142"}, "party_uscc")],
)  # fmt: skip
def test_an_incomplete_recusal_is_refused_with_its_field(changes, field):
    officer = OfficerFactory()
    with pytest.raises(Refusal) as refused:
        services.declare_recusal(
            actor=officer.user, officer=officer, **({"party_name": "某公司", "relation": "other"} | changes)
        )
    assert refused.value.field == field


def test_nobody_lifts_the_own_recusal():
    recusal = RecusalFactory()
    with pytest.raises(Forbidden):
        services.end_recusal(actor=recusal.officer.user, recusal=recusal, valid_to=DAY)
    dispatcher = UserFactory(roles=[Role.DISPATCHER])
    own = RecusalFactory(officer=OfficerFactory(user=dispatcher))
    with pytest.raises(Refusal, match="own recusal"):
        services.end_recusal(actor=dispatcher, recusal=own, valid_to=DAY)
    assert services.end_recusal(actor=dispatcher, recusal=recusal, valid_to=DAY).valid_to == DAY
    with pytest.raises(Refusal, match="already has a last day"):
        services.end_recusal(actor=dispatcher, recusal=recusal, valid_to=DAY)


def test_training_hours_add_up_by_calendar_year():
    officer = OfficerFactory()
    TrainingFactory(officer=officer, held_on=dt.date(2025, 12, 31), hours=40)
    TrainingFactory(officer=officer, held_on=dt.date(2026, 1, 1), hours=Decimal("7.5"))
    services.record_training(
        actor=keeper(), officer=officer, title="行政复议新规", held_on=DAY, hours=Decimal(8)
    )
    assert training_hours(officer, 2026) == Decimal("15.5")
    assert training_sentence(officer, 2026) == "15.5 of 60 hours in 2026."
    TrainingFactory(officer=officer, held_on=DAY, hours=Decimal("44.5"))
    assert "is met" in training_sentence(officer, 2026)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"hours": Decimal(0)}, "hours"),
        ({"hours": Decimal(201)}, "hours"),
        ({"held_on": DAY + dt.timedelta(days=1)}, "held_on"),
    ],
)
def test_training_that_cannot_be_is_refused(changes, field):
    values = {"title": "实务", "hours": Decimal(8), "held_on": DAY} | changes
    with pytest.raises(Refusal) as refused:
        services.record_training(actor=keeper(), officer=OfficerFactory(), **values)
    assert refused.value.field == field


def test_an_officer_does_not_record_the_own_training():
    officer = OfficerFactory()
    with pytest.raises(Forbidden):
        services.record_training(
            actor=officer.user, officer=officer, title="实务", held_on=DAY, hours=Decimal(8)
        )


@pytest.mark.parametrize(("days", "listed"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_certificate_that_expires_within_sixty_days_is_a_duty_of_the_dispatcher(days, listed):
    officer = certified_officer(certificate__valid_to=DAY + dt.timedelta(days=days))
    duties = [duty for duty in duties_of_dispatchers(keeper()) if officer.name in str(duty.title)]
    assert bool(duties) is listed
    if listed:
        assert duties[0].due == DAY + dt.timedelta(days=days)
        assert duties[0].url == officer.get_absolute_url()


def test_a_certificate_that_is_already_renewed_is_no_duty():
    officer = certified_officer(certificate__valid_to=DAY + dt.timedelta(days=10))
    CertificateFactory(officer=officer, valid_from=DAY, valid_to=DAY + dt.timedelta(days=1800))
    assert not list(duties_of_dispatchers(keeper()))


def test_a_certificate_to_confirm_is_a_duty_and_only_of_the_dispatcher():
    officer = certified_officer(certificate__confirmed_at=None)
    [duty] = worklist.duties_for(keeper())
    assert officer.name in str(duty.title)
    assert not list(duties_of_dispatchers(officer.user))
    assert not list(duties_of_dispatchers(keeper(Role.DISCIPLINE)))


def test_who_sees_which_officers():
    water = DepartmentFactory(code="szslj", name="随州市水利和湖泊局", sector="water")
    housing, other = OfficerFactory(), OfficerFactory(authority=water)
    lender = UserFactory(department=water, roles=[Role.LIAISON])
    seen = Officer.objects.visible_to
    assert set(seen(keeper())) == {housing, other}
    assert set(seen(UserFactory(roles=[Role.DISCIPLINE]))) == {housing, other}
    assert set(seen(housing.user)) == {housing}
    assert set(seen(lender)) == {other}
    assert not seen(UserFactory(roles=[Role.SYSTEM_ADMIN])).exists()
    assert not Certificate.objects.visible_to(UserFactory(roles=[Role.AUDIT_ADMIN])).exists()


def test_a_recusal_is_read_by_oneself_the_own_head_and_who_dispatches_or_oversees():
    recusal = RecusalFactory()
    head = UserFactory(roles=[Role.AUTHORITY_HEAD])
    water = DepartmentFactory(code="szslj", name="随州市水利和湖泊局", sector="water")
    for user in (recusal.officer.user, head, keeper(), keeper(Role.DISCIPLINE)):
        assert RecusalDeclaration.objects.visible_to(user).exists()
    for user in (
        UserFactory(roles=[Role.CASE_OFFICER]),
        UserFactory(roles=[Role.AUTHORITY_HEAD], department=water),
        keeper(Role.CLERK),
        keeper(Role.SECURITY_ADMIN),
    ):
        assert not RecusalDeclaration.objects.visible_to(user).exists()


def test_the_days_of_a_leave_in_the_database_are_in_order():
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        LeaveFactory(starts_on=DAY, ends_on=DAY - dt.timedelta(days=1))


def test_the_local_day_decides_what_a_certificate_is_worth_today(time_machine):
    """At 00:30 in Suizhou the day in London is still the day before."""
    certificate = CertificateFactory(valid_to=dt.date(2026, 3, 2))
    time_machine.move_to("2026-03-03 00:30:00+08:00", tick=False)
    assert timezone.localdate() == dt.date(2026, 3, 3)
    assert certificate.state == "expired"
