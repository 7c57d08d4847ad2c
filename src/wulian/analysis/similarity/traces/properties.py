"""Properties of files that bidders share: authors, companies, identifiers, editing sessions, saving times (M-1 … M-3)."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations

from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions

TITLES = {
    "author": "作者", "last_modified_by": "最后保存者", "company": "单位", "manager": "主管", "reviser": "修订或批注人",
    "path": "保存路径", "template": "模板", "rsid": "编辑会话标识", "document_id": "文档标识", "instance_id": "文档实例标识",
    "font_subset": "字体子集标识", "thumbnail": "缩略图", "created": "创建时间", "camera": "拍摄设备",
}  # fmt: skip
CHECK = dict.fromkeys(
    ("author", "last_modified_by", "company", "manager", "reviser", "path", "template"), "M-1"
) | dict.fromkeys(("rsid", "document_id", "instance_id", "font_subset", "thumbnail", "created"), "M-3")
UNIQUE = frozenset({"document_id", "instance_id", "rsid", "path", "created", "thumbnail", "font_subset"})
"""Two files have these alike only when one came from the other, or both from a third."""
DEFAULTS = re.compile(
    r"^(?:administrators?|admin|user\d*|users|owner|guest|pc|hp|dell|lenovo|acer|asus|huawei|thinkpad|win(?:dows)?(?:[ _-]?\d+| user| 用户)?|"
    r"microsoft(?: office)?(?: user| 用户)?|ms office user|微软(?:用户|中国)?|wps(?: office)?(?: user| 用户)?|kingsoft|雨林木风|番茄花园|深度(?:技术|系统)?|系统之家|"
    r"用户|管理员|未定义|unknown|none|null|-|sky123\.org|china|openpyxl|python-docx|xlsxwriter|apache poi|libreoffice|未知|个人|home|电脑|"
    r"mac(?: user)?|macbook.*|desktop-\w+|laptop-\w+|pc-\w+|normal(?:\.dotm?|\.wpt)?|book\.xltx?|(?:c:\\.*\\)?normal\.dotm)$",
    re.IGNORECASE,
)
_LIBRARY = frozenset({
    "2013-12-23T23:15:00Z", "2006-09-16T00:00:00Z", "1601-01-01T00:00:00Z", "24062061",
    "96367138dc44ce09bf2c8f0f8e49348a1478d2c5c0af69bbc2bbc38b63cdcead".upper(),
})  # fmt: skip
"""Times, identifiers and thumbnails that stand in the empty files of common tools."""
NEAR = timedelta(minutes=5)
OFTEN = 2
_FROM_TENDER, _STOP = "来自招标文件的模板", "软件或操作系统的默认值"


def compare_properties(bids: Sequence[ReadFile], sources: Sequence[ReadFile]) -> Outcome:
    """Return the rare properties that bidders share, and who saves in turns; what the tender's files have is subtracted."""
    with_traces = [file for file in bids if file.traces.properties]
    notes = () if with_traces else ("文件不带属性（纯文本等），未检验作者、标识和保存时间",)
    bidders = len({file.bidder for file in bids})
    tender = {(kind, _plain(kind, value)) for file in sources for kind, value in _values(file)}
    holders: dict[tuple[str, str], dict[ReadFile, str]] = defaultdict(dict)
    for file in with_traces:
        for kind, value in _values(file):
            holders[kind, _plain(kind, value)][file] = value
    found = list(_shared(holders, tender, bidders))
    found += _interleaved(with_traces)
    return Outcome(tuple(_sessions_together(found)), notes)


def _values(file: ReadFile) -> Iterator[tuple[str, str]]:
    for kind, values in file.traces.properties.items():
        if kind in CHECK:
            yield from ((kind, value) for value in values)


def _plain(kind: str, value: str) -> str:
    text = re.sub(r"\s+", " ", value).strip()
    if kind == "path":
        # The folder of one person's computer tells more than the file in it.
        return text.rpartition("\\")[0].lower() or text.lower()
    return text.lower() if kind != "font_subset" else text


