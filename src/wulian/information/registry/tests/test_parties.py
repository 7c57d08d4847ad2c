from __future__ import annotations

import pytest

from wulian.core.accounts.choices import Role
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.exchange.tests.builders import OWNER, RELEASE, make_release, put
from wulian.information.registry.models import (
    Award,
    Bid,
    Contract,
    Party,
    PartyIdentifier,
    RegistryChange,
)
from wulian.information.registry.services.merges import merge_parties, preview_merge, undo_merge
from wulian.information.registry.tests.import_builders import enter, make_official

pytestmark = pytest.mark.django_db


def with_parties(*parties, ocid="ocds-sz0001-x"):
    """A release whose first bidder is the first of these parties."""
    release = make_release(ocid=ocid, parties=list(parties), buyer=None, awards=None, contracts=None)
    tenderers = [{"id": party["id"]} for party in parties]
    release["bids"] = {"details": [{"id": "T1", "tenderers": tenderers[:1], "value": {"amount": 1}}]}
    return release


def firm(key="B1", name="随州编钟建设工程有限公司", scheme="", number="", **more):
    identifier = {"scheme": scheme, "id": number} if number else {}
    return {"id": key, "name": name, "identifier": identifier, **more}


def test_a_credit_code_makes_one_party_of_two_sources():
    enter(
        with_parties(firm("X1", scheme="CN-USCC", number=OWNER), ocid="ocds-aaaaaa-1"),
        with_parties(firm("Y9", name="编钟建设", scheme="CN-USCC", number=OWNER), ocid="ocds-bbbbbb-1"),
    )
    party = Party.objects.get()
    assert party.uscc == OWNER
    assert set(party.identifiers.values_list("scheme", "value")) == {
        ("uscc", OWNER),
        ("source:ocds-aaaaaa", "X1"),
        ("source:ocds-bbbbbb", "Y9"),
    }


def test_another_register_is_an_identity_too():
    enter(
        with_parties(firm("X1", scheme="UA-EDR", number="40133709"), ocid="ocds-aaaaaa-1"),
        with_parties(firm("X2", scheme="UA-EDR", number="40133709"), ocid="ocds-bbbbbb-1"),
    )
    assert Party.objects.count() == 1


def test_the_key_of_one_source_means_nothing_in_another():
    enter(
        with_parties(firm("1", name="甲公司"), ocid="ocds-aaaaaa-1"),
        with_parties(firm("1", name="甲公司"), ocid="ocds-bbbbbb-1"),
    )
    assert Party.objects.count() == 2


def test_a_source_that_numbers_its_parties_anew_in_each_file_does_not_make_one_party_of_two():
    enter(
        with_parties(firm("1", name="湖北炎帝建工集团有限公司"), ocid="ocds-aaaaaa-1"),
        with_parties(firm("1", name="广水市水利勘测设计院"), ocid="ocds-aaaaaa-2"),
        with_parties(firm("1", name="湖北炎帝建工集团 有限公司"), ocid="ocds-aaaaaa-3"),
    )
    assert Party.objects.count() == 2
    assert (
        enter(with_parties(firm("1", name="广水市水利勘测设计院"), ocid="ocds-aaaaaa-4"))[0].action
        == "created"
    )
    assert Party.objects.count() == 2


def test_a_party_learns_its_credit_code_later():
    enter(with_parties(firm("B1"), ocid="ocds-aaaaaa-1"))
    enter(with_parties(firm("B1", scheme="CN-USCC", number=OWNER), ocid="ocds-aaaaaa-2"))
    assert Party.objects.get().uscc == OWNER
    enter(with_parties(firm("Z", scheme="CN-USCC", number=OWNER), ocid="ocds-bbbbbb-2"))
    assert Party.objects.count() == 1


def test_another_dossier_fills_blanks_and_only_a_newer_release_of_the_same_one_overwrites():
    enter(with_parties(firm(contactPoint={"telephone": "0722-1"}), ocid="ocds-aaaaaa-1"))
    other = firm(contactPoint={"telephone": "0722-2", "email": "a@b.cn"})
    enter(with_parties(other, ocid="ocds-aaaaaa-2"))
    party = Party.objects.get()
    assert (party.phone, party.email) == ("0722-1", "a@b.cn")
    newer = with_parties(firm(contactPoint={"telephone": "0722-3"}), ocid="ocds-aaaaaa-1")
    enter(newer | {"date": "2026-01-01T00:00:00Z"})
    party.refresh_from_db()
    assert (party.phone, party.email) == ("0722-3", "a@b.cn")
    change = RegistryChange.objects.filter(table="parties").latest("pk")
    assert change.changes == {"phone": ["0722-1", "0722-3"]}


def merged(reason="同一企业，名称变更"):
    """The two bidders of the release made one, by a dispatcher."""
    enter(
        RELEASE,
        put(make_release(ocid="ocds-sz0001-2"), "bids/details/0/tenderers", [{"id": "B1"}, {"id": "B2"}]),
    )
    keep = Party.objects.get(name="随州编钟建设工程有限公司")
    duplicate = Party.objects.get(name="湖北炎帝建工集团有限公司")
    Party.objects.filter(pk=duplicate.pk).update(phone="0722-3456789")
    actor = make_official("dispatcher", Role.DISPATCHER)
    return keep, duplicate, actor, merge_parties(keep=keep, duplicate=duplicate, actor=actor, reason=reason)


