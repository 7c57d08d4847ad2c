"""Machine codes and what excludes them (REFERENCE C.2, C.4 H-1 … H-8; 招标投标法实施条例 第四十条第（一）（二）项)."""

from __future__ import annotations

import pytest

from wulian.analysis.similarity.facts import read_facts
from wulian.analysis.similarity.tests.building import CHU, FIRMS, HAN, JIANG, ZENG, ZHANG, facts, machine
from wulian.analysis.similarity.traces.machines import clean, compare_machines, is_virtual

COMPUTER = {"mac": "3C-7C-3F-11-22-33", "cpu": "BFEBFBFF000A0671", "disk": "WD-WX11A5"}
OTHER = {"mac": "3C-7C-3F-44-55-66", "cpu": "BFEBFBFF000906E9", "disk": "S3Z9NB0K"}


def found(*rows, **more):
    return compare_machines(facts("machine", *rows, **more), FIRMS).findings


def author(bidder, **codes):
    return {"bidder": bidder, "stage": "authoring", **codes}


def upload(bidder, place="", **codes):
    return {"bidder": bidder, "stage": "upload", "place": place, **codes}


def state(finding, reason):
    return next(one.state for one in finding.exclusions if reason in one.reason)


def test_the_computer_that_made_two_bids_is_deemed_collusion_to_be_verified():
    [one] = found(author(CHU, **COMPUTER), author(ZENG, **COMPUTER), author(JIANG, **OTHER))
    assert (one.check, one.level, one.subjects) == ("H-2", "deemed", tuple(sorted((CHU, ZENG))))
    assert not one.excluded
    assert "网卡 3C-7C-3F-11-22-33" in one.evidence[0].value


@pytest.mark.parametrize("missing", ["mac", "cpu", "disk"])
def test_two_of_three_codes_are_a_hint_only(missing):
    codes = {**COMPUTER, missing: OTHER[missing]}
    assert {(one.check, one.level) for one in found(author(CHU, **COMPUTER), author(ZENG, **codes))} == {
        ("H-5", "hint")
    }


def test_the_control_price_files_computer_is_excluded_and_shown():
    rows = (author("", stage="控制价", **COMPUTER), author(CHU, **COMPUTER), author(ZENG, **COMPUTER))
    [one] = found(*rows)
    assert one.excluded
    assert state(one, "控制价") == "applies"


def test_without_a_control_price_record_that_exclusion_stays_open():
    [one] = found(author(CHU, **COMPUTER), author(ZENG, **COMPUTER))
    assert state(one, "控制价") == "open"


def test_a_bidder_alone_on_the_control_price_files_computer_is_a_hint():
    [one] = found(author("", **COMPUTER), author(CHU, **COMPUTER), author(ZENG, **OTHER))
    assert (one.check, one.level, one.subjects) == ("H-8", "hint", (CHU,))


@pytest.mark.parametrize(
    "mac", ["00:50:56:C0:00:08", "00-0C-29-11-22-33", "08002711AABB", "02-42-AC-11-00-02"]
)
def test_a_virtual_network_card_is_excluded_and_shown(mac):
    codes = {**COMPUTER, "mac": mac}
    [one] = found(author(CHU, **codes), author(ZENG, **codes))
    assert one.excluded
    assert state(one, "虚拟网卡") == "applies"


@pytest.mark.parametrize(
    "code", ["", "00-00-00-00-00-00", "FF:FF:FF:FF:FF:FF", "To be filled by O.E.M.", "None", "0000000000"]
)
def test_default_codes_are_no_codes(code):
    assert clean(code) == ""
    assert not found(author(CHU, mac=code, cpu=code, disk=code), author(ZENG, mac=code, cpu=code, disk=code))


def test_a_card_of_a_maker_is_not_virtual():
    assert not is_virtual("3C7C3F112233")


def test_uploads_at_the_opening_site_are_excluded_and_shown():
    rows = [upload(firm, "随州市公共资源交易中心开标现场", **COMPUTER) for firm in (CHU, ZENG)]
    [one] = found(*rows)
    assert (one.check, one.excluded) == ("H-1", True)


def test_uploads_elsewhere_stand_even_when_a_third_bidder_used_it_at_the_site():
    rows = [
        upload(CHU, "投标人处", **COMPUTER),
        upload(ZENG, "投标人处", **COMPUTER),
        upload(JIANG, "开标现场", **COMPUTER),
    ]
    [one] = found(*rows)
    assert (one.check, one.excluded, one.subjects) == ("H-1", False, tuple(sorted((CHU, ZENG))))


