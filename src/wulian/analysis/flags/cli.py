"""`wulian flags SOURCE --out FILE`: the rules over tables or OCDS lines, without platform and database."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from wulian.analysis.flags.backends import ENGINES
from wulian.analysis.flags.engine import FlagResult, UnknownRule, choose_rules, run_flags
from wulian.analysis.flags.sources import SourceError, open_source
from wulian.law.rules import SEVERITIES

BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the rules as the arguments say; return 0, or 2 with a message when an argument or the input is wrong."""
    arguments = _parser().parse_args(argv)
    started = time.perf_counter()
    try:
        write = _writer(arguments.out)
        codes = (
            [code.strip() for code in arguments.only.split(",") if code.strip()] if arguments.only else None
        )
        choose_rules(codes)
        source = open_source(arguments.source)
        result = run_flags(source, rules=codes, as_of=arguments.as_of, engine=arguments.engine)
        _write_whole(arguments.out, result.hits, write)
    except (SourceError, UnknownRule, OutputError) as error:
        print(f"wulian flags: {error}", file=sys.stderr)
        return BAD_INPUT
    for warning in source.warnings:
        print(f"提示：{warning}", file=sys.stderr)
    print(_summary(result, arguments.out, time.perf_counter() - started))
    return 0


class OutputError(ValueError):
    """The output file cannot be written."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wulian flags", description="按规则库检查招标投标数据，输出预警。")
    parser.add_argument(
        "source", type=Path, metavar="SOURCE", help="数据表文件夹（Parquet/CSV）或 OCDS JSON 行文件"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="输出文件：.parquet、.csv 或 .jsonl"
    )
    parser.add_argument("--engine", choices=ENGINES, default="duckdb", help="计算引擎")
    parser.add_argument("--only", metavar="CODE,…", help="只运行这些规则，例如 WJ-01,TB-07")
    parser.add_argument("--as-of", type=_date, default=None, metavar="DATE", help="判断期限的日期，默认今天")
    return parser


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} 不是日期，应为 YYYY-MM-DD") from None


def _writer(out: Path) -> Callable[[pa.Table, Path], None]:
    try:
        writer = _WRITERS[out.suffix.lower()]
    except KeyError:
        raise OutputError(f"{out}: 输出文件应以 {'、'.join(_WRITERS)} 结尾") from None
    if not out.parent.is_dir():
        raise OutputError(f"{out.parent}: 文件夹不存在")
    return writer


def _write_whole(out: Path, hits: pa.Table, write: Callable[[pa.Table, Path], None]) -> None:
    """Write beside the target and rename, so that a failed run leaves nothing behind."""
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        write(hits, temporary)
        temporary.chmod(0o644)
        temporary.replace(out)
    except OSError as error:
        raise OutputError(f"{out}: 无法写入（{error.strerror}）") from None
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
