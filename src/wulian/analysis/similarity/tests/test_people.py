"""People, bonds and mixed-up files (招标投标法实施条例 第四十条第（二）（三）（五）（六）项; REFERENCE C.4 R-1, B-1, B-3, T-4)."""

from __future__ import annotations

from wulian.analysis.similarity.facts import Facts
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.tests.building import CHU, HAN, JIANG, ZENG, facts
from wulian.analysis.similarity.traces.identity import compare_identities
from wulian.analysis.similarity.traces.people import compare_bonds, compare_people, hidden

ID = "420683198001011234"


def people(*rows):
    return compare_people(facts("people", *rows)).findings


def bonds(*rows, **more):
    return compare_bonds(facts("bonds", *rows, **more)).findings


def person(bidder, name="陈志强", role="项目经理", **more):
    return {"bidder": bidder, "name": name, "role": role, **more}


def text(bidder, content):
    return ReadFile(f"{bidder}/投标函.txt", bidder, "0" * 64, content)


def mixed(*files, sources=(), known=None):
    return compare_identities(files, sources, known or Facts()).findings


def test_one_person_in_the_management_of_two_bidders_is_deemed_collusion_to_be_verified():
    [one] = people(person(CHU, id_no=ID), person(ZENG, role="技术负责人", id_no=ID))
    assert (one.check, one.level) == ("R-1", "deemed")


def test_one_handler_of_two_bids_is_deemed_collusion_to_be_verified():
    [one] = people(person(CHU, role="授权委托人", id_no=ID), person(ZENG, role="经办人", id_no=ID))
    assert (one.check, one.level) == ("R-1H", "deemed")


def test_name_and_certificate_stand_for_a_missing_identity_number():
    [one] = people(person(CHU, certificate_no="鄂1422020"), person(ZENG, certificate_no="鄂1422020"))
    assert one.check == "R-1"


def test_a_name_alone_is_a_hint_and_namesakes_with_other_numbers_are_nothing():
    [one] = people(person(CHU), person(ZENG))
    assert (one.check, one.level) == ("R-1C", "hint")
    assert not people(person(CHU, id_no=ID), person(ZENG, id_no="420683199905055678"))


def test_a_shared_telephone_is_a_hint():
    rows = (person(CHU, name="甲某", phone="0722-3312345"), person(ZENG, name="乙某", phone="07223312345"))
    assert [one.check for one in people(*rows)] == ["R-1C"]


def test_identity_and_account_numbers_are_not_printed():
    [one] = people(person(CHU, id_no=ID), person(ZENG, id_no=ID))
    assert ID not in str(one.to_json())
    assert hidden(ID) == "420***********1234"


def transfer(bidder, account="4205011234567890", payer="随州鑫源商贸有限公司", **more):
    return {"bidder": bidder, "form": "转账", "payer_account": account, "payer_name": payer, **more}


def test_bonds_from_one_account_are_deemed_collusion_to_be_verified():
    [one] = bonds(transfer(CHU), transfer(ZENG), transfer(JIANG, account="6222000011112222", payer=JIANG))
    assert (one.check, one.level, one.excluded) == ("B-1", "deemed", False)
    assert "4205011234567890" not in str(one.to_json())


def test_one_natural_person_paying_from_two_accounts_is_found():
    [one] = bonds(transfer(CHU, "6222000000000001", "王大海"), transfer(ZENG, "6222000000000002", "王大海"))
    assert one.check == "B-1"


def test_the_same_insurer_is_not_the_same_payer_and_that_is_shown():
    insurer = "中国某财产保险股份有限公司湖北分公司"
    [one] = bonds(transfer(CHU, payer=insurer), transfer(ZENG, payer=insurer))
    assert one.excluded
    assert "保费" in one.exclusions[0].remark


def test_guarantees_with_numbers_in_a_row_or_one_applicants_telephone_are_a_hint():
    rows = [{"bidder": CHU, "form": "保险", "policy_no": "PZ000123", "phone": "13800000001"},
            {"bidder": ZENG, "form": "保险", "policy_no": "PZ000124", "phone": "13800000001"},
            {"bidder": JIANG, "form": "保险", "policy_no": "PZ000999", "phone": "13800000009"}]  # fmt: skip
    assert [(one.check, one.level) for one in bonds(*rows)] == [("B-3", "hint")] * 2


def test_another_bidders_name_in_a_bid_is_deemed_a_mixed_up_file():
    files = (text(CHU, "投标函\n我公司承诺按期完工。"), text(ZENG, f"投标函\n投标人：{CHU}（盖章）\n日期"))
    [one] = mixed(*files)
    assert (one.check, one.level, one.excluded) == ("T-4", "deemed", False)
    assert one.evidence[0].source == f"{ZENG}/投标函.txt"
    assert files[1].content[one.evidence[0].start : one.evidence[0].end] == CHU


def test_a_name_is_found_through_spaces_line_breaks_and_brackets():
    broken = "湖北楚天建设\n集团 有限公司"
    assert mixed(text(CHU, "正文"), text(ZENG, f"投标人：{broken}"))


def test_a_name_in_references_only_is_excluded_and_shown():
    [one] = mixed(text(CHU, "正文"), text(ZENG, f"类似工程业绩：业主为{CHU}，合同金额五百万元。"))
    assert one.excluded


def test_a_name_that_the_tender_document_has_is_nobodys_mistake():
    tender = text("招标文件", f"本项目前期单位{CHU}")
    assert not mixed(text(CHU, "正文"), text(ZENG, f"前期单位{CHU}"), sources=[tender])


def test_credit_code_telephone_and_person_are_found_too():
    known = facts("bidders", {"bidder": CHU, "uscc": "91421300MA4ABCDE1X", "phone": "13812345678"},
                  people=facts("people", person(CHU)).people)  # fmt: skip
    words = (
        "统一社会信用代码 91421300MA4ABCDE1X，联系电话 138-1234-5678，项目经理：陈志强，另述陈志强烈要求的事"
    )
    [one] = mixed(text(CHU, "正文"), text(ZENG, words), text(HAN, "正文"), known=known)
    assert {e.value.partition("“")[0] for e in one.evidence} == {"信用代码", "电话", "人员"}


def test_without_folders_of_names_a_bidder_is_known_by_its_signature():
    signed = ReadFile("bid-001.txt", "bid-001.txt", "0" * 64, f"投标人：{CHU}（盖单位章）")
    other = ReadFile("bid-002.txt", "bid-002.txt", "0" * 64, f"投标人：{ZENG}（盖单位章）\n我公司{CHU}承诺")
    assert [one.subjects for one in mixed(signed, other)] == [("bid-002.txt", "bid-001.txt")]
