"""`wulian compare --tender FILE… --bids DIR --out REPORT_DIR`: what bids share beyond the tender document."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from wulian.analysis.documents import recognition
from wulian.analysis.similarity.analysis import Analysis, analyse
from wulian.analysis.similarity.facts import read_facts
from wulian.analysis.similarity.files import Problem, ReadFile, read_bids, read_files
from wulian.analysis.similarity.findings import CHECKS, LEVELS, names
from wulian.analysis.similarity.library import Library, LibraryError, is_library
from wulian.analysis.similarity.paper import write_pdf
from wulian.analysis.similarity.report import KIND_TITLES, Extraction, write_report

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Compare as the arguments say; return 0, or 2 with a message when there is nothing to compare."""
    arguments = _parser().parse_args(argv)
    started = time.perf_counter()
    if not arguments.bids.is_dir():
        return _refuse(f"{arguments.bids}: 投标文件夹不存在")
    if arguments.out.exists() and not arguments.out.is_dir():
        return _refuse(f"{arguments.out}: 应为文件夹")
    try:
        memories = [Library(path) for path in arguments.library if is_library(path)]
    except LibraryError as error:
        return _refuse(str(error))
    if len(memories) > 1:
        return _refuse("历史投标文件库最多提供一个")
    if arguments.ocr and not recognition.is_installed():
        return _refuse("没有安装文字识别（附加项 ocr），请安装后再用 --ocr，或者去掉 --ocr 只比对图片和属性")
    started_at = datetime.now().astimezone()
    tender, problems = read_files(arguments.tender, recognised=arguments.ocr)
    library, missing = read_files(path for path in arguments.library if not is_library(path))
    bids, unread = read_bids(arguments.bids, recognised=arguments.ocr)
    bidders = list(dict.fromkeys(file.bidder for file in bids))
    facts = read_facts(arguments.bids, bidders, arguments.facts)
    unread = [*problems, *missing, *unread, *(Problem(*one) for one in facts.problems)]
    for problem in unread:
        print(f"未读取 {problem.name}：{problem.message}", file=sys.stderr)
    if problems and not tender:
        return _refuse("招标文件没有一个能够读取，扣除不了公共文字，未作比对")
    if len(bidders) < 2:
        return _refuse(f"{arguments.bids}: 可读取的投标人应不少于两个，现为{len(bidders)}个")
    analysis = analyse(
        bids, tender=tender, library=library, facts=facts, memory=memories[0] if memories else None
    )
    extraction = Extraction(
        started_at.isoformat(timespec="seconds"), datetime.now().astimezone().isoformat(timespec="seconds"),
        tuple(arguments.operator), arguments.source,
    )  # fmt: skip
    sources = [*tender, *library]
    write_report(arguments.out, analysis, bids=bids, sources=sources, problems=unread, extraction=extraction)
    if not arguments.no_pdf and not write_pdf(arguments.out):
        print("没有找到中文字体，未生成 PDF；可用环境变量 WULIAN_FONTS 指定字体文件夹", file=sys.stderr)
    _tell(analysis, bids, sources)
    print(f"用时 {time.perf_counter() - started:.1f} 秒，报告：{arguments.out / 'index.html'}")
    return 0


def _tell(analysis: Analysis, bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> None:
    """Print what was found, the gravest first."""
    comparison = analysis.comparison
    bidders = {file.bidder for file in bids}
    print(f"投标人 {len(bidders)} 个、文件 {len(bids)} 个；扣除招标文件等 {len(sources)} 个")
    kinds = {kind: sum(one.kind == kind for one in comparison.passages) for kind in KIND_TITLES}
    print("相同内容：" + "、".join(f"{KIND_TITLES[kind]} {count} 处" for kind, count in kinds.items()))
    sharing = sum(bool(pair.passages or pair.deviations) for pair in analysis.pairs)
    print(f"对招标文件的相同私改 {len(comparison.deviations)} 处；有相同内容的投标人 {sharing} 对")
    standing = [one for one in analysis.findings if not one.excluded]
    deemed = sum(one.level == "deemed" for one in standing)
    print(
        f"疑似视为串通的情形 {deemed} 项，线索 {len(standing) - deemed} 项；"
        f"检验后排除 {len(analysis.findings) - len(standing)} 项"
    )
    for one in standing[:12]:
        print(
            f"  {LEVELS[one.level]}  {one.check} {CHECKS[one.check].title}：{names(one.subjects)}（{one.value}）"
        )
    for pair in analysis.pairs[:10]:
        print(f"  {pair.level}  {pair.a} 与 {pair.b}：{pair.matched:,} 字，占 {pair.containment:.1%}")


def _refuse(message: str) -> int:
    print(f"wulian compare: {message}", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wulian compare", description="比对投标文件：扣除招标文件后，找出两份投标文件相同的内容。"
    )
    parser.add_argument(
        "--tender",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="招标文件、澄清文件等，其文字予以扣除",
    )
    parser.add_argument(
        "--bids",
        type=Path,
        required=True,
        metavar="DIR",
        help="投标文件夹：每个投标人一个文件或者一个子文件夹",
    )
    parser.add_argument(
        "--library",
        type=Path,
        nargs="+",
        default=[],
        metavar="DIR",
        help="法规、标准、范本等公共文本，同样扣除；历史投标文件库（wulian library 建立的）则与之比对",
    )
    parser.add_argument(
        "--facts",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="交易系统导出的 machine、people、bonds、bidders（.json .csv .xml .xlsx）；投标文件夹内和旁边的自动读取",
    )
    parser.add_argument("--operator", action="append", default=[], metavar="NAME", help="提取人，可写两次")
    parser.add_argument("--source", default="", metavar="TEXT", help="文件来自哪个系统，记入提取记录")
    parser.add_argument(
        "--ocr", action="store_true", help="识别扫描件和图片中的文字（附加项 ocr；每页约十秒）"
    )
    parser.add_argument("--no-pdf", action="store_true", help="不生成 PDF 报告")
    parser.add_argument("--out", type=Path, required=True, metavar="REPORT_DIR", help="报告文件夹")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
