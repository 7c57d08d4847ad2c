"""Numbers without gaps, complete content, files that open."""

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from docx import Document

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.audit.models import AuditEvent
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.config.models import NumberSequence
from wulian.core.documents import storage
from wulian.core.documents.catalogue import CONTENTS, NAMES, document_template
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import remove_orphans, verify_document, void_document
from wulian.core.documents.tests.conftest import department
from wulian.core.documents.tests.factories import OFFICERS, PARTY, decision
from wulian.core.documents.tests.reading import pdf_text, word_text
from wulian.law.procedures import PROCEDURE_CODES, procedure


@pytest.fixture(autouse=True)
def _day():
    with time_machine.travel("2026-09-10T09:00:00+08:00", tick=False):
        yield


def test_numbers_run_by_authority_kind_and_year(issue):
    assert [issue().document_no for _n in range(2)] == ["随住更罚决〔2026〕1号", "随住更罚决〔2026〕2号"]
    water = department("shuili", "随州市水利和湖泊局", "随水")
    assert issue(authority=water).document_no == "随水罚决〔2026〕1号"
    with time_machine.travel("2027-01-04T09:00:00+08:00", tick=False):
        assert issue().document_no == "随住更罚决〔2027〕1号"


def test_a_number_belongs_to_the_year_in_suizhou_not_in_greenwich(issue):
    with time_machine.travel("2026-12-31T16:30:00+00:00", tick=False):
        assert issue().document_no == "随住更罚决〔2027〕1号"


def test_a_number_that_was_rolled_back_is_given_again(issue):
    issue()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert issue().number == 2
        1 / 0
    assert issue().number == 2


def test_a_document_that_cannot_be_rendered_takes_no_number_and_leaves_no_file(issue, monkeypatch):
    """An empty font folder is a real cause."""
    issue()
    before = storage.names()
    with monkeypatch.context() as machine, pytest.raises(Refusal, match="WULIAN_FONTS"):
        machine.setattr("wulian.core.documents.rendering.font_folders", list)
        issue()
    assert storage.names() == before
    assert issue().number == 2


@pytest.mark.parametrize(
    "field",
    [
        "party",
        "case_cause",
        "facts",
        "evidence",
        "statement_answer",
        "penalty_basis",
        "review_authority",
        "court",
        "decided_on",
    ],
)
def test_a_missing_field_is_refused_by_name_and_takes_no_number(issue, field):
    """行政处罚法 第五十九条."""
    context = decision()
    del context[field]
    with pytest.raises(Refusal) as refusal:
        issue(context=context)
    assert refusal.value.field == field
    assert not NumberSequence.objects.exists() and not EnforcementDocument.objects.exists()


@pytest.mark.parametrize(
    ("field", "blank"), [("case_cause", "  "), ("facts", []), ("facts", [""]), ("court", "")]
)
def test_a_blank_field_is_missing(issue, field, blank):
    with pytest.raises(Refusal) as refusal:
        issue(context=decision(**{field: blank}))
    assert refusal.value.field == field


@pytest.mark.parametrize("field", ["payment_bank", "payment_account", "fine_formula"])
def test_a_fine_needs_an_account_and_its_calculation(issue, field):
    """行政处罚法 第六十七条; the formula is stored in the document (REFERENCE E.5)."""
    with pytest.raises(Refusal) as refusal:
        issue(context=decision(**{field: ""}))
    assert refusal.value.field == field


def test_a_warning_without_money_needs_no_account(issue):
    document = issue(
        context=decision(
            penalties=["警告。"],
            fine=None,
            fine_formula="",
            payment_bank="",
            payment_account_name="",
            payment_account="",
        )
    )
    assert "到下列指定的银行缴纳" not in word_text(document)


def test_an_unknown_field_is_refused_so_that_nothing_is_lost_silently(issue):
    with pytest.raises(Refusal) as refusal:
        issue(context=decision(finne="50000"))
    assert refusal.value.field == "finne"


