"""`wulian flags SOURCE`: rules or indicators over tables or OCDS lines, without platform and database."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from wulian.analysis.flags.backends import ENGINES, EngineMissing
from wulian.analysis.flags.engine import FlagResult, UnknownRule, choose_rules, run_flags
from wulian.analysis.flags.sources import SourceError, open_source
from wulian.analysis.indicators import (
    BY_CODE as INDICATORS,
)
from wulian.analysis.indicators import (
    SettingsError,
    UnreadableFile,
    read_settings,
    run_indicators,
)
from wulian.exchange.refusals import file_reason
from wulian.law.rules import SEVERITIES

BAD_INPUT = 2
_INDICATOR = re.compile(r"R\d{3}$")
SHOWN_LINES = 20
"""Refused lines that are named one by one."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the rules as the arguments say; return 0, or 2 with a message when an argument or the input is wrong."""
    arguments = _parser().parse_args(argv)
    codes = [code.strip() for code in (arguments.only or "").split(",") if code.strip()] or None
    try:
        return (
            _indicators(arguments, codes) if _are_indicators(arguments, codes) else _rules(arguments, codes)
        )
    except (
        SourceError,
        UnreadableFile,
        SettingsError,
        UnknownRule,
        EngineMissing,
        ArgumentError,
        OutputError,
    ) as error:
        print(f"wulian flags: {error}", file=sys.stderr)
        return BAD_INPUT


def _are_indicators(arguments: argparse.Namespace, codes: list[str] | None) -> bool:
    """Tell whether the indicators are meant: by their codes, or by settings."""
    unknown = [code for code in codes or () if _INDICATOR.match(code) and code not in INDICATORS]
    if unknown:
        raise UnknownRule(f"指标 {'、'.join(unknown)} 不存在，可选：{'、'.join(INDICATORS)}")
    asked = [code for code in codes or () if code in INDICATORS]
    if asked and len(asked) < len(codes or ()):
        raise ArgumentError(f"指标（{'、'.join(asked)}）与规则的结果形式不同，请分两次运行")
    return bool(asked) or arguments.settings is not None


def _rules(arguments: argparse.Namespace, codes: list[str] | None) -> int:
    choose_rules(codes)
    if arguments.out is None:
        raise ArgumentError("运行规则须用 --out 指明输出文件")
    if arguments.threads is not None:
        raise ArgumentError("--threads 只用于指标")
    started = time.perf_counter()
    write = _writer(arguments.out)
    source = open_source(arguments.source)
    result = run_flags(source, rules=codes, as_of=arguments.as_of, engine=arguments.engine)
    _write_whole(arguments.out, partial(write, result.hits))
    for warning in source.warnings:
        print(f"提示：{warning}", file=sys.stderr)
    print(_summary(result, arguments.out, time.perf_counter() - started))
    return 0


def _indicators(arguments: argparse.Namespace, codes: list[str] | None) -> int:
    if arguments.as_of is not None:
        raise ArgumentError("--as-of 不用于指标")
    if arguments.out is not None:
        _check_out(arguments.out, (".json",))
    settings = read_settings(arguments.settings, codes)
    found, intake = run_indicators(
        arguments.source, settings, engine=arguments.engine, threads=arguments.threads
    )
    for refused in intake.refused[:SHOWN_LINES]:
        print(f"提示：第 {refused.line} 行未读入：{refused.reason}", file=sys.stderr)
    if intake.refused:
        print(f"提示：共 {len(intake.refused)} 行未读入", file=sys.stderr)
    if arguments.out is None:
        sys.stdout.write(orjson.dumps(found).decode() + "\n")
    else:
        _write_whole(arguments.out, lambda path: path.write_bytes(orjson.dumps(found)))
    return 0


class ArgumentError(ValueError):
    """Arguments that do not go together."""


class OutputError(ValueError):
    """The output file cannot be written."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wulian flags", description="按规则库检查招标投标数据，输出预警。")
    parser.add_argument(
        "source", type=Path, metavar="SOURCE", help="数据表文件夹（Parquet/CSV）或 OCDS JSON 行文件"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="输出文件：规则的为 .parquet、.csv 或 .jsonl；指标的为 .json，不写则输出到屏幕",
    )
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="计算引擎")
    parser.add_argument(
        "--only", metavar="CODE,…", help="只运行这些规则或指标，例如 WJ-01,TB-07 或 R003,R018"
    )
    parser.add_argument(
        "--settings", type=Path, metavar="FILE", help="指标的设置（JSON）；不写 --only 时运行其中列出的指标"
    )
    parser.add_argument("--threads", type=_threads, metavar="N", help="计算线程数（指标）")
    parser.add_argument("--as-of", type=_date, default=None, metavar="DATE", help="判断期限的日期，默认今天")
    return parser


def _threads(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} 应为正整数")
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} 不是日期，应为 YYYY-MM-DD") from None


def _writer(out: Path) -> Callable[[pa.Table, Path], None]:
    _check_out(out, tuple(_WRITERS))
    return _WRITERS[out.suffix.lower()]


def _check_out(out: Path, endings: tuple[str, ...]) -> None:
    if out.suffix.lower() not in endings:
        raise OutputError(f"{out}: 输出文件应以 {'、'.join(endings)} 结尾")
    if not out.parent.is_dir():
        raise OutputError(f"{out.parent}: 文件夹不存在")


def _write_whole(out: Path, write: Callable[[Path], object]) -> None:
    """Write beside the target and rename, so that a failed run leaves nothing behind."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(out)
    except OSError as error:
        raise OutputError(f"{out}: 无法写入（{file_reason(error)}）") from None
    finally:
        temporary.unlink(missing_ok=True)


def _write_jsonl(hits: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for hit in hits.to_pylist():
            lines.write(json.dumps(hit, ensure_ascii=False, default=str) + "\n")


_WRITERS: dict[str, Callable[[pa.Table, Path], None]] = {
    ".parquet": lambda hits, path: pq.write_table(hits, path, compression="zstd"),
    ".csv": lambda hits, path: pacsv.write_csv(hits, path),
    ".jsonl": _write_jsonl,
}


def _summary(result: FlagResult, out: Path, seconds: float) -> str:
    by_severity, by_rule = result.count_by("severity"), result.count_by("rule")
    levels = " ".join(f"{name} {by_severity.get(name, 0)}" for name in SEVERITIES)
    lines = [f"预警 {result.hits.num_rows} 条：{levels}", "按规则：" + (_counts(by_rule) or "无")]
    lacking = {rule: count for rule, count in sorted(result.insufficient.items()) if count}
    lines.append(f"数据不足、未判断（{sum(lacking.values())} 个对象次）：" + (_counts(lacking) or "无"))
    lines.append(f"规则 {len({rule.id for rule in result.rules})} 条，用时 {seconds:.1f} 秒，已写入 {out}")
    return "\n".join(lines)


def _counts(counts: dict[str, int]) -> str:
    return " ".join(f"{name}×{count}" for name, count in counts.items())


if __name__ == "__main__":
    raise SystemExit(main())