def _shared(
    holders: dict[tuple[str, str], dict[ReadFile, str]], tender: set[tuple[str, str]], bidders: int
) -> Iterator[Finding]:
    for (kind, value), files in holders.items():
        subjects = tuple(sorted({file.bidder for file in files}))
        if len(subjects) < 2 or value.upper() in _LIBRARY:
            continue
        default = kind not in UNIQUE and bool(DEFAULTS.match(value))
        from_tender = (kind, value) in tender
        common = len(subjects) > max(3, bidders / 2)
        # A tool's own empty file has sessions and a thumbnail, too: nobody's trace.
        if default or (kind in ("rsid", "thumbnail", "font_subset") and common):
            continue
        tested: dict[str, tuple[State, str]] = {_FROM_TENDER: ("applies" if from_tender else "ruled_out", "")}
        if CHECK[kind] == "M-1":
            tested[_STOP] = ("ruled_out", "")
        evidence = tuple(
            Evidence(file.bidder, file.name, f"{TITLES[kind]} {shown}", place="文件属性", sha256=file.sha256)
            for file, shown in files.items()
        )
        yield Finding(
            CHECK[kind], subjects, f"{TITLES[kind]}：{next(iter(files.values()))}", "hint", evidence,
            exclusions(CHECK[kind], tested), strong=not common,
            weight=-math.log(len(subjects) / (bidders + 1)),
            remark="同样的值在多数投标人的文件中出现" if common else "",
        )  # fmt: skip


def _sessions_together(found: Iterable[Finding]) -> Iterator[Finding]:
    """Editing sessions that the same bidders share are one finding with their number; excluded ones are not shown one by one."""
    sessions: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    label = f"{TITLES['rsid']}："
    for one in found:
        if one.value.startswith(label):
            if not one.excluded:
                sessions[one.subjects].append(one)
        else:
            yield one
    for subjects, many in sessions.items():
        first = many[0]
        shown = "、".join(one.value.removeprefix(label) for one in many[:6])
        evidence = {(e.bidder, e.source): e for one in many for e in one.evidence}
        yield Finding(
            first.check, subjects, f"{label}{len(many)}个（{shown}{'等' if len(many) > 6 else ''}）", "hint",
            tuple(evidence.values()), first.exclusions, strong=True, weight=first.weight + math.log(len(many)),
            remark="同一编辑会话的痕迹说明两份文件出自同一份底稿",
        )  # fmt: skip


def _interleaved(files: Sequence[ReadFile]) -> Iterator[Finding]:
    """M-2: two bidders' files saved within five minutes of one another, again and again, by the same build of a tool."""
    saved: dict[str, list[tuple[datetime, str, ReadFile]]] = defaultdict(list)
    for file in files:
        properties = file.traces.properties
        tool = " ".join(
            value for kind in ("application", "producer", "build") for value in properties.get(kind, ())
        )
        for value in properties.get("modified", ()):
            moment = _moment(value)
            if moment and value.upper() not in _LIBRARY:
                saved[file.bidder].append((moment, tool, file))
    for a, b in combinations(sorted(saved), 2):
        pairs = list(_matched(saved[a], saved[b]))
        if len(pairs) >= OFTEN:
            evidence = tuple(
                Evidence(file.bidder, file.name, f"保存于 {moment.isoformat()}，{tool or '工具不详'}", place="文件属性", sha256=file.sha256)
                for pair in pairs for moment, tool, file in pair
            )  # fmt: skip
            yield Finding(
                "M-2", (a, b), f"{len(pairs)}次保存相隔不到5分钟", "hint", evidence, exclusions("M-2"),
                strong=len(pairs) > OFTEN, threshold=f"同一版本工具，{OFTEN}次以上，相隔不超过5分钟", weight=math.log(len(pairs)),
            )  # fmt: skip


def _matched(
    first: Sequence[tuple[datetime, str, ReadFile]], second: Sequence[tuple[datetime, str, ReadFile]]
) -> Iterator[tuple[tuple[datetime, str, ReadFile], tuple[datetime, str, ReadFile]]]:
    """Pair each saving with the nearest one of the other bidder that is not paired yet."""
    key: Callable[[tuple[datetime, str, ReadFile]], datetime] = lambda one: one[0]  # noqa: E731
    left = sorted(second, key=key)
    for one in sorted(first, key=key):
        near = [other for other in left if other[1] == one[1] and abs(other[0] - one[0]) <= NEAR]
        if near:
            other = min(near, key=lambda other: abs(other[0] - one[0]))
            left.remove(other)
            yield one, other


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
