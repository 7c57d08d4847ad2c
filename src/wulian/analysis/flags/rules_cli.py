"""`wulian rules check FILE.yaml`: a local rule file as the platform would take it, without platform and database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from wulian.analysis.flags.engine import check_rule
from wulian.exchange.refusals import file_reason
from wulian.law.rules import CatalogueError, Rule, check_text

BAD_INPUT = 2
KINDS = {
    "computed": "由数据计算",
    "clauses": "由条款扫描提出",
    "checklist": "由人核查",
    "missing": "缺少数据，不计算",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Check the file that the arguments name; return 0, or 2 with file, rule and field of the first error."""
    arguments = _parser().parse_args(argv)
    try:
        rules = check_file(arguments.file)
    except ValueError as error:
        print(f"wulian rules check: {error}", file=sys.stderr)
        return BAD_INPUT
    for rule in rules:
        print(f"{rule.key} {rule.title}（{KINDS[rule.kind]}{'' if rule.enabled else '，停用'}）")
    print(f"{arguments.file}：{len(rules)} 条规则，没有错误。")
    return 0


def check_file(path: Path) -> list[Rule]:
    """Return the rules of a file that the platform would take; ValueError naming file, rule and field otherwise."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CatalogueError(f"{path}: 无法读取（{file_reason(error)}）") from None
    except UnicodeDecodeError:
        raise CatalogueError(f"{path}: 应为 UTF-8 编码的文本") from None
    rules = [rule for rule, _record in check_text(path.name, text)]
    for rule in rules:
        try:
            check_rule(rule)
        except ValueError as error:
            raise CatalogueError(f"{path.name}: {error}") from None
    return rules


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wulian rules", description="检查本地规则文件。")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="逐条检查，指出文件、规则和字段")
    check.add_argument("file", type=Path, metavar="FILE.yaml", help="本地规则文件")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
