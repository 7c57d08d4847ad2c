"""What a hit carries, and what does not fool the scanner."""

from __future__ import annotations

import pytest

from wulian.analysis.clauses import Hit, PatternError, all_patterns, load_patterns, scan
from wulian.analysis.clauses.tests.measuring import document, hits
from wulian.analysis.documents import Document, Page, Paragraph
from wulian.law.rules import all_rules

LOCAL = "投标人须在随州市行政区域内设有分公司，并提供租赁合同。"


def codes(found: list[Hit]) -> set[str]:
    return {hit.class_code for hit in found}


def test_a_hit_names_page_paragraph_characters_pattern_and_provision():
    text = "一、总则。" + LOCAL
    [hit] = scan(document(["招标公告", text]))
    [span] = hit.spans
    assert (hit.page, hit.paragraph) == (1, 2)
    assert text[span.start : span.end] == hit.clause_text == LOCAL.rstrip("。")
    assert hit.pattern_id == "DY-02"
    assert 0 < hit.weight <= 1
    assert hit.hint


def test_the_provision_has_its_wording_as_published():
    [hit] = scan(document(LOCAL))
    provision = hit.provisions[0]
    assert provision.label == "《关于严格执行招标投标法规制度进一步规范招标投标主体行为的若干意见》（三）"
    assert "设立本地分支机构" in provision.text


def test_a_provision_that_was_not_opened_has_neither_number_nor_text():
    [hit] = scan(document("工程质量保证金为工程价款结算总额的5%。"))
    provision = hit.provisions[0]
    assert provision.label == "《建设工程质量保证金管理办法（建质〔2017〕138号）》"
    assert provision.text == ""


def test_every_rule_of_a_pattern_is_in_the_catalogue_of_rules():
    known = {rule.id for rule in all_rules()} | {""}
    assert {pattern.rule for pattern in all_patterns().values()} <= known


@pytest.mark.parametrize(
    "text",
    [
        "投标人须在随 州 市行政区域内设有分公司。",
        "投标人须在随\n州市行政区域内设有分\n公司。",
        "投标人须在\u200b随州市行政区域内设有分公司。",
        "投标人须在随州市行政区域内（曾都区）设有分公司。",
    ],
)
def test_spaces_and_breaks_within_words_do_not_hide_a_clause(text):
    assert codes(hits(text)) == {"地域"}


def test_full_width_digits_and_letters_are_read_as_what_they_are():
    assert codes(hits("投标人须通过ＩＳＯ９００１质量管理体系认证。")) == {"非强制认证"}


def test_the_characters_of_a_clause_with_spaces_are_those_of_the_file():
    text = "投标人 须在 随 州 市 设有分公司。"
    [hit] = scan(document(text))
    [span] = hit.trigger
    assert text[span.start : span.end] == "随 州 市 设有分公司"


def test_a_clause_cut_by_a_page_has_a_span_on_each_page():
    first = Paragraph(1, 1, "投标人须在随州市行政区域内设有", "body")
    second = Paragraph(2, 2, "分公司，并提供租赁合同。", "body", continues=True)
    [hit] = scan(Document("pdf", (Page(1, (first,)), Page(2, (second,)))))
    assert [(span.page, span.paragraph) for span in hit.spans] == [(1, 1), (2, 2)]
    assert hit.clause_text == LOCAL.rstrip("。")


def test_a_prohibition_before_a_list_governs_its_items():
    assert hits(["招标文件不得含有下列内容：", "（1）要求投标人在本地设立分公司；"]) == []


def test_an_obligation_before_a_list_does_not_hide_its_items():
    assert codes(hits(["投标人应当满足下列要求：", "（1）在本市设立分公司；"])) == {"地域"}


def test_a_prohibition_of_something_else_hides_nothing():
    assert codes(hits("投标人不得转包，须在本市设有分公司。")) == {"地域"}


def test_who_lacks_the_condition_may_not_bid_is_a_hit():
    assert codes(hits("未在本市设立分公司的，不得参加投标。")) == {"地域"}


def test_a_prohibition_reaches_the_parts_joined_to_it():
    assert hits("招标人不得要求投标人在本市设立分公司，或者在本市缴纳税收和社保。") == []


def test_the_row_of_a_table_gives_the_context_of_its_cells():
    assert codes(hits("企业荣誉\t3\t楚天杯一项")) == {"业绩奖项"}
    assert hits("质量目标\t\t争创楚天杯") == []


def test_reference_brands_with_or_equivalent_are_marked_not_hidden():
    [hit] = scan(document("空调品牌：格力、美的、海尔或相当于上述品牌的产品。"))
    assert hit.doubtful
    assert hit.weight < 0.5
    assert "相当于" in hit.doubts[0]


def test_several_patterns_of_a_class_in_one_sentence_make_one_hit():
    [hit] = scan(document("投标人注册地须在随州市，在随州市设有分公司并在随州市缴纳社保。"))
    assert {hit.pattern_id, *hit.others} == {"DY-01", "DY-02", "DY-03"}


def test_a_pattern_that_is_switched_off_finds_nothing():
    assert scan(document(LOCAL), disabled={"DY-02"}) == []


def test_running_heads_are_not_scanned():
    head = Paragraph(1, 1, LOCAL, "header")
    assert scan(Document("docx", (Page(1, (head,)),))) == []


CLASS = """
- class: 地域
  title: 地域限制
  provisions: [{instrument: P1117, article: 三}]
  patterns:
    - {id: DY-01, find: 本地%s}
"""


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        (", colour: red", "pattern DY-01: unknown field colour"),
        (", weight: 3", "field weight: more than 0"),
        (", unless: '('", "field unless"),
        (", unless: <nowhere>", "<nowhere> is not among the words"),
        (", provisions: [{instrument: XYZ, article: 三}]", "unknown instrument XYZ"),
        (", provisions: [{instrument: ZBF, article: '99'}]", "has no wording"),
    ],
)
def test_a_wrong_file_of_patterns_is_refused_by_pattern_and_field(addition, message):
    with pytest.raises(PatternError, match=message.replace("(", r"\(")):
        load_patterns({"a.yaml": CLASS % addition})


def test_the_same_id_twice_is_refused():
    with pytest.raises(PatternError, match="DY-01 appears twice"):
        load_patterns({"a.yaml": CLASS % "", "b.yaml": CLASS % ""})
