"""A rule in words: how it is computed, made from its condition, in Chinese as the catalogue is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from wulian.analysis.flags.columns import field_title
from wulian.law.rules import Rule
from wulian.law.rules import conditions as shapes
from wulian.law.rules.expressions import AS_OF, Expression

SUBJECTS = {
    "project": "项目", "tender": "招标项目", "lot": "标段", "bid": "投标", "contract": "合同", "party": "主体",
}  # fmt: skip
ROWS = {
    "project": "项目", "tender": "招标项目", "lot": "标段", "clarification": "澄清、修改", "objection": "异议",
    "lot_objection": "标段及其异议", "bid": "投标", "member": "评标委员会成员", "replacement": "被更换的评标委员会成员",
    "score": "评委打分", "score_item": "一份投标的一个评分项", "award": "中标", "contract": "合同",
    "lot_contract": "标段及其合同", "implementation": "履约事件", "node": "节点",
}  # fmt: skip
_WORDS = {
    "open": "公开招标", "selective": "邀请招标", "limited": "单一来源", "direct": "直接发包", "entrusted": "委托招标",
    "self": "自行招标", "works": "施工", "goods": "货物", "survey": "勘察", "design": "设计", "supervision": "监理",
    "epc": "工程总承包", "services": "其他服务", "regular": "常规定标", "government": "机关", "institution": "事业单位",
    "person": "个人", "bidding_documents": "招标文件", "prequalification_documents": "资格预审文件", "opening": "开标",
    "evaluation": "评标结果", "valid": "有效", "disqualified": "被否决", "declined": "放弃中标",
    "force_majeure": "不可抗力", "no_security": "未交履约保证金", "violation": "查实违法", "unqualified": "不符合中标条件",
    "subcontract": "分包", "inspection": "检查", "active": "有效", "expert": "专家",
    "representative": "招标人代表", "amendment": "更正公告", "suspension": "停工",
    "manager_change": "更换项目负责人", "tender": "招标文件",
    "prequalification": "资格预审文件", "none": "未说明", "TL8-1": "条例第八条第（一）项", "TL8-2": "条例第八条第（二）项",
}  # fmt: skip
_TABLES = {"candidates": "中标候选人", "awards": "中标人", "bids": "投标人"}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "等于", ast.NotEq: "不等于", ast.Lt: "小于", ast.LtE: "不大于", ast.Gt: "大于", ast.GtE: "不小于",
    ast.In: "属于", ast.NotIn: "不属于",
}  # fmt: skip
_ORDER: dict[type[ast.cmpop], str] = {ast.Lt: "早于", ast.LtE: "不晚于", ast.Gt: "晚于", ast.GtE: "不早于"}
_MOMENTS = ("时间”", "日期”", "之日")
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "＋",
    ast.Sub: "－",
    ast.Mult: "×",
    ast.Div: "÷",
    ast.Mod: "除以",
}
_UNITS = {"day": "日", "working_day": "个工作日", "month": "个月"}


def value_in_words(value: Any) -> Any:
    """Return the Chinese word of a code that stands in a field (``direct`` → 直接发包), anything else as it is."""
    return _WORDS.get(value, value) if isinstance(value, str) else value


def described(rule: Rule) -> list[tuple[str, str]]:
    """Return how the rule is computed as pairs of heading and sentence; empty when it is not computed."""
    if rule.condition is None:
        return []
    lines = [("判断对象", f"每个{SUBJECTS[rule.subject]}一条预警，逐一判断{ROWS[rule.rows]}")]
    if rule.applies_if is not None:
        lines.append(("适用范围", f"{in_words(rule.applies_if)}；不满足的不适用，有关数据缺失的记为数据不足"))
    lines += [("触发条件", text) for text in condition_in_words(rule.condition, rule)]
    conduct = in_words(rule.conduct_date) if rule.conduct_date else "判断日"
    lines.append(("行为日期", f"{conduct}；按该日期适用当时有效的版本"))
    return lines


def condition_in_words(condition: shapes.Condition, rule: Rule) -> list[str]:
    """Return the sentences of a condition, one for each alternative."""
    if isinstance(condition, shapes.AnyOf):
        parts = [text for part in condition.conditions for text in condition_in_words(part, rule)]
        return [f"{place}. {text}" for place, text in enumerate(parts, start=1)]
    text = _CONDITIONS[condition.fn](condition, rule)
    return [f"在{in_words(condition.when)}的情况下，{text}" if condition.when is not None else text]


def _min_days(c: shapes.MinDays, rule: Rule) -> str:
    span = f"自{in_words(c.start)}至{in_words(c.end)}不足{c.days}日"
    near = (
        ""
        if rule.severity in ("黄", "蓝")
        else f"（连首尾两日计算仍不足的为{rule.severity}，仅按次日起算不足的为黄）"
    )
    whole = "，或者期限届满日为休息日而未顺延" if c.whole_last_day else ""
    return f"{span}{near}{whole}"


def _within_days(c: shapes.WithinDays, rule: Rule) -> str:
    done = "判断日仍未完成" if c.done.text == AS_OF else f"{in_words(c.done)}超过"
    limit = f"自{in_words(c.start)}起{in_words(c.days)}{_UNITS[c.unit]}"
    rolled = c.roll and c.unit != "working_day" and rule.severity in ("红", "橙")
    grade = "（超过原届满日为橙，超过遇休息日顺延后的届满日为红）" if rolled else ""
    return (
        f"{done}{limit}；尚未完成的按判断日计算{grade}" if "超过" in done else f"{limit}届满，{done}{grade}"
    )


def _max_ratio(c: shapes.MaxRatio, rule: Rule) -> str:
    return f"{in_words(c.amount)}超过{in_words(c.base)}的{(c.ratio * 100).normalize():f}%（等于不算）"


def _holds(c: shapes.Holds, rule: Rule) -> str:
    return in_words(c.that)


def _missing(c: shapes.Missing, rule: Rule) -> str:
    since = f"，且{in_words(c.since)}已过" if c.since is not None else ""
    return f"没有{in_words(c.field)}{since}"


def _not_after(c: shapes.NotAfter, rule: Rule) -> str:
    return f"没有{in_words(c.what)}，或者{in_words(c.what)}晚于{in_words(c.limit)}"


def _max_gap(c: shapes.MaxGap, rule: Rule) -> str:
    missing = f"，或者没有{in_words(c.end)}" if c.missing_counts else ""
    return f"{in_words(c.start)}与{in_words(c.end)}相差超过{c.minutes}分钟{missing}"


def _step_between(c: shapes.StepBetween, rule: Rule) -> str:
    steps = "、".join(map(in_words, c.steps))
    return f"在{in_words(c.start)}之后、{in_words(c.until)}之前（未答复的至判断日）发生了{steps}之一"


def _equal_between_bids(c: shapes.EqualBetweenBids, rule: Rule) -> str:
    spared = f"（{in_words(c.unless)}的除外）" if c.unless is not None else ""
    return f"同一标段两个以上投标人的{'或者'.join(map(in_words, c.values))}相同{spared}"


def _combined_total(c: shapes.CombinedTotal, rule: Rule) -> str:
    same = "、".join(map(in_words, c.by))
    return f"{same}相同、此前{c.months}个月内的各份，{in_words(c.value)}各自小于{in_words(c.limit)}而合计不小于该数"


def _listed(word: str, c: shapes.Among | shapes.NotAmong, rule: Rule) -> str:
    return f"{in_words(c.value)}{word}同一标段的{_TABLES[c.table]}"


def _bound(word: str, c: shapes.AtMost | shapes.AtLeast, rule: Rule) -> str:
    return f"{in_words(c.value)}{word}{in_words(c.limit)}{rule.unit if c.limit.text.isdigit() else ''}"


_CONDITIONS: dict[str, Callable[[Any, Rule], str]] = {
    "min_days": _min_days,
    "within_days": _within_days,
    "max_ratio": _max_ratio,
    "at_most": partial(_bound, "超过"),
    "at_least": partial(_bound, "少于"),
    "missing": _missing,
    "present": lambda c, rule: f"有{in_words(c.field)}",
    "holds": _holds,
    "not_after": _not_after,
    "max_gap": _max_gap,
    "step_between": _step_between,
    "equal_values_between_bids": _equal_between_bids,
    "not_among": partial(_listed, "不在"),
    "among": partial(_listed, "属于"),
    "combined_total": _combined_total,
}


def in_words(expression: Expression) -> str:
    """Return an expression of the catalogue in Chinese."""
    return _text(expression.body)


def _text(node: ast.expr) -> str:
    return _NODES[type(node)](node)


def _boolop(node: ast.BoolOp) -> str:
    join = "，且" if isinstance(node.op, ast.And) else "，或者"
    return join.join(
        f"（{_text(part)}）" if isinstance(part, ast.BoolOp) else _text(part) for part in node.values
    )


def _unaryop(node: ast.UnaryOp) -> str:
    if isinstance(node.op, ast.USub):
        return f"－{_text(node.operand)}"
    operand = node.operand
    if isinstance(operand, ast.Call) and _name(operand) in _NEGATED:
        return _NEGATED[_name(operand)](operand.args)
    return f"并非（{_text(operand)}）"


def _compare(node: ast.Compare) -> str:
    (op,), (right,) = node.ops, node.comparators
    left = _text(node.left)
    if isinstance(right, ast.Name) and right.id in ("true", "false"):
        positive = (right.id == "true") == isinstance(op, ast.Eq)
        return f"{left}为“{'是' if positive else '否'}”"
    if left.endswith(_MOMENTS) and type(op) in _ORDER:
        return f"{left}{_ORDER[type(op)]}{_text(right)}"
    word = "为" if isinstance(op, ast.Eq) and isinstance(right, ast.Constant) else _COMPARISONS[type(op)]
    return f"{left}{word}{_text(right)}"


def _binop(node: ast.BinOp) -> str:
    if isinstance(node.op, ast.Mod):
        return f"{_text(node.left)}除以{_text(node.right)}的余数"
    sides = [
        f"（{_text(side)}）" if isinstance(side, ast.BinOp) else _text(side)
        for side in (node.left, node.right)
    ]
    return _SIGNS[type(node.op)].join(sides)


def _call(node: ast.Call) -> str:
    return _FUNCTIONS[_name(node)](node.args)


def _name(node: ast.Call) -> str:
    return cast(ast.Name, node.func).id


def _words(nodes: list[ast.expr]) -> str:
    return "、".join(
        _text(item) for node in nodes for item in (node.elts if isinstance(node, ast.List) else [node])
    )


def _constant(node: ast.Constant) -> str:
    if isinstance(node.value, str):
        return f"“{_WORDS.get(node.value, node.value)}”"
    return f"{node.value:,}" if isinstance(node.value, int) else str(node.value)


_FUNCTIONS: dict[str, Callable[[list[ast.expr]], str]] = {
    "coalesce": lambda args: f"{_text(args[0])}（没有的取{'、'.join(map(_text, args[1:]))}）",
    "date": lambda args: f"{_text(args[0])}之日",
    "days": lambda args: f"自{_text(args[0])}至{_text(args[1])}的日数",
    "contains": lambda args: f"{_text(args[0])}含有{_words(args[1:])}之一",
    "has_word": lambda args: f"{_text(args[0])}含有{_words(args[1:])}之一",
    "matches": lambda args: f"{_text(args[0])}符合样式{_text(args[1])}",
    "known": lambda args: f"有{_text(args[0])}",
    "unknown": lambda args: f"没有{_text(args[0])}",
}
_NEGATED: dict[str, Callable[[list[ast.expr]], str]] = {
    "contains": lambda args: f"{_text(args[0])}不含{_words(args[1:])}",
    "has_word": lambda args: f"{_text(args[0])}不含{_words(args[1:])}",
    "matches": lambda args: f"{_text(args[0])}不符合样式{_text(args[1])}",
    "known": lambda args: f"没有{_text(args[0])}",
    "unknown": lambda args: f"有{_text(args[0])}",
}
_NODES: dict[type[ast.expr], Callable[[Any], str]] = {
    ast.BoolOp: _boolop,
    ast.UnaryOp: _unaryop,
    ast.Compare: _compare,
    ast.BinOp: _binop,
    ast.Call: _call,
    ast.Constant: _constant,
    ast.Attribute: lambda node: f"“{field_title(f'{node.value.id}.{node.attr}')}”",
    ast.Name: lambda node: "判断日" if node.id == AS_OF else {"true": "是", "false": "否"}.get(node.id, "无"),
    ast.List: lambda node: _words([node]),
    ast.Tuple: lambda node: "、".join(map(_text, node.elts)),
}