def test_uploads_of_which_the_place_is_not_told_leave_the_exclusion_open():
    [one] = found(upload(CHU, **COMPUTER), upload(ZENG, **COMPUTER))
    assert state(one, "开标现场") == "open"


def test_members_of_one_consortium_are_excluded():
    who = facts("bidders", {"bidder": CHU, "consortium": "1"}, {"bidder": ZENG, "consortium": "1"}).bidders
    [one] = found(author(CHU, **COMPUTER), author(ZENG, **COMPUTER), bidders=who)
    assert state(one, "联合体") == "applies"


def test_one_lock_in_two_bids_is_deemed_and_the_control_price_files_lock_is_not():
    lock = {"lock_no": "GLD-55123"}
    [one] = found(author(CHU, **lock), author(ZENG, **lock), author("", lock_no="GLD-1"))
    assert (one.check, one.level, one.excluded) == ("H-3", "deemed", False)
    [one] = found(author(CHU, **lock), author(ZENG, **lock), author("", **lock))
    assert one.excluded


def test_a_lock_that_most_bidders_have_is_ranked_down():
    [one] = found(*(author(firm, lock_no="GLD-9") for firm in (CHU, ZENG, JIANG, HAN)))
    assert not one.strong
    assert "盗版锁" in one.remark


@pytest.mark.parametrize("column", ["file_code", "creation_code"])
def test_one_file_code_in_two_bids_is_deemed(column):
    assert [
        one.check for one in found(author(CHU, **{column: "F-77A"}), author(ZENG, **{column: "f77a"}))
    ] == ["H-4"]


def test_one_public_address_is_a_hint_and_a_private_one_nothing():
    assert [
        (one.check, one.level)
        for one in found(upload(CHU, ip="119.103.20.8"), upload(ZENG, ip="119.103.20.8"))
    ] == [("H-6", "hint")]
    assert not found(upload(CHU, ip="192.168.1.5"), upload(ZENG, ip="192.168.1.5"))


def test_one_account_or_telephone_for_two_bids_is_a_hint():
    rows = [upload(firm, account="hbct01", phone="13800001111") for firm in (CHU, ZENG)]
    assert [one.check for one in found(*rows)] == ["H-7", "H-7"]


def test_without_records_it_is_said_that_nothing_was_tested():
    assert "未检验机器码" in compare_machines(facts("machine"), FIRMS).notes[0]


def test_exports_are_read_in_every_form_with_chinese_or_english_columns(tmp_path):
    for firm in (CHU, ZENG, ZHANG):
        (tmp_path / firm).mkdir()
    machine(
        tmp_path, {"bidder": CHU, "stage": "authoring", **COMPUTER}, {"环节": "控制价", "加密锁号": "GLD-1"}
    )
    (tmp_path / ZENG / "machine.csv").write_bytes(
        "环节,MAC地址,CPU序列号,硬盘序列号\n制作,3C-7C-3F-11-22-33,BFEBFBFF000A0671,WD-WX11A5\n".encode(
            "gb18030"
        )
    )
    (tmp_path / ZHANG / "machine.xml").write_text(
        '<?xml version="1.0"?><records><record 环节="上传" IP地址="119.103.1.1"/></records>', encoding="utf-8"
    )
    read = read_facts(tmp_path, FIRMS)
    assert {(one.bidder, one.stage) for one in read.machine} == {
        (CHU, "authoring"), ("", "tender"), (ZENG, "authoring"), (ZHANG, "upload"),
    }  # fmt: skip
    assert [one.check for one in compare_machines(read, FIRMS).findings] == ["H-2"]


def test_a_record_of_nobody_in_the_folder_and_a_broken_export_are_named(tmp_path):
    machine(tmp_path, {"bidder": "某外地公司", **COMPUTER})
    (tmp_path / "bonds.json").write_text("{broken", encoding="utf-8")
    (tmp_path / "people.json").write_text('{"people": 1}', encoding="utf-8")
    problems = dict(read_facts(tmp_path, FIRMS).problems)
    assert "某外地公司" in problems["machine.json"]
    assert "不是正确的 JSON" in problems["bonds.json"]
    assert "对象的数组" in problems["people.json"]