def test_a_merge_moves_every_row_and_loses_nothing():
    bids_before = Bid.objects.count()
    keep, duplicate, _actor, merge = merged()
    duplicate.refresh_from_db()
    keep.refresh_from_db()
    assert duplicate.merged_into == keep
    assert keep.phone == "0722-3456789"
    assert Bid.objects.count() > bids_before
    assert not Bid.objects.filter(tenderer=duplicate).exists()
    assert Bid.objects.filter(tenderer=keep).count() == 4
    assert [p.pk for p in Bid.objects.filter(consortium__isnull=False).get().consortium.all()] == [keep.pk]
    assert not duplicate.identifiers.exists()
    assert keep.identifiers.count() == 2
    assert merge.moved["rows"]["bids.tenderer"]
    assert AuditEvent.objects.filter(verb="registry.parties_merged").count() == 1
    assert RegistryChange.objects.filter(table="parties", changes__party__0=duplicate.name).count() == 2


def test_after_a_merge_the_next_import_names_the_kept_party_and_changes_nothing():
    keep, duplicate, _actor, _merge = merged()
    (outcome,) = enter(make_release(x_changed=True))
    assert outcome.action == "unchanged"
    enter(make_release(ocid="ocds-sz0001-3"))
    assert Bid.objects.filter(tenderer=duplicate).count() == 0
    assert Bid.objects.filter(tenderer=keep).count() == 6


def test_a_merge_can_be_undone_row_by_row():
    keep, duplicate, actor, merge = merged()
    undo_merge(merge=merge, actor=actor, reason="查实为两家企业")
    duplicate.refresh_from_db()
    keep.refresh_from_db()
    assert duplicate.merged_into is None
    assert keep.phone == ""
    assert Bid.objects.filter(tenderer=duplicate).count() == 2
    assert Award.objects.filter(supplier=keep).count() == Contract.objects.filter(supplier=keep).count() == 2
    assert duplicate.identifiers.count() == 1
    with pytest.raises(Refusal):
        undo_merge(merge=merge, actor=actor, reason="再次")


def test_only_the_latest_merge_of_two_parties_can_be_undone():
    keep, duplicate, actor, first = merged()
    undo_merge(merge=first, actor=actor, reason="查实为两家企业")
    duplicate.refresh_from_db()
    second = merge_parties(keep=keep, duplicate=duplicate, actor=actor, reason="确为同一企业")
    with pytest.raises(Refusal):
        undo_merge(merge=first, actor=actor, reason="再次")
    undo_merge(merge=second, actor=actor, reason="再次查实")
    assert Bid.objects.filter(tenderer=duplicate).count() == 2


def test_a_merge_into_a_party_that_was_merged_itself_is_undone_last_first():
    keep, duplicate, actor, first = merged()
    third = Party.objects.create(source_key="h", name="随州编钟建设集团有限公司")
    second = merge_parties(keep=third, duplicate=keep, actor=actor, reason="企业更名")
    with pytest.raises(Refusal) as caught:
        undo_merge(merge=first, actor=actor, reason="查实为两家企业")
    assert keep.name in caught.value.message
    undo_merge(merge=second, actor=actor, reason="未更名")
    undo_merge(merge=first, actor=actor, reason="查实为两家企业")
    assert Bid.objects.filter(tenderer=duplicate).count() == 2


def test_a_preview_counts_what_the_merge_then_moves():
    enter(
        RELEASE,
        put(make_release(ocid="ocds-sz0001-2"), "bids/details/0/tenderers", [{"id": "B1"}, {"id": "B2"}]),
    )
    keep = Party.objects.get(name="随州编钟建设工程有限公司")
    duplicate = Party.objects.get(name="湖北炎帝建工集团有限公司")
    Party.objects.filter(pk=duplicate.pk).update(phone="0722-3456789")
    duplicate.refresh_from_db()
    preview = preview_merge(keep=keep, duplicate=duplicate)
    actor = make_official("dispatcher", Role.DISPATCHER)
    merge = merge_parties(keep=keep, duplicate=duplicate, actor=actor, reason="同一企业")
    assert dict(preview.rows) == {path: len(ids) for path, ids in merge.moved["rows"].items()}
    assert preview.total > 0
    assert [item.pk for item in preview.identifiers] == merge.moved["identifiers"]
    assert preview.filled == merge.moved["filled"] == {"phone": "0722-3456789"}
    assert preview.obstacle == ""


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.SYSTEM_ADMIN, Role.DISCIPLINE])
def test_a_merge_needs_a_role_of_the_coordinating_office(role):
    enter(RELEASE)
    keep, duplicate = Party.objects.order_by("pk")[:2]
    with pytest.raises(Forbidden):
        merge_parties(keep=keep, duplicate=duplicate, actor=make_official("x", role), reason="同一企业")
    assert not Party.objects.exclude(merged_into=None).exists()


def test_two_credit_codes_cannot_become_one_party():
    other = "91420000MA4KLXXX0P"
    enter(with_parties(firm("B1", scheme="CN-USCC", number=OWNER)))
    Party.objects.create(source_key="h", name="手工录入的公司", uscc=other)
    keep, duplicate = Party.objects.order_by("pk")
    actor = make_official("dispatcher", Role.DISPATCHER)
    with pytest.raises(Refusal) as caught:
        merge_parties(keep=keep, duplicate=duplicate, actor=actor, reason="同一企业")
    assert OWNER in caught.value.message
    with pytest.raises(Refusal):
        merge_parties(keep=keep, duplicate=keep, actor=actor, reason="同一企业")
    with pytest.raises(Refusal) as caught:
        merge_parties(keep=keep, duplicate=duplicate, actor=actor, reason=" ")
    assert caught.value.field == "reason"


def test_a_party_entered_by_hand_is_found_by_its_credit_code():
    Party.objects.create(source_key="hand", name="随州编钟建设工程有限公司", uscc=OWNER)
    enter(with_parties(firm("B1", scheme="CN-USCC", number=OWNER)))
    assert Party.objects.count() == 1
    assert PartyIdentifier.objects.filter(scheme="uscc", value=OWNER).count() == 1
