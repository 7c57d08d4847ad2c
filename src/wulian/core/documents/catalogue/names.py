"""Names and kind words (种类) of the official documents (REFERENCE E.4, D.6, D.7, H.3).

The kind word stands in the number: 罚决 in 随住更罚决〔2026〕1号. Kind words are ours; a client's own replace them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentName:
    """Title and kind word; `enforcement` documents are issued by a competent authority only (REFERENCE 0.6)."""

    title: str
    kind_word: str
    enforcement: bool = True


NAMES: dict[str, DocumentName] = {
    "W01": DocumentName("举报（投诉）案件登记表", "案登", False),
    "W02": DocumentName("案件线索核查表", "线核"),
    "W03": DocumentName("立案审批表", "立"),
    "W04": DocumentName("不予立案审批表", "不立"),
    "W05": DocumentName("协助函", "协"),
    "W06": DocumentName("回避决定书", "回避"),
    "W07": DocumentName("调查通知书", "调通"),
    "W08": DocumentName("询问通知书", "询通"),
    "W09": DocumentName("询问笔录", "询笔"),
    "W10": DocumentName("现场检查（勘验）笔录", "勘笔"),
    "W11": DocumentName("抽样取证通知书", "抽"),
    "W12": DocumentName("先行登记保存通知书", "登保"),
    "W13": DocumentName("调取证据材料通知书", "调证"),
    "W14": DocumentName("电子数据提取笔录", "电证"),
    "W15": DocumentName("委托鉴定（检测）书", "鉴"),
    "W16": DocumentName("责令改正通知书", "责改"),
    "W17": DocumentName("责令暂停招标投标活动通知书", "责停"),
    "W18": DocumentName("整改复查意见书", "复查"),
    "W19": DocumentName("案件调查终结报告", "调终"),
    "W20": DocumentName("法制审核意见书", "法审"),
    "W21": DocumentName("重大案件集体讨论笔录", "集讨"),
    "W22": DocumentName("行政处罚事先告知书", "罚告"),
    "W23": DocumentName("听证告知书", "听告"),
    "W24": DocumentName("听证受理通知书", "听受"),
    "W25": DocumentName("听证通知书", "听通"),
    "W26": DocumentName("听证报告", "听报"),
    "W27": DocumentName("陈述申辩复核意见书", "申复"),
    "W28": DocumentName("行政处罚审批表", "罚审"),
    "W29": DocumentName("行政处罚决定书", "罚决"),
    "W30": DocumentName("当场行政处罚决定书", "当罚"),
    "W31": DocumentName("不予行政处罚决定书", "不罚"),
    "W32": DocumentName("送达回证", "送"),
    "W33": DocumentName("延期（分期）缴纳罚款通知书", "缓缴"),
    "W34": DocumentName("罚没款缴款通知书", "缴"),
    "W35": DocumentName("履行行政处罚决定催告书", "催"),
    "W36": DocumentName("强制执行申请书", "强申"),
    "W37": DocumentName("案件移送函", "移"),
    "W38": DocumentName("涉嫌犯罪案件移送书", "移刑"),
    "W39": DocumentName("问题线索移送函", "移监", False),
    "W40": DocumentName("督办通知", "督", False),
    "W41": DocumentName("结案审批表", "结"),
    "W42": DocumentName("撤案审批表", "撤"),
    "W43": DocumentName("重大行政处罚备案表", "备"),
    "W44": DocumentName("案卷目录", "卷"),
    "W45": DocumentName("行政处罚信息公示审批单", "公审"),
    "W46": DocumentName("信用修复告知书", "信修"),
    "W47": DocumentName("行政约谈通知书", "约"),
    "W48": DocumentName("提醒敦促函", "提醒"),
    "W49": DocumentName("公开信用承诺书", "信诺"),
    "W50": DocumentName("行政处罚委托书", "委托"),
    "W51": DocumentName("会商纪要", "会纪", False),
    "收件回执": DocumentName("收件回执", "收", False),
    "投诉登记表": DocumentName("投诉登记表", "投登", False),
    "分办单": DocumentName("分办单", "分", False),
    "移送函": DocumentName("移送函", "移函", False),
    "告知书": DocumentName("告知书", "告", False),
    "线索登记表": DocumentName("线索登记表", "线登", False),
    "受理审查表": DocumentName("受理审查表", "受审"),
    "受理通知书": DocumentName("投诉受理通知书", "投受"),
    "不予受理告知书": DocumentName("投诉不予受理告知书", "投不受"),
    "补正通知": DocumentName("投诉材料补正通知书", "投补"),
    "投诉处理决定书": DocumentName("投诉处理决定书", "投决"),
    "调查方案": DocumentName("投诉调查方案", "投查案"),
    "答辩通知书": DocumentName("投诉答辩通知书", "投答"),
    "调查报告": DocumentName("投诉调查报告", "投查报"),
    "处理意见": DocumentName("投诉处理意见审批表", "投处意"),
    "恢复通知书": DocumentName("恢复招标投标活动通知书", "恢"),
    "准予撤回决定": DocumentName("准予撤回投诉决定书", "投准撤"),
    "不准予撤回决定": DocumentName("不准予撤回投诉决定书", "投不撤"),
    "公开审批单": DocumentName("投诉处理结果公开审批单", "投公审"),
    "会商通知": DocumentName("会商通知", "会通", False),
    "数据分析报告": DocumentName("数据分析例会报告", "数析", False),
    "年度检查计划": DocumentName("年度检查计划", "检计", False),
    "抽取记录": DocumentName("抽取记录", "抽录", False),
    "行政检查审批表": DocumentName("行政检查审批表", "检审"),
    "行政检查通知书": DocumentName("行政检查通知书", "检通"),
    "现场检查笔录": DocumentName("现场检查笔录", "检笔"),
    "检查结果记录": DocumentName("检查结果记录", "检录"),
    "结果告知书": DocumentName("检查结果告知书", "检告"),
}