def test_a_character_that_cannot_be_printed_is_refused(issue):
    with pytest.raises(Refusal) as refusal:
        issue(context=decision(court="曾都区\x00人民法院"))
    assert refusal.value.field == "court"
    assert "含有无法打印的字符 U+0000" in refusal.value.message


def test_lines_that_a_browser_ended_with_two_characters_are_printed(issue):
    document = issue(context=decision(facts=["2026年6月1日发出招标文件。\r\n2026年6月18日截止投标。"]))
    assert "发出招标文件。" in word_text(document)
    assert "18日截止投标。" in word_text(document)


def test_a_decision_needs_two_different_officers_with_certificates(issue):
    """行政处罚法 第四十二条."""
    for officers in (
        [],
        OFFICERS[:1],
        [OFFICERS[0], OFFICERS[0]],
        [OFFICERS[0], {"name": "李四", "certificate_no": ""}],
    ):
        with pytest.raises(Refusal) as refusal:
            issue(officers=officers)
        assert refusal.value.field == "officers"


def test_the_coordinating_office_never_issues_an_enforcement_document(issue):
    """REFERENCE 0.6, T-04."""
    office = department(
        "jianguanban", "随州市公共资源交易综合监管办公室", "随监管办", DepartmentKind.COORDINATING_OFFICE
    )
    with pytest.raises(Refusal) as refusal:
        issue(authority=office)
    assert refusal.value.field == "authority"


def test_the_coordinating_office_does_issue_the_minutes_of_a_consultation(issue):
    office = department(
        "jianguanban", "随州市公共资源交易综合监管办公室", "随监管办", DepartmentKind.COORDINATING_OFFICE
    )
    minutes = issue(
        template="W51",
        authority=office,
        officers=(),
        context={
            "subject": "投标准备期不足案的管辖",
            "held_at": "2026年9月9日15时",
            "place": "市政务服务中心三楼会议室",
            "host": "刘主任",
            "recorder": "何静",
            "attendees": ["住更局 陈丽", "水利局 周河"],
            "facts": ["项目属于房屋市政工程。"],
            "opinions": [{"unit": "住更局", "person": "陈丽", "opinion": "由我局管辖。"}],
            "unanimity": "一致",
            "conclusion": ["由市住更局立案查处。"],
            "responsible_unit": "市住更局",
        },
    )
    assert minutes.document_no == "随监管办会纪〔2026〕1号"
    assert "不代替其负责人依法作出的决定" in word_text(minutes) and "由我局管辖" in pdf_text(minutes)


def test_an_authority_without_a_number_prefix_is_told_so(issue, authority):
    authority.document_prefix = ""
    with pytest.raises(Refusal, match="机关代字"):
        issue()


def test_word_and_pdf_hold_the_six_items_of_a_decision(issue):
    """行政处罚法 第五十九条, and the term, surcharge and remedies the party must know."""
    document = issue()
    word, pdf = word_text(document), pdf_text(document)
    for text in (
        "随州市住房和城市更新局", "随住更罚决〔2026〕1号", "行政处罚决定书",
        "湖北汉东建设有限公司", "91421300MA4900001X", "随州市曾都区交通大道100号",
        "准备期为17日", "1．招标公告", "请求从轻处罚", "予以采纳",
        "第二十四条", "第六十四条第一款第（二）项", "裁量阶次：较轻",
        "人民币伍万元整（¥50,000.00）", "十万元以下，取50%",
        "十五日内", "中国银行随州分行", "百分之三加处罚款", "不超出罚款的数额",
        "六十日内向随州市人民政府申请行政复议", "六个月内依法向随州市曾都区人民法院提起行政诉讼",
        "第四十八条", "张伟（证号：17130001）、王芳（证号：17130002）", "（印章）", "二〇二六年九月十日",
    ):  # fmt: skip
        assert text in word, text
        assert text in pdf, text


def test_the_pdf_is_made_for_archives(issue):
    assert b"pdfaid:part" in storage.read(issue().pdf_path)


def test_marks_of_word_and_typst_in_the_text_stay_text(issue):
    nasty = "#panic() {{ 7*7 }} {%p endif %} <w:p> & $x$ *粗*"
    document = issue(context=decision(statement_answer=nasty))
    assert nasty in word_text(document) and nasty.replace(" ", "") in pdf_text(document)


