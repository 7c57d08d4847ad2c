"""Bills of quantities read from workbooks and XML: items with code, unit, quantity, unit price and total in 元."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wulian.analysis.documents.traces import Cell, Table

_HEADS: dict[str, tuple[str, ...]] = {
    "code": ("项目编码", "清单编码", "子目编码", "子目号", "编码", "qdbm", "bm", "code"),
    "name": ("项目名称", "清单名称", "子目名称", "名称", "mc", "xmmc", "name"),
    "unit": ("计量单位", "单位", "dw", "unit"),
    "quantity": ("工程量", "工程数量", "数量", "gcl", "sl", "quantity", "qty"),
    "price": ("综合单价", "全费用综合单价", "单价", "zhdj", "dj", "unitprice", "price"),
    "total": ("综合合价", "合价", "合计", "zhhj", "hj", "total", "amount"),
}
_COLUMN = {alias: column for column, aliases in _HEADS.items() for alias in aliases}
_MAKERS = {
    "lock_no": (
        "加密锁号",
        "造价锁号",
        "锁号",
        "软件锁号",
        "加密锁序列号",
        "lockno",
        "jmsh",
        "softlockno",
        "lock_no",
    ),
    "file_code": ("文件机器码", "机器码", "文件制作机器码", "machinecode", "file_code"),
    "creation_code": ("文件创建标识码", "创建标识码", "文件标识码", "creation_code"),
    "mac": ("mac", "mac地址", "网卡地址"),
    "cpu": ("cpu", "cpu序列号"),
    "disk": ("硬盘序列号", "disk", "硬盘"),
}
_MAKER = {alias: column for column, aliases in _MAKERS.items() for alias in aliases}
_GRAND = re.compile(r"投标总价|投标报价|总报价|投标总报价|招标控制价合计|最高投标限价合计")
FIXED = re.compile(
    r"规费|税金|增值税|安全文明|环境保护费|暂列金额|暂估|甲供|不可竞争|社会保险|住房公积金|工程排污|专业工程结算价"
)
"""Items whose price or rate the tender or the law fixes: equal for everybody."""
_FEWEST = 3


@dataclass(frozen=True)
class Item:
    """One line; `row` counts from 1 in its sheet. Missing numbers are None."""

    key: str
    name: str
    unit: str
    section: str
    quantity: float | None
    price: float | None
    total: float | None
    sheet: str
    row: int

    @property
    def fixed(self) -> bool:
        """Say whether the price is not the bidder's own."""
        return bool(FIXED.search(self.name) or FIXED.search(self.section) or FIXED.search(self.sheet))


@dataclass(frozen=True)
class Bill:
    """The items of one file, the grand total it states, and the codes of the pricing software in it."""

    source: str
    items: tuple[Item, ...]
    grand_total: float | None = None
    makers: Mapping[str, str] = field(default_factory=dict)

    @property
    def amount(self) -> float:
        """Return the stated grand total, else the sum of the items, in 元."""
        return self.grand_total or sum(item.total or 0.0 for item in self.items)


def read_bills(tables: Sequence[Table], source: str) -> tuple[tuple[Bill, ...], set[int]]:
    """Return the bill that these tables hold, if any, and the numbers of the tables that belong to it."""
    items: list[Item] = []
    used: set[int] = set()
    seen: Counter[str] = Counter()
    for number, table in enumerate(tables):
        found = list(_items(table, seen))
        if len(found) >= _FEWEST:
            items += found
            used.add(number)
    makers = _makers(tables)
    if not items:
        return (), set()
    return (Bill(source, tuple(items), _grand_total(tables), makers),), used


def _items(table: Table, seen: Counter[str]) -> Iterator[Item]:
    columns: dict[str, int] = {}
    section = ""
    for number, row in enumerate(table.rows, start=1):
        head = _head(table.rows, number - 1)
        if head:
            columns = head
            continue
        if not columns:
            continue
        cells = {column: row[at] if at < len(row) else None for column, at in columns.items()}
        name = _text(cells.get("name"))
        quantity, price, total = (amount(cells.get(column)) for column in ("quantity", "price", "total"))
        if not name:
            continue
        if quantity is None and price is None:
            if not _text(cells.get("unit")) and not re.search(r"合\s*计|小\s*计", name):
                section = name
            continue
        base = _text(cells.get("code")) or f"{name}|{_text(cells.get('unit'))}"
        seen[base] += 1
        key = base if seen[base] == 1 else f"{base}#{seen[base]}"
        yield Item(key, name, _text(cells.get("unit")), section, quantity, price, total, table.name, number)


def _head(rows: Sequence[Sequence[Cell]], at: int) -> dict[str, int]:
    """Return the columns when this row is a head, alone or with the one below it; empty otherwise."""
    columns: dict[str, int] = {}
    for row in rows[at : at + 2]:
        for position, cell in enumerate(row):
            if isinstance(cell, str):
                plain = re.sub(r"[\s()（）元/]|\(元\)", "", unicodedata.normalize("NFKC", cell)).lower()
                column = _COLUMN.get(plain)
                if column and column not in columns:
                    columns[column] = position
        if row is rows[at] and "name" not in columns:
            return {}
    enough = (
        "name" in columns and ({"quantity", "price"} & columns.keys()) and ({"code", "unit"} & columns.keys())
    )
    return columns if enough and len(columns) >= _FEWEST else {}


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.0f}"
    return re.sub(r"\s+", " ", cell).strip() if cell else ""


def amount(cell: Cell) -> float | None:
    """Return a number of a cell, with or without thousands separators; None when there is none."""
    if isinstance(cell, int | float):
        return float(cell)
    text = re.sub(r"[,，\s元¥￥]", "", unicodedata.normalize("NFKC", cell or ""))
    try:
        return float(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None
    except ValueError:
        return None


def _grand_total(tables: Sequence[Table]) -> float | None:
    for table in tables:
        for row in table.rows:
            for position, cell in enumerate(row):
                if isinstance(cell, str) and _GRAND.search(cell):
                    numbers = [value for value in map(amount, row[position + 1 :]) if value and value > 100]
                    if numbers:
                        return numbers[0]
    return None


def _makers(tables: Sequence[Table]) -> dict[str, str]:
    """Read lock and machine codes out of an XML bill: attributes, or a label with its value beside it."""
    found: dict[str, str] = {}
    for table in tables:
        rows = table.rows
        for at, row in enumerate(rows):
            for position, cell in enumerate(row):
                column = _MAKER.get(re.sub(r"[\s:：]", "", cell).lower()) if isinstance(cell, str) else None
                if column is None or column in found:
                    continue
                below = (
                    rows[at + 1][position] if at + 1 < len(rows) and position < len(rows[at + 1]) else None
                )
                beside = row[position + 1] if position + 1 < len(row) else None
                label = isinstance(beside, str) and re.sub(r"[\s:：]", "", beside).lower() in _MAKER
                value = below if at == 0 and (below is not None or label) else beside
                if _text(value):
                    found[column] = _text(value)
    return found
