"""Two officers who may act, or a refusal that names each officer and each reason (行政处罚法 第四十二条、第四十三条)."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import translation

from wulian.core.config.errors import Refusal
from wulian.force.officers.models import CertificateSuspension
from wulian.force.officers.parties import PartyReference
from wulian.force.officers.selectors import assess_officers, eligible_officers
from wulian.force.officers.services import check_officers

from .factories import (
    CertificateFactory,
    DepartmentFactory,
    LeaveFactory,
    OfficerFactory,
    RecusalFactory,
    certified_officer,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 4)
HONGDA = SimpleNamespace(name="随州市宏达建筑工程有限公司", uscc="91421300MA48XY123T")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def authority(db):
    return DepartmentFactory()


def check(officers, authority, **changes):
    matter = {"sector": "housing", "region_code": "421300", "on": DAY, "parties": ()} | changes
    return check_officers(officers=officers, authority=authority, **matter)


def assess(authority, **changes):
    matter = {"sector": "housing", "region_code": "421300", "on": DAY} | changes
    return assess_officers(authority=authority, **matter)


def test_two_certified_officers_may_act_and_their_certificates_are_given_back(authority):
    first, second = certified_officer(), certified_officer()
    checked = check([first, second], authority, parties=[HONGDA])
    assert [item.officer for item in checked] == [first, second]
    assert [item.certificate for item in checked] == [
        first.certificates.get(),
        second.certificates.get(),
    ]


def test_one_officer_is_not_enough(authority):
    with pytest.raises(Refusal, match="at least two enforcement officers, found 1") as refused:
        check([certified_officer()], authority)
    assert refused.value.field == "officers"


def test_the_same_officer_twice_is_one_officer(authority):
    officer = certified_officer()
    with pytest.raises(Refusal, match="found 1"):
        check([officer, officer], authority)


def test_no_officer_is_refused(authority):
    with pytest.raises(Refusal, match="found 0"):
        check([], authority)


def test_an_officer_without_a_certificate_is_refused_by_name(authority):
    bare = OfficerFactory()
    with pytest.raises(Refusal, match=f"{bare.name}（no enforcement certificate）"):
        check([certified_officer(), certified_officer(), bare], authority)


@pytest.mark.parametrize(
    ("day", "words"),
    [(dt.date(2023, 5, 31), "not yet valid"), (dt.date(2028, 6, 1), "expired")],
)
def test_a_certificate_counts_only_between_its_first_and_last_day(authority, day, words):
    [officer] = [certified_officer()]
    [assessed] = assess(authority, on=day)
    assert assessed == officer and words in assessed.reasons[0]


@pytest.mark.parametrize("day", [dt.date(2023, 6, 1), dt.date(2028, 5, 31)])
def test_the_first_and_the_last_day_of_a_certificate_count(authority, day):
    certified_officer()
    [assessed] = assess(authority, on=day)
    assert assessed.is_eligible


def test_a_renewed_certificate_carries_on_where_the_old_one_ended(authority):
    officer = certified_officer(certificate__valid_to=dt.date(2026, 3, 1))
    CertificateFactory(officer=officer, valid_from=dt.date(2026, 3, 2), valid_to=dt.date(2031, 3, 1))
    assert eligible_officers(authority=authority, sector="housing", region_code="421300", on=DAY) == [officer]


@pytest.mark.parametrize(
    ("day", "eligible"),
    [(dt.date(2026, 2, 28), True), (dt.date(2026, 3, 1), False), (dt.date(2026, 3, 31), False), (dt.date(2026, 4, 1), True)],
)  # fmt: skip
def test_a_suspended_certificate_is_out_of_use_on_the_days_of_its_suspension(authority, day, eligible):
    officer = certified_officer()
    CertificateSuspension.objects.create(
        certificate=officer.certificates.get(),
        starts_on=dt.date(2026, 3, 1),
        ends_on=dt.date(2026, 3, 31),
        reason="年度考核不合格",
    )
    [assessed] = assess(authority, on=day)
    assert assessed.is_eligible == eligible
    assert eligible or "suspended" in assessed.reasons[0]


@pytest.mark.parametrize(("day", "eligible"), [(dt.date(2026, 3, 3), True), (dt.date(2026, 3, 4), False)])
def test_a_revoked_certificate_counts_for_acts_before_its_revocation_only(authority, day, eligible):
    certified_officer(certificate__revoked_on=dt.date(2026, 3, 4))
    [assessed] = assess(authority, on=day)
    assert assessed.is_eligible == eligible


def test_a_certificate_nobody_confirmed_does_not_count(authority):
    certified_officer(certificate__confirmed_at=None)
    [assessed] = assess(authority)
    assert "waiting for confirmation" in assessed.reasons[0]


def test_a_certificate_for_another_sector_does_not_count(authority):
    certified_officer(certificate__sectors=["water"])
    [assessed] = assess(authority)
    assert "not for this sector" in assessed.reasons[0]


def test_a_citys_certificate_holds_in_its_county_and_a_countys_not_in_the_city(authority):
    certified_officer(certificate__region_code="421300")
    certified_officer(certificate__region_code="421303")
    in_county = assess(authority, region_code="421303")
    in_city = assess(authority, region_code="421300")
    assert [item.is_eligible for item in in_county] == [True, True]
    assert [item.is_eligible for item in in_city] == [True, False]
    assert "not for this region" in in_city[1].reasons[0]
    assert [item.is_eligible for item in assess(authority, region_code="421321")] == [True, False]


@pytest.mark.parametrize(
    ("day", "away"),
    [(dt.date(2026, 3, 1), False), (dt.date(2026, 3, 2), True), (dt.date(2026, 3, 6), True), (dt.date(2026, 3, 7), False)],
)  # fmt: skip
def test_an_officer_on_leave_may_not_act_on_the_first_nor_on_the_last_day(authority, day, away):
    LeaveFactory(officer=certified_officer())
    [assessed] = assess(authority, on=day)
    assert assessed.is_eligible is not away
    assert not away or assessed.reasons == ("on leave from 2026-03-02 to 2026-03-06",)


def test_a_cancelled_leave_does_not_count(authority):
    officer = certified_officer()
    LeaveFactory(officer=officer, cancelled_at="2026-03-01T08:00:00+08:00")
    assert assess(authority)[0].is_eligible


@pytest.mark.parametrize(
    "party",
    [
        HONGDA,
        PartyReference(uscc="91421300ma48xy123t"),
        ("改名后的公司", "91421300MA48XY123T"),
        "随州市宏达建筑工程有限公司",
        "随州市 宏达建筑工程有限公司 ",
    ],
)
def test_a_declared_recusal_is_found_by_code_or_by_name(authority, party):
    RecusalFactory(officer=certified_officer())
    [assessed] = assess(authority, against_parties=[party])
    assert assessed.reasons == ("recusal declared: 随州市宏达建筑工程有限公司",)


@pytest.mark.parametrize(
    "party",
    [("随州市宏达建筑工程有限公司", "91421381MA49AB456K"), "随州市宏达劳务有限公司", ("", "")],
)
def test_another_party_is_no_recusal(authority, party):
    """Two firms may share a name; their codes differ."""
    RecusalFactory(officer=certified_officer())
    assert assess(authority, against_parties=[party])[0].is_eligible


def test_a_recusal_counts_from_its_first_to_its_last_day(authority):
    RecusalFactory(officer=certified_officer(), valid_from=dt.date(2026, 3, 2), valid_to=dt.date(2026, 3, 4))
    days = [dt.date(2026, 3, day) for day in (1, 2, 4, 5)]
    assert [assess(authority, on=day, against_parties=[HONGDA])[0].is_eligible for day in days] == [
        True,
        False,
        False,
        True,
    ]


def test_auxiliary_staff_are_never_counted(authority):
    certified_officer(is_auxiliary=True)
    [assessed] = assess(authority)
    assert "auxiliary staff may only assist" in assessed.reasons


def test_an_officer_of_another_authority_may_not_act_in_the_name_of_this_one(authority):
    water = DepartmentFactory(code="szslj", name="随州市水利和湖泊局", sector="water")
    stranger = certified_officer(authority=water)
    with pytest.raises(Refusal, match=f"{stranger.name}（belongs to 随州市水利和湖泊局）"):
        check([certified_officer(), certified_officer(), stranger], authority)
    assert stranger not in assess(authority)


def test_a_seconded_officer_still_acts_for_the_own_authority(authority):
    office = DepartmentFactory(code="szjgb", name="随州市监管办", kind="office", sector="")
    officer = certified_officer(
        seconded_to=office, secondment_from=dt.date(2026, 1, 1), secondment_document="随监管办函〔2026〕1号"
    )
    assert officer.seconded_on(DAY)
    assert eligible_officers(authority=authority, sector="housing", region_code="421300", on=DAY) == [officer]


def test_a_person_who_left_may_not_act(authority):
    officer = certified_officer()
    officer.user.is_active = False
    officer.user.save()
    assert assess(authority)[0].reasons == ("no longer in service",)


def test_every_reason_against_every_officer_is_named_at_once(authority):
    away, related = certified_officer(), certified_officer()
    LeaveFactory(officer=away)
    LeaveFactory(officer=related)
    RecusalFactory(officer=related)
    with pytest.raises(Refusal) as refused:
        check([away, related], authority, parties=[HONGDA])
    for words in (away.name, related.name, "on leave", "recusal declared"):
        assert words in refused.value.message
    assert refused.value.message.count("on leave") == 2


def test_those_who_may_act_come_first(authority):
    bare, able = OfficerFactory(), certified_officer()
    assert assess(authority) == [able, bare]
    assert eligible_officers(authority=authority, sector="housing", region_code="421300", on=DAY) == [able]


def test_assessing_fifty_officers_costs_as_many_queries_as_assessing_one(
    authority, django_assert_num_queries
):
    for _number in range(50):
        certified_officer()
    with django_assert_num_queries(5):
        assert len(assess(authority)) == 50
