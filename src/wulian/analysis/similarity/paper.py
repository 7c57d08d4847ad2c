"""The report as PDF: what goes into the file of the case, made from ``report.json`` by typst."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import typst

from wulian.analysis.similarity.findings import LEVELS, STATES

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
FAMILIES = ("Noto Serif CJK SC", "Noto Serif SC", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei")
MOST_FINDINGS, MOST_EVIDENCE, MOST_PAIRS = 120, 6, 200


def write_pdf(out: Path) -> bool:
    """Write ``report.pdf`` beside ``report.json``; False when the machine has no Chinese font."""
    folders = [str(folder) for folder in _font_folders()]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    known = set(fonts.families())
    families = [family for family in FAMILIES if family in known]
    if not families:
        return False
    data = _shortened(json.loads((out / "report.json").read_text(encoding="utf-8")))
    data["fonts"] = families
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(), font_paths=fonts, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
    )
    written = compiler.compile(format="pdf")
    assert isinstance(written, bytes)
    (out / "report.pdf").write_bytes(written)
    return True


def _font_folders() -> list[Path]:
    named = [Path(one) for one in os.environ.get("WULIAN_FONTS", "").split(os.pathsep) if one]
    places = [*named, Path(sys.prefix) / "share" / "fonts" / "wulian", Path("/usr/share/fonts")]
    return [folder for folder in places if folder.is_dir()]


def _shortened(report: dict[str, Any]) -> dict[str, Any]:
    """Keep what is read on paper; the rest stands in the other files."""
    for finding in report["findings"]:
        finding["level"] = LEVELS[finding["level"]]
        finding["more"] = max(0, len(finding["evidence"]) - MOST_EVIDENCE)
        finding["evidence"] = finding["evidence"][:MOST_EVIDENCE]
        for one in finding["exclusions"]:
            one["title"] = STATES[one["state"]]
    bidders = list(dict.fromkeys(file["bidder"] for file in report["bids"]))
    number = {name: place for place, name in enumerate(bidders)}
    listed = [pair for pair in report["pairs"] if pair["level"] != "关注"] or report["pairs"]
    return {
        "version": report["version"],
        "bidders": bidders,
        "cells": [[number[pair["a"]], number[pair["b"]], pair["level"]] for pair in report["pairs"]],
        "extraction": report["extraction"],
        "findings": report["findings"][:MOST_FINDINGS],
        "left_out": max(0, len(report["findings"]) - MOST_FINDINGS),
        "pairs": listed[:MOST_PAIRS],
        "pairs_left_out": len(report["pairs"]) - len(listed[:MOST_PAIRS]),
        "problems": report["problems"],
        "notes": report["notes"],
        "price_tests": report["price_tests"],
        "files": [
            {**{key: file[key] for key in ("name", "bidder", "sha256", "size")}, "kind": kind}
            for kind, files in (("招标文件等", report["tender"]), ("投标文件", report["bids"]))
            for file in files
        ],
    }
