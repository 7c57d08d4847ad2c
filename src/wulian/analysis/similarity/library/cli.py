"""`wulian library add|remove|query|list`: the city's memory of earlier bids, for `wulian compare --library`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from wulian.analysis.similarity.files import Problem, read_bids, read_files
from wulian.analysis.similarity.library.index import Library, LibraryError, fingerprints_of

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the arguments say; return 0, or 2 with a message."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except LibraryError as problem:
        print(f"wulian library: {problem}", file=sys.stderr)
        return BAD_INPUT


def _add(arguments: argparse.Namespace) -> int:
    if not arguments.bids.is_dir():
        raise LibraryError(f"{arguments.bids}: 投标文件夹不存在")
    library = Library(arguments.library, create=True)
    tender, problems = read_files(arguments.tender)
    bids, unread = read_bids(arguments.bids)
    _say([*problems, *unread])
    texts = [
        (
            {"name": file.name, "bidder": file.bidder, "tender": arguments.name, "sha256": file.sha256},
            file.content,
        )
        for file in bids
        if file.content.strip()
    ]
    added = library.add(
        texts,
        at=datetime.now().astimezone().isoformat(timespec="seconds"),
        masked=[file.content for file in tender],
    )
    print(
        f"新增 {len(added)} 份，已在库中或没有文字的 {len(bids) - len(added)} 份，库内共 {len(library.documents()):,} 份"
    )
    return 0


def _remove(arguments: argparse.Namespace) -> int:
    library = Library(arguments.library)
    named = [
        one.number
        for one in library.documents().values()
        if (arguments.name and one.tender == arguments.name)
        or one.number in arguments.number
        or one.sha256 in arguments.sha256
    ]
    gone = library.remove(named)
    for one in gone:
        print(f"{one.number}\t{one.tender}\t{one.bidder}\t{one.name}")
    print(f"移出 {len(gone)} 份，库内还有 {len(library.documents()):,} 份")
    return 0 if gone else BAD_INPUT


def _query(arguments: argparse.Namespace) -> int:
    library = Library(arguments.library)
    files, problems = read_files(arguments.file)
    _say(problems)
    started = time.perf_counter()
    if arguments.join:
        pairs = library.joined({file.name: fingerprints_of(file.content) for file in files})
        rows = [(name, earlier, shared) for name, earlier, shared in pairs]
    else:
        rows = [
            (file.name, one, shared) for file in files for one, shared in library.candidates(file.content)
        ]
    for name, one, shared in rows:
        about = {
            "file": name,
            "number": one.number,
            "tender": one.tender,
            "bidder": one.bidder,
            "name": one.name,
        }
        if arguments.json:
            print(json.dumps({**about, "sha256": one.sha256, "shared": shared}, ensure_ascii=False))
        else:
            print(f"{name}\t{one.number}\t{one.tender}\t{one.bidder}\t{one.name}\t相同指纹 {shared}")
    if not arguments.json:
        print(f"候选 {len(rows)} 份，用时 {1000 * (time.perf_counter() - started):.0f} 毫秒")
    return BAD_INPUT if problems and not files else 0


def _list(arguments: argparse.Namespace) -> int:
    library = Library(arguments.library)
    documents = library.documents().values()
    for one in documents:
        print(f"{one.number}\t{one.tender}\t{one.bidder}\t{one.name}\t{one.letters:,} 字\t{one.added_at}")
    index, texts = library.size()
    print(f"共 {len(documents):,} 份；索引 {index / 1e6:.1f} MB，文字 {texts / 1e6:.1f} MB")
    return 0


def _compact(arguments: argparse.Namespace) -> int:
    Library(arguments.library).compact()
    return 0


def _say(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"未读取 {problem.name}：{problem.message}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="wulian library", description="历史投标文件库：存入、移出、查询以往的投标文件。"
    )
    commands = parser.add_subparsers(required=True, metavar="add|remove|query|list|compact")
    add = commands.add_parser("add", help="存入一个标段的投标文件，不重建索引")
    add.add_argument("library", type=Path, metavar="LIBRARY")
    add.add_argument(
        "--bids",
        type=Path,
        required=True,
        metavar="DIR",
        help="投标文件夹：每个投标人一个文件或者一个子文件夹",
    )
    add.add_argument(
        "--tender", type=Path, nargs="+", default=[], metavar="FILE", help="招标文件，其文字不留指纹"
    )
    add.add_argument("--name", default="", metavar="TEXT", help="招标项目名称或编号")
    add.set_defaults(run=_add)
    remove = commands.add_parser("remove", help="移出文件，不重建索引")
    remove.add_argument("library", type=Path, metavar="LIBRARY")
    remove.add_argument("number", type=int, nargs="*", metavar="NUMBER", help="库内编号")
    remove.add_argument("--sha256", nargs="+", default=[], metavar="DIGEST")
    remove.add_argument("--name", default="", metavar="TEXT", help="移出这个招标项目的全部文件")
    remove.set_defaults(run=_remove)
    query = commands.add_parser("query", help="哪些历史文件与这些文件有相同文字")
    query.add_argument("library", type=Path, metavar="LIBRARY")
    query.add_argument("file", type=Path, nargs="+", metavar="FILE")
    query.add_argument("--join", action="store_true", help="以一次连接查询全部文件（适合大批文件）")
    query.add_argument("--json", action="store_true", help="每行一个 JSON 对象")
    query.set_defaults(run=_query)
    for name, run, text in (
        ("list", _list, "列出库内文件"),
        ("compact", _compact, "合并索引，清除已移出的文件"),
    ):
        command = commands.add_parser(name, help=text)
        command.add_argument("library", type=Path, metavar="LIBRARY")
        command.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
