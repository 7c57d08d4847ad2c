"""The vault: a reason, a second person, an expiry, and every look written down (REFERENCE D.9, WP-4)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from wulian.casework.intake import services
from wulian.casework.intake.models import IdentityOpening
from wulian.casework.intake.tests import factories as make
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.worklist import duties_for
from wulian.crypto import DecryptionError

pytestmark = pytest.mark.django_db
REASON = "需向投诉人送达受理通知书并核实签名。"


@pytest.fixture
def opening(people, examined):
    return services.request_opening(actor=people.officer, matter=examined, reason=REASON, hours=4)


def approve(people, opening):
    return services.approve_opening(actor=people.discipline, opening=opening)


def test_two_people_open_an_identity_and_each_look_is_an_audit_event(people, opening):
    opening = approve(people, opening)
    for look in (1, 2):
        details = services.open_identity(actor=people.officer, opening=opening)
        assert (details.name, details.phone, details.address) == (make.NAME, make.PHONE, make.ADDRESS)
        assert (
            AuditEvent.objects.filter(verb="intake.identity_opened", actor_id=people.officer.pk).count()
            == look
        )
    opening.refresh_from_db()
    assert opening.opened_count == 2
    assert make.NAME not in str(list(AuditEvent.objects.values()))


def test_nothing_opens_before_the_second_person_agrees(people, opening):
    with pytest.raises(Forbidden):
        services.open_identity(actor=people.officer, opening=opening)


@pytest.mark.parametrize("who", ["officer", "section", "clerk", "dispatcher", "stranger", "admin"])
def test_the_second_person_is_from_discipline_or_heads_the_office(people, opening, who):
    with pytest.raises(Forbidden):
        services.approve_opening(actor=getattr(people, who), opening=opening)


def test_nobody_allows_ones_own_request(people, examined, user_factory):
    both = user_factory(("case_officer", "office_head"), "housing")
    opening = services.request_opening(actor=both, matter=examined, reason=REASON, hours=1)
    with pytest.raises(Forbidden, match="第二人"):
        services.approve_opening(actor=both, opening=opening)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityOpening.objects.filter(pk=opening.pk).update(decided_by=both)


def test_only_who_asked_may_look_and_only_until_it_expires(people, opening):
    opening = approve(people, opening)
    for other in (people.colleague, people.discipline, people.section):
        with pytest.raises(Forbidden):
            services.open_identity(actor=other, opening=opening)
    with time_machine.travel(make.RECEIVED + timedelta(hours=3, minutes=59), tick=False):
        services.open_identity(actor=people.officer, opening=opening)
    with time_machine.travel(make.RECEIVED + timedelta(hours=4), tick=False), pytest.raises(Forbidden):
        services.open_identity(actor=people.officer, opening=opening)


@pytest.mark.parametrize(
    ("reason", "hours", "field"), [("要看", 4, "reason"), (REASON, 0, "hours"), (REASON, 73, "hours")]
)
def test_a_request_has_a_reason_and_at_most_72_hours(people, examined, reason, hours, field):
    with pytest.raises(Refusal) as refused:
        services.request_opening(actor=people.officer, matter=examined, reason=reason, hours=hours)
    assert refused.value.field == field


def test_one_request_at_a_time_and_none_for_the_anonymous(people, opening, examined):
    with pytest.raises(Refusal):
        services.request_opening(actor=people.officer, matter=examined, reason=REASON, hours=4)
    anonymous = make.dispatched(make.tip_off(), people.clerk, people.dispatcher)
    with pytest.raises(Refusal, match="匿名"):
        services.request_opening(actor=people.officer, matter=anonymous, reason=REASON, hours=4)


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "stranger", "discipline"])
def test_only_the_competent_authority_asks(people, examined, who):
    with pytest.raises(Forbidden):
        services.request_opening(actor=getattr(people, who), matter=examined, reason=REASON, hours=4)


def test_a_sealed_identity_does_not_open_under_another_alias(people, examined):
    from wulian.casework.intake import keys

    sealed = bytes(examined.receipt.identity.sealed)
    with pytest.raises(DecryptionError):
        keys.cipher(keys.VAULT_KEY).decrypt(sealed, b"R-2026-99999")


def test_the_key_is_a_file_of_its_own_outside_the_database(examined):
    path = settings.VAR_DIR / "keys" / "reporter-vault.sm4-gcm.key"
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_page_shows_the_identity_once_by_post_and_is_kept_nowhere(people, opening, client_for):
    waiting = [
        duty for duty in duties_for(people.discipline) if duty.url == opening.matter.get_absolute_url()
    ]
    assert len(waiting) == 1
    judge = client_for(people.discipline)
    answer = judge.post(reverse("intake:opening", args=[opening.pk]), {"decision": "approve", "note": "同意"})
    assert answer.status_code == 302
    client = client_for(people.officer)
    address = reverse("intake:identity", args=[opening.pk])
    assert client.get(address).status_code == 405
    shown = client.post(address)
    assert make.NAME in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    page = client.get(opening.matter.get_absolute_url()).content.decode()
    assert make.NAME not in page and make.PHONE not in page
    assert client_for(people.stranger).post(address).status_code == 404
