"""What the trading system exports beside the bids: machine codes, people, bonds, and who the bidders are.

``machine``, ``people``, ``bonds`` and ``bidders``, each as .json, .csv, .xml or .xlsx, in the folder of bids, beside it, or in a
bidder's own folder. Columns have English names or the Chinese ones of the exports (docs/compare.zh.md).
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wulian.analysis.documents import Limits, Table, UnreadableDocument, inspect_document
from wulian.analysis.documents.detection import decode, readable_name
from wulian.analysis.documents.models import storable

Record = Mapping[str, str]
STEMS = ("machine", "people", "bonds", "bidders")
ENDINGS = (".json", ".csv", ".xml", ".xlsx")
_LARGEST = 50 * 1024 * 1024
COLUMNS: dict[str, tuple[str, ...]] = {
    "bidder": ("投标人", "投标人名称", "投标单位", "单位名称", "tenderer"),
    "file": ("文件", "文件名", "文件名称"),
    "stage": ("环节", "用途", "记录类型"),
    "place": ("地点", "上传地点"),
    "at": ("时间", "操作时间", "上传时间"),
    "mac": ("MAC", "MAC地址", "网卡", "网卡地址", "device_mac"),
    "cpu": ("CPU", "CPU序列号", "处理器序列号", "device_cpu"),
    "disk": ("硬盘", "硬盘序列号", "device_disk"),
    "file_code": ("文件机器码", "文件制作机器码", "机器码"),
    "creation_code": ("文件创建标识码", "创建标识码", "device_file_code"),
    "lock_no": ("造价锁号", "加密锁号", "造价软件加密锁号", "计价软件加密锁号", "锁号", "device_lock_no"),
    "ip": ("IP", "IP地址", "网络地址", "device_ip"),
    "account": ("账号", "登录账号", "用户账号"),
    "certificate": ("CA证书号", "数字证书号", "证书序列号"),
    "phone": ("电话", "联系电话", "手机", "手机号"),
    "name": ("姓名", "名称"),
    "role": ("职务", "岗位", "角色", "拟任岗位"),
    "id_no": ("身份证号", "证件号", "证件号码", "id_hash", "身份证摘要"),
    "certificate_no": ("注册证书号", "执业证书号", "证书编号"),
    "uscc": ("统一社会信用代码", "信用代码"),
    "form": ("保证金形式", "形式", "缴纳方式"),
    "payer_account": ("付款账号", "付款账户", "转出账号", "security_account"),
    "payer_name": ("付款户名", "付款人", "转出户名", "security_payer"),
    "bank": ("开户行", "付款银行"),
    "policy_no": ("保函编号", "保单号", "保单编号"),
    "consortium": ("联合体", "联合体编号"),
}
_NAMES = {
    re.sub(r"[\s_（）()]", "", alias).lower(): name
    for name, aliases in COLUMNS.items()
    for alias in (name, *aliases)
}
STAGES = {
    "authoring": ("authoring", "制作", "编制", "编制文件", "生成"),
    "upload": ("upload", "上传", "递交", "提交"),
    "download": ("download", "下载", "购买", "获取"),
    "tender": ("tender", "招标文件", "控制价", "招标控制价", "最高投标限价", "control_price", "control"),
}
_STAGE = {alias: stage for stage, aliases in STAGES.items() for alias in aliases}


@dataclass(frozen=True)
class Fact:
    """One row: its values by canonical column, whose it is (empty: the tender's own), and where it came from."""

    bidder: str
    values: Record
    source: str
    row: int

    def get(self, column: str) -> str:
        """Return a value, empty when there is none."""
        return self.values.get(column, "")

    @property
    def stage(self) -> str:
        """Return authoring, upload, download or tender; a row that does not say is about the making of the file."""
        return _STAGE.get(self.get("stage").lower(), "authoring") if self.bidder else "tender"


@dataclass(frozen=True)
class Facts:
    """All rows by the kind of their file, and what could not be taken, in sentences."""

    machine: tuple[Fact, ...] = ()
    people: tuple[Fact, ...] = ()
    bonds: tuple[Fact, ...] = ()
    bidders: tuple[Fact, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    files: tuple[Path, ...] = field(default=())

    @property
    def consortia(self) -> dict[str, str]:
        """Return which consortium a bidder belongs to."""
        return {one.bidder: one.get("consortium") for one in self.bidders if one.get("consortium")}

    def are_partners(self, subjects: Iterable[str]) -> bool:
        """Say whether all of these are members of one consortium."""
        groups = {self.consortia.get(name, "") for name in subjects}
        return len(groups) == 1 and "" not in groups


def is_fact_file(path: Path) -> bool:
    """Say whether a file is an export of the trading system rather than a part of a bid."""
    return path.stem.lower() in STEMS and path.suffix.lower() in ENDINGS


def read_facts(folder: Path, bidders: Iterable[str], extra: Iterable[Path] = ()) -> Facts:
    """Read what lies in the folder of bids, in its bidders' folders and beside it, and the `extra` files."""
    known = {plain(name): name for name in bidders}
    known |= {plain(Path(name).stem): name for name in known.values()}
    rows: dict[str, list[Fact]] = {stem: [] for stem in STEMS}
    problems: list[tuple[str, str]] = []
    files = list(_found(folder, extra))
    for path, owner in files:
        owner = readable_name(owner)
        shown = f"{owner}/{path.name}" if owner else path.name
        try:
            for number, values in enumerate(_rows(path), start=1):
                named = owner or values.get("bidder", "")
                bidder = known.get(plain(named), "")
                if named and not bidder:
                    problems.append((shown, f"第{number}条的投标人“{named}”在投标文件夹中没有对应的文件"))
                    continue
                rows[path.stem.lower()].append(Fact(bidder, values, shown, number))
        except UnreadableDocument as problem:
            problems.append((shown, problem.message))
        except OSError as problem:
            problems.append((shown, f"文件无法打开（{problem.strerror}）"))
    machine, people, bonds, who = (tuple(rows[stem]) for stem in STEMS)
    return Facts(machine, people, bonds, who, tuple(problems), tuple(path for path, _ in files))


def _found(folder: Path, extra: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    seen = set()
    for place, owner in ((folder, ""), (folder.parent, "")):
        for path in sorted(place.iterdir()):
            if path.is_file() and is_fact_file(path) and path.resolve() not in seen:
                seen.add(path.resolve())
                yield path, owner
    for inner in sorted(one for one in folder.iterdir() if one.is_dir()):
        for path in sorted(inner.iterdir()):
            if path.is_file() and is_fact_file(path):
                seen.add(path.resolve())
                yield path, inner.name
    yield from ((path, "") for path in extra if path.resolve() not in seen)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Give the records of an export; raises UnreadableDocument with what was expected."""
    ending = path.suffix.lower()
    if path.stat().st_size > _LARGEST:
        raise UnreadableDocument("size", f"文件过大，最多{_LARGEST // 1024 // 1024} MiB")
    if ending == ".json":
        yield from map(_canonical, _json(path))
    elif ending == ".csv":
        yield from map(_canonical, csv.DictReader(io.StringIO(decode(path.read_bytes()))))
    else:
        for table in inspect_document(path, limits=Limits(seconds=60)).tables:
            yield from map(_canonical, _records(table))


def _json(path: Path) -> list[dict[str, Any]]:
    try:
        data = json.loads(decode(path.read_bytes()))
    except ValueError as error:
        if isinstance(error, UnreadableDocument):
            raise
        raise UnreadableDocument("broken", f"不是正确的 JSON：{error}") from None
    rows = data.get("records") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableDocument("type", "应为对象的数组，或者 records 为对象数组的对象")
    return rows


def _records(table: Table) -> Iterator[dict[str, Any]]:
    rows = iter(table.rows)
    head = [str(cell or "") for cell in next(rows, ())]
    yield from (dict(zip(head, row, strict=False)) for row in rows)


def _canonical(row: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for key, value in row.items():
        name = _NAMES.get(re.sub(r"[\s_（）()]", "", str(key or "")).lower())
        if name and value not in (None, "") and not isinstance(value, list | dict):
            text = f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
            found[name] = storable(unicodedata.normalize("NFKC", text).strip())
    return found


def plain(name: str) -> str:
    """Return a name without what people write differently: width, spaces, brackets."""
    return re.sub(r"[\s()（）]", "", unicodedata.normalize("NFKC", name)).lower()
