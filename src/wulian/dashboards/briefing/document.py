"""The report as a document: the same content as the page, for Word and PDF."""

from __future__ import annotations

from typing import Any

from wulian.core.documents.catalogue import Block, GeneralDocument
from wulian.core.documents.catalogue.base import heading, paragraph, rows
from wulian.dashboards.briefing.indices import CAUTION
from wulian.dashboards.models import BriefingReport

NUMERALS = "一二三四五六七八九十"


class ReportDocument(GeneralDocument):
    """The general form with chapters: a title, rows of label and value, paragraphs."""

    chapters: list[tuple[str, list[tuple[str, str]], list[str]]]

    def blocks(self) -> list[Block]:
        found = [paragraph(line) for line in self.body]
        for number, (title, pairs, lines) in enumerate(self.chapters):
            found.append(heading(f"{NUMERALS[number]}、{title}"))
            if pairs:
                found.append(rows(*pairs))
            found += [paragraph(line) for line in lines]
        return found


def report_document(report: BriefingReport) -> ReportDocument:
    """The document of a report that was computed."""
    content = report.content
    return ReportDocument(
        body=[
            f"统计期间：{content['start']}至{content['end']}。主体、代理机构、专家指数的观察期间：{content['window']}至{content['end']}，"
            f"涉及标段{content['lots']}个；另有{content['undated']}份投标没有收到时间，未计入。",
            f"本报告由平台根据已入库数据自动生成，各项指数均为{CAUTION}。内容摘要（SM3）：{_grouped(report.digest)}。",
        ],
        chapters=[
            ("总体情况", [_compared(item) for item in content["summary"]], []),
            *((item["title"], _table(item), []) for item in content["tables"][:3]),
            ("趋势与预测", [], [_trend(item) for item in content["trends"]]),
            (
                "主体、代理机构和专家线索",
                [],
                [line for index in content["indices"] for line in _index(index)],
            ),
            ("规则建议", [], _proposals(content["proposals"])),
        ],
    )


def _grouped(digest: str) -> str:
    """A digest in groups of eight, so that a line can break."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _compared(item: dict[str, Any]) -> tuple[str, str]:
    return item["label"], f"{item['now']}（上一同长期间{item['before']}）"


def _table(item: dict[str, Any]) -> list[tuple[str, str]]:
    """A table as rows of label and text: the form of an official letter has no wide tables."""
    head = item["head"][1:]
    return [
        (
            row[0],
            "，".join(f"{name} {value}" for name, value in zip(head, row[1:], strict=True) if value != "0")
            or "0",
        )
        for row in item["rows"]
    ]


def _trend(item: dict[str, Any]) -> str:
    ahead = item["forecast"]
    if not ahead:
        return f"{item['label']}：{item['note']}"
    months = "；".join(
        f"{month}约{value:g}（{low:g}–{high:g}）"
        for month, value, low, high in zip(
            ahead["months"], ahead["values"], ahead["lower"], ahead["upper"], strict=True
        )
    )
    return f"{item['label']}：预测{months}。{item['note']}"


def _index(index: dict[str, Any]) -> list[str]:
    lines = [f"【{index['title']}】{index['formula']}最低样本：{index['minimum']}。{index['caution']}"]
    for number, row in enumerate(index["rows"], 1):
        parts = "；".join(f"{label}{value}" for label, value in row["components"])
        chance = f"，偶然概率{row['p']:.2g}" if row["p"] is not None else ""
        lines.append(f"{number}．{row['subject']}：指数{row['value']}{chance}。{parts}。")
    return lines if index["rows"] else [*lines, "本期无达到列入条件的对象。"]


def _proposals(items: list[dict[str, Any]]) -> list[str]:
    return [
        f"{number}．{item['kind']}：{item['subject']}。{item['grounds']}。{item['question']}"
        for number, item in enumerate(items, 1)
    ] or ["已研判的预警和已结案件尚不足以提出规则建议。"]
