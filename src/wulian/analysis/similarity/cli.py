"""`wulian compare --tender FILE… --bids DIR --out REPORT_DIR`: what bids share beyond the tender document."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from wulian.analysis.similarity.comparison import compare
from wulian.analysis.similarity.files import read_bids, read_files
from wulian.analysis.similarity.report import KIND_TITLES, write_report

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Compare as the arguments say; return 0, or 2 with a message when there is nothing to compare."""
    arguments = _parser().parse_args(argv)
    started = time.perf_counter()
    if not arguments.bids.is_dir():
        return _refuse(f"{arguments.bids}: 投标文件夹不存在")
    if arguments.out.exists() and not arguments.out.is_dir():
        return _refuse(f"{arguments.out}: 应为文件夹")
    tender, problems = read_files(arguments.tender)
    library, missing = read_files(arguments.library)
    bids, unread = read_bids(arguments.bids)
    unread = [*problems, *missing, *unread]
    for problem in unread:
        print(f"未读取 {problem.name}：{problem.message}", file=sys.stderr)
    if problems and not tender:
        return _refuse("招标文件没有一个能够读取，扣除不了公共文字，未作比对")
    bidders = {file.bidder for file in bids}
    if len(bidders) < 2:
        return _refuse(f"{arguments.bids}: 可读取的投标人应不少于两个，现为{len(bidders)}个")
    sources = [*tender, *library]
    comparison = compare(
        [file.text for file in bids],
        tender=[file.text for file in tender],
        library=[file.text for file in library],
    )
    pairs = write_report(arguments.out, comparison, bids=bids, sources=sources, problems=unread)
    print(f"投标人 {len(bidders)} 个、文件 {len(bids)} 个；扣除招标文件等 {len(sources)} 个")
    kinds = {kind: sum(one.kind == kind for one in comparison.passages) for kind in KIND_TITLES}
    print("相同内容：" + "、".join(f"{KIND_TITLES[kind]} {count} 处" for kind, count in kinds.items()))
    print(f"对招标文件的相同私改 {len(comparison.deviations)} 处；有相同内容的投标人 {len(pairs)} 对")
    for pair in pairs[:10]:
        print(f"  {pair.level}  {pair.a} 与 {pair.b}：{pair.matched:,} 字，占 {pair.containment:.1%}")
    print(f"用时 {time.perf_counter() - started:.1f} 秒，报告：{arguments.out / 'index.html'}")
    return 0


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
        help="法规、标准、范本等公共文本，同样扣除",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="REPORT_DIR", help="报告文件夹")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
