"""A case in the town of Suizhou, for tests of documents."""

from datetime import date
from decimal import Decimal

OFFICERS = [
    {"name": "张伟", "certificate_no": "17130001"},
    {"name": "王芳", "certificate_no": "17130002"},
]
PARTY = {
    "name": "湖北汉东建设有限公司",
    "identifier": "91421300MA4900001X",
    "address": "随州市曾都区交通大道100号",
    "representative": "李国强",
}


def decision(**changes):
    """The data of a 行政处罚决定书 for a tender period of 17 days (招标投标法 第二十四条)."""
    return {
        "party": PARTY,
        "case_no": "随住更案〔2026〕3号",
        "case_cause": "投标准备期不足",
        "procedure": ["2026年7月1日，本机关立案调查。"],
        "facts": ["2026年6月1日发出招标文件，6月18日为提交投标文件截止之日，准备期为17日。"],
        "evidence": ["招标公告", "交易平台日志"],
        "notice_no": "随住更罚告〔2026〕1号",
        "notice_served_on": date(2026, 8, 3),
        "statement": "当事人提出系初次违法，请求从轻处罚。",
        "statement_answer": "当事人初次违法且已改正，予以采纳。",
        "provisions": ["《中华人民共和国招标投标法》第二十四条"],
        "penalty_basis": ["《中华人民共和国招标投标法实施条例》第六十四条第一款第（二）项"],
        "discretion_tier": "较轻",
        "discretion_reasons": ["初次违法，立案后主动改正。"],
        "penalties": ["罚款人民币伍万元。"],
        "fine": Decimal("50000"),
        "fine_formula": "十万元以下，取50%",
        "payment_bank": "中国银行随州分行",
        "payment_account_name": "随州市财政局",
        "payment_account": "4213000001",
        "review_authority": "随州市人民政府",
        "court": "随州市曾都区人民法院",
        "decided_on": date(2026, 9, 10),
        **changes,
    }
