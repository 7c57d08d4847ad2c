"""`wulian scan FILE… [--out FILE.json]`: candidate clauses of notices and tender documents, without platform and database."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wulian.analysis.clauses.catalogue import PatternError, all_patterns
from wulian.analysis.clauses.scanner import scan
from wulian.analysis.documents import Document, UnreadableDocument, read_document
from wulian.exchange.refusals import file_reason

BAD_INPUT = 2
FORMAT = "wulian-scan/1"
_WIDTHS = (6, 8, 14, 6, 6)


def main(argv: Sequence[str] | None = None) -> int:
    """Scan the files; return 0, or 2 when one could not be read or the result not be written (the others are still told)."""
    arguments = _parser().parse_args(argv)
    off = {code.strip() for code in (arguments.off or "").split(",") if code.strip()}
    try:
        unknown = off - set(all_patterns())
    except PatternError as error:
        print(f"wulian scan: {error}", file=sys.stderr)
        return BAD_INPUT
    if unknown:
        print(f"wulian scan: 没有模式 {'、'.join(sorted(unknown))}", file=sys.stderr)
        return BAD_INPUT
    results = [_scan_file(path, off) for path in arguments.files]
    if arguments.out:
        try:
            arguments.out.write_text(
                json.dumps({"format": FORMAT, "files": results}, ensure_ascii=False, indent=1),
                encoding="utf-8",
            )
        except OSError as error:
            print(f"wulian scan: {arguments.out}: 无法写入（{file_reason(error)}）", file=sys.stderr)
            return BAD_INPUT
        found = sum(len(result.get("hits", ())) for result in results)
        print(f"文件 {len(results)} 个，候选条款 {found} 条，已写入 {arguments.out}")
    else:
        for result in results:
            _print(result)
    failed = [result for result in results if "error" in result]
    for result in failed:
        print(f"wulian scan: {result['file']}: {result['error']}", file=sys.stderr)
    return BAD_INPUT if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wulian scan",
        description="扫描招标公告、招标文件中可能限制竞争的条款。命中只是候选，由人判断真伪。",
    )
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help=".docx、带文字层的 PDF、网页或者纯文本"
    )
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="把结果写成 JSON，默认打印成表")
    parser.add_argument("--off", metavar="ID,…", help="不用这些模式，例如 DY-01,PP-04")
    return parser


def _scan_file(path: Path, off: set[str]) -> dict[str, Any]:
    try:
        document = read_document(path)
    except UnreadableDocument as error:
        return {"file": str(path), "error": error.message, "code": error.code}
    except OSError as error:
        return {"file": str(path), "error": f"无法打开（{file_reason(error)}）", "code": "missing"}
    return {
        "file": str(path),
        **_facts(document),
        "hits": [hit.to_json() for hit in scan(document, disabled=off)],
    }


def _facts(document: Document) -> dict[str, Any]:
    return {
        "format": document.format,
        "pages": len(document.pages),
        "approximate_pages": document.approximate_pages,
        "notes": list(document.notes),
    }


def _print(result: dict[str, Any]) -> None:
    if "error" in result:
        return
    about = "约" if result["approximate_pages"] else ""
    print(
        f"{result['file']}（{result['format']}，{about}{result['pages']}页）：候选条款 {len(result['hits'])} 条"
    )
    for note in result["notes"]:
        print(f"  提示：{note}")
    if not result["hits"]:
        return
    print(_row(("页", "模式", "类别", "规则", "权重"), "条款 / 依据"))
    for hit in result["hits"]:
        mark = "?" if hit["doubts"] else ""
        cells = (
            str(hit["page"]),
            hit["pattern_id"],
            hit["class"],
            hit["rule"] or "—",
            f"{hit['weight']:.2f}{mark}",
        )
        print(_row(cells, hit["clause_text"].replace("\n", " ")))
        print(_row(("",) * 5, "→ " + "；".join(item["label"] for item in hit["provisions"])))
        for note in hit["doubts"]:
            print(_row(("",) * 5, f"? {note}"))


def _row(cells: Sequence[str], text: str) -> str:
    return "  " + "".join(_padded(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True)) + text


def _padded(text: str, width: int) -> str:
    """Chinese characters take two columns."""
    taken = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
    return text + " " * max(1, width - taken)


if __name__ == "__main__":
    raise SystemExit(main())