@pytest.mark.parametrize("code", sorted(set(NAMES) - set(CONTENTS)))
def test_every_other_document_of_the_catalogue_can_be_written_in_the_general_form(code):
    form = document_template(code)
    content = form.content.model_validate(
        {"party": PARTY, "to": "当事人", "fields": {"案号": "1"}, "body": ["正文。"]}
    )
    assert [block.kind for block in content.blocks()][:2] == ["flush", "paragraph"]


def test_the_general_form_prints_its_rows_and_its_text(issue):
    document = issue(
        template="W20",
        officers=(),
        context={"fields": {"案由": "投标准备期不足"}, "body": ["主体适格，程序合法。", "同意处罚建议。"]},
    )
    assert document.document_no == "随住更法审〔2026〕1号"
    assert "案由" in pdf_text(document) and "同意处罚建议。" in word_text(document)


def test_the_catalogue_knows_every_numbered_document_that_a_procedure_names():
    named = {
        d
        for code in PROCEDURE_CODES
        for t in procedure(code).transitions
        for d in t.documents
        if d[:1] == "W"
    }
    assert named and named <= NAMES.keys()


def test_no_two_documents_share_a_kind_word():
    words = [name.kind_word for name in NAMES.values()]
    assert len(words) == len(set(words))


def test_an_unknown_template_is_named(issue):
    with pytest.raises(Refusal, match="W99"):
        issue(template="W99")


def test_an_office_may_bring_its_own_word_template(issue, settings):
    folder = settings.VAR_DIR / "document_templates"
    folder.mkdir(parents=True)
    own = Document()
    own.add_paragraph("湖北省格式文本 {{ document_no }} {{ content.court }}")
    own.save(str(folder / "W29.docx"))
    assert word_text(issue()) == "湖北省格式文本 随住更罚决〔2026〕1号 随州市曾都区人民法院"


def test_documents_of_one_sequence_are_chained(issue):
    first, second = issue(), issue()
    assert (first.prior_hash, second.prior_hash) == ("", first.hash)
    assert verify_document(first) == verify_document(second) == []


def test_a_file_that_was_altered_is_named(issue):
    document = issue()
    path = storage.folder() / document.pdf_path
    path.write_bytes(path.read_bytes() + b" ")
    assert verify_document(document) == ["pdf"]
    document.prior_hash = "0" * 64
    assert verify_document(document) == ["pdf", "hash"]


def test_issuing_leaves_an_audit_event(issue):
    document = issue()
    event = AuditEvent.objects.get(verb="documents.issued")
    assert document.document_no in event.summary and event.data["hash"] == document.hash


def test_a_voided_document_keeps_its_number(issue, head):
    document = issue()
    void_document(document=document, actor=head, reason="当事人名称有误")
    document.refresh_from_db()
    assert document.is_voided and document.void_reason == "当事人名称有误"
    assert issue().number == 2
    with pytest.raises(Refusal):
        void_document(document=document, actor=head, reason="再次作废")


def test_only_the_issuing_authority_voids_its_document(issue, stranger):
    with pytest.raises(Forbidden):
        void_document(document=issue(), actor=stranger, reason="不是我的")


def test_files_of_a_transaction_that_was_rolled_back_go_after_a_day(issue):
    kept = issue()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        issue()
        1 / 0
    assert len(storage.names()) == 4
    assert remove_orphans() == 0
    with time_machine.travel("2126-09-10T09:00:00+08:00", tick=False):
        assert remove_orphans() == 2
    assert storage.names() == {kept.docx_path, kept.pdf_path}


def test_the_sequence_row_is_locked_while_a_number_is_taken(issue, django_assert_num_queries):
    issue()
    if connection.vendor == "sqlite":
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    with CaptureQueriesContext(
        connection,
    ) as queries:
        issue()
    assert any("numbersequence" in q["sql"] and "FOR UPDATE" in q["sql"] for q in queries)
