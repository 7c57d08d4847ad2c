"""Errors that two bids share and the tender document does not have (REFERENCE C.4, T-2)."""

from __future__ import annotations

import pytest

from wulian.analysis.similarity.comparison import compare
from wulian.analysis.similarity.errors import compare_errors
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.tests.texts import COPIED, own_text

CLAUSE = "基础混凝土浇筑前应清除垫层表面浮土并洒水湿润，由监理工程师检查签字确认后方可进行下一道工序施工。"
TENDER = (
    "项目名称：随县黑屋湾水库除险加固工程施工\n开标时间：2026年6月18日9时。工期要求180日历天。\n"
    + CLAUSE
    + "\n"
    + "".join(own_text(1, 40))
)


def file(name, *parts):
    return ReadFile(f"{name}.txt", name, "0" * 64, "\n".join(parts))


def bid(seed, *parts):
    own = own_text(seed, 40)
    own[20:20] = parts
    return file(f"公司{seed}", *own)


def found(*bids, tender=TENDER):
    sources = [file("招标文件", tender)] if tender else []
    comparison = compare([one.text for one in bids], tender=[one.text for one in sources])
    return compare_errors(bids, sources, comparison).findings


@pytest.mark.parametrize(
    ("wrong", "right", "kind"),
    [
        ("质量验收执行 GB 50204-2002 的规定。", "质量验收执行 GB 50204-2015 的规定。", "旧版标准"),
        ("工程名称：枣阳市王城镇防洪排涝工程", "工程名称：随县黑屋湾水库除险加固工程施工", "项目名称错误"),
        ("我公司于2026年2月30日前进场。", "我公司于2026年2月28日前进场。", "日期错误"),
        ("我公司知悉开标时间为2026年6月28日。", "我公司知悉开标时间为2026年6月18日。", "日期错误"),
        ("我公司承诺工期要求180工作日完成。", "我公司承诺工期要求180日历天完成。", "单位错误"),
    ],
)
def test_an_error_of_two_bids_is_found_and_what_is_right_is_not(wrong, right, kind):
    [one] = found(bid(2, wrong), bid(3, wrong), bid(4, right), bid(5, right))
    assert (one.check, one.level, one.value) == ("T-2", "hint", f"{kind}1处")
    assert one.subjects == ("公司2", "公司3")
    assert not found(bid(2, right), bid(3, right), bid(4, right), bid(5, right))


def test_an_error_that_only_one_bid_has_is_not_shared():
    assert not found(bid(2, "执行 GB 50204-2002。"), bid(3, "执行 GB 50204-2015。"))


def test_an_error_of_the_tender_document_is_nobodys():
    tender = TENDER + "验收执行 GB 50204-2002 。另见 GB 50204-2015 。"
    assert not found(bid(2, "执行 GB 50204-2002。"), bid(3, "执行 GB 50204-2002。"), tender=tender)


def test_an_error_that_many_bids_have_came_from_somewhere_else():
    wrong = "验收执行 GB 50204-2002。"
    assert not found(*(bid(seed, wrong) for seed in range(2, 7)), bid(9, "执行 GB 50204-2015。"))


def test_a_wrong_letter_in_a_copied_clause_is_found_in_both_bids_at_its_place():
    wrong = CLAUSE.replace("垫层", "垫曾")
    bids = (bid(2, wrong), bid(3, wrong), bid(4, CLAUSE), bid(5, CLAUSE))
    [one] = found(*bids)
    assert one.value == "错字1处"
    assert "清除垫【曾】表面浮（应为 层）" in one.evidence[0].value
    assert bids[0].content[one.evidence[0].start] == "曾"


def test_without_the_tender_document_the_other_bidders_say_what_is_right():
    wrong = COPIED.replace("沉淀池", "沉定池")
    bids = [bid(2, wrong), bid(3, wrong), *(bid(seed, COPIED) for seed in (4, 5, 6))]
    [one] = found(*bids, tender="")
    assert "错字" in one.value


def test_a_number_that_differs_is_no_wrong_letter():
    other = CLAUSE.replace("下一道", "下二道")
    assert not found(bid(2, other), bid(3, other), bid(4, CLAUSE))


def test_three_errors_are_strong_and_the_rarer_weigh_more():
    parts = ("执行 GB 50204-2002 。", "工程名称：枣阳市王城镇防洪排涝工程", "2026年2月30日进场。")
    right = "执行 GB 50204-2015 。"
    [two] = found(bid(2, *parts), bid(3, *parts), bid(4, right), bid(5, right))
    assert two.strong
    [few] = found(bid(2, parts[0]), bid(3, parts[0]), bid(4, right), bid(5, right))
    assert not few.strong and few.weight < two.weight


def test_another_project_among_the_references_is_no_error():
    part = "类似业绩一览表\n工程名称：枣阳市王城镇防洪排涝工程"
    assert not found(bid(2, part), bid(3, part))
