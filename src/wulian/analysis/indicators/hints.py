"""The indicators as entries of the catalogue of hints, and their run over the analysis tables of a city.

The indicators themselves are those of `catalogue`: same codes, definitions and defaults, so that a city can be compared with
others. What concerns a process is a hint of its lot; what only compares organisations (R025, R038, R048) is one of the party.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import orjson
import pyarrow as pa
import yaml
from pydantic import Field

from wulian.analysis.flags.hits import HIT_SCHEMA
from wulian.analysis.indicators.catalogue import BY_CODE, GROUP_TITLES, GROUPS, Indicator, Option
from wulian.analysis.indicators.dossiers import Release, releases
from wulian.analysis.indicators.judging import engine_for, judge
from wulian.analysis.indicators.settings import Settings, parse_settings
from wulian.analysis.indicators.store import Store
from wulian.analysis.redflags import all_red_flags
from wulian.analysis.redflags.models import RedFlag
from wulian.law.rules import Parameter

CURRENCY = "CNY"
PARTY_CODES = frozenset({"R025", "R038", "R048"})
"""Indicators of organisations; the others are indicators of a process."""
GROUP = "公开指标（Cardinal）"
_SHAPES: Mapping[str, Literal["whole", "number", "words"]] = {
    "whole": "whole", "ratio": "number", "texts": "words", "days": "words",
}  # fmt: skip
_DAYS = frozenset(
    option.name for item in BY_CODE.values() for option in item.options if option.kind == "days"
)
_DAYS_MARK = "="
_MARKS = str.maketrans("＝：:", "===")


class PublicIndicator(RedFlag):
    """An indicator under its public code, with the options of the public definition as parameters.

    Delivered with the public defaults; once a value is changed, its numbers are no longer those of other cities.
    """

    id: str = Field(pattern=r"^R\d{3}$")
    group: Literal["public"] = "public"  # type: ignore[assignment]
    reads: list[str] = Field(min_length=1, description="OCDS fields")
    definition: str = Field(min_length=4, description="the definition as it was published, in English")
    default: str = ""

    def options(self) -> dict[str, Any]:
        """Return what is set, as a settings file has it; what is empty is left to the public default."""
        given = {item.name: _option(item.name, item.value) for item in self.parameters}
        return {name: value for name, value in given.items() if value is not None}

    def check(self) -> None:
        """Raise ValueError, naming the indicator, for a value that its option cannot take."""
        try:
            parse_settings({self.id: self.options()})
        except ValueError as error:
            raise ValueError(f"indicator {self.id}: {error}") from None


def _option(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    if name in _DAYS:
        pairs = (text.translate(_MARKS).partition(_DAYS_MARK) for text in value)
        return {method.strip(): _days(days.strip()) for method, _mark, days in pairs}
    return "".join(f"{text}|" for text in value)


def _days(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _parameter(option: Option) -> Parameter:
    """Return an option as a parameter that legal review edits; texts and days by method as a list of words."""
    shape, note, value = _SHAPES[option.kind], option.title, option.default
    if option.kind == "days":
        note = f"{note}，写作“采购方式{_DAYS_MARK}天数”"
    # A number with a default has to be there; the others may be left empty.
    stated = shape if shape == "words" or value is None else ""
    return Parameter(
        name=option.name,
        value=list(value) if shape == "words" else value,
        confidence="E",
        note=note,
        shape=stated,
    )


@cache
def public_indicators() -> tuple[PublicIndicator, ...]:
    """Return every indicator as a hint, ordered by code."""
    told: dict[str, dict[str, Any]] = yaml.safe_load(
        files("wulian.analysis.indicators").joinpath("hints.yaml").read_text(encoding="utf-8")
    )
    return tuple(_entry(indicator, told[indicator.code]) for indicator in BY_CODE.values())


def _entry(indicator: Indicator, told: Mapping[str, Any]) -> PublicIndicator:
    of_party = indicator.code in PARTY_CODES
    shown = ["party.name"] if of_party else ["project.name", "lot.name"]
    return PublicIndicator(
        id=indicator.code,
        title=indicator.title,
        node=told["node"],
        severity="蓝",
        automation="ST",
        subject="party" if of_party else "lot",
        across=True,
        sources=[f"OCP {indicator.code}"],
        meaning=indicator.definition,
        method=f"公开的默认界限：{indicator.default}。所示数值：{indicator.value.partition('；')[0]}。"
        + ("界限经修订后，结果不再与采用默认值的其他城市可比。" if indicator.options else ""),
        insufficient=told["insufficient"],
        exclusions=told["exclusions"],
        next_steps=told["next_steps"],
        evidence=[*shown, *told["evidence"]],
        parameters=[_parameter(option) for option in indicator.options],
        reads=list(indicator.fields),
        definition=indicator.definition_en,
        default=indicator.default,
    )


@cache
def twins() -> Mapping[str, str]:
    """Return by indicator the one red flag that states the same of the same kind of subject: together they are one fact."""
    found = {}
    for item in public_indicators():
        same = [
            flag.id
            for flag in all_red_flags()
            if item.sources[0] in flag.sources and flag.subject == item.subject
        ]
        if len(same) == 1:
            found[item.id] = same[0]
    return found


@dataclass
class Found:
    """The hits of one indicator in the shape of HIT_SCHEMA, and how many of its subjects lacked data."""

    hits: pa.Table
    insufficient: int


def judge_dossiers(
    tables: Mapping[str, pa.Table], indicators: Iterable[PublicIndicator], *, as_of: date
) -> dict[str, Found]:
    """Judge these indicators over the tables of all dossiers; amounts in yuan only.

    They look at the market as it stands: of several versions of one indicator, the one of the day `as_of` is judged.
    """
    chosen = {item.id: item for item in indicators if item.applies_on(as_of)}
    if not chosen:
        return {}
    settings = parse_settings(
        {"currency": CURRENCY, **{code: item.options() for code, item in chosen.items()}}
    )
    listed = list(releases(tables))
    with Store() as store:
        store.fill(map(orjson.dumps, listed))
        findings = judge(store, settings, engine_for(store))
        keys = [
            (f"R{number:03}", GROUPS[group], key, value)
            for number, group, key, value in zip(
                findings.indicator.tolist(), findings.group.tolist(), findings.key.tolist(),
                findings.value.tolist(), strict=True,
            )
        ]  # fmt: skip
        names = {kind: store.names(kind, _all(store, kind)) for kind in ("ocids", "organisations")}
    teller = _Teller(tables, listed, findings.rounded_meta(), as_of)
    rows: dict[str, dict[str, dict[str, Any]]] = {code: {} for code in chosen}
    for code, group, key, value in keys:
        of_party = code in PARTY_CODES
        # Where everybody supplies one class, the fence is one class too; one class is not a mixture.
        if of_party != (group == "OCID") and not (code == "R048" and value <= 1):
            name = names["organisations" if of_party else "ocids"][key]
            row = teller.row(chosen[code], name, value, GROUP_TITLES[group])
            # One firm may be judged in two places, as buyer and as tenderer: the graver value stands.
            known = rows[code].get(name)
            if known is None or known["value"] < value:
                rows[code][name] = row
    lacking = _Lacking(listed, findings.meta, settings)
    return {
        code: Found(
            pa.Table.from_pylist([found[name] for name in sorted(found)], schema=HIT_SCHEMA), lacking.of(code)
        )
        for code, found in rows.items()
    }


def _all(store: Store, kind: str) -> Any:
    return range(store.connection.table(kind).count("*").fetchall()[0][0])


class _Teller:
    """Puts together what a hit says of a lot or a party."""

    def __init__(
        self, tables: Mapping[str, pa.Table], listed: Sequence[Release], meta: Mapping[str, Any], as_of: date
    ) -> None:
        self.lots = _by_id(tables["lots"], "name", "tender_id")
        self.tenders = _by_id(tables["tenders"], "project_id")
        self.projects = _by_id(tables["projects"], "name")
        self.parties = _by_id(tables["parties"], "name")
        self.releases = {release["ocid"]: release for release in listed}
        self.meta, self.as_of = meta, as_of

    def row(self, item: PublicIndicator, name: str, value: float, group: str) -> dict[str, Any]:
        """Return a hit on the lot or party of that name."""
        lot = self.lots.get(name, {}) if item.subject == "lot" else {}
        facts = self._lot_facts(name, lot) if lot else {**self._party_facts(name), "indicator.group": group}
        fences = self.meta.get(item.id, {})
        shown = {path: facts.get(path) for path in item.evidence}
        shown |= {f"indicator.{key}": number for key, number in fences.items() if number is not None}
        ids = (
            {"project_id": self._project_id(lot), "tender_id": lot["tender_id"], "lot_id": name}
            if lot
            else {}
        )
        return {
            "rule": item.id,
            "subject_kind": item.subject,
            "subject_id": name,
            "severity": item.severity,
            "value": value,
            "threshold": _limit(item, fences),
            "evidence": json.dumps({**shown, **ids}, ensure_ascii=False),
            "title": item.title,
            "rule_version": item.version,
            "conduct_date": self.as_of,
            "project_id": ids.get("project_id"),
            "tender_id": ids.get("tender_id"),
            "lot_id": ids.get("lot_id"),
        }

    def _project_id(self, lot: Mapping[str, Any]) -> str:
        return str(self.tenders.get(lot["tender_id"], {}).get("project_id", ""))

    def _party_facts(self, name: str) -> dict[str, Any]:
        return {"party.name": self.parties.get(name, {}).get("name") or name}

    def _lot_facts(self, name: str, lot: Mapping[str, Any]) -> dict[str, Any]:
        release = self.releases[name]
        tender, bids = release["tender"], release["bids"]["details"]
        states = [bid["status"] for bid in bids]
        amounts = [bid["value"]["amount"] for bid in bids if bid["value"]["amount"] is not None]
        return {
            "project.name": self.projects.get(self._project_id(lot), {}).get("name"),
            "lot.name": lot["name"],
            "documents.issued_at": tender["tenderPeriod"]["startDate"],
            "documents.deadline_at": tender["tenderPeriod"]["endDate"],
            "bids.competing": tender["numberOfTenderers"],
            "bids.valid": states.count("valid"),
            "bids.disqualified": states.count("disqualified"),
            "bids.priced": len(amounts),
            "bids.lowest": min(amounts, default=None),
        }


def _limit(item: PublicIndicator, fences: Mapping[str, float | None]) -> float | None:
    """Return the limit a value is held against: the set one, else the fence of the data where there is just one."""
    if (fixed := getattr(item.values, "threshold", None)) is not None:
        return float(fixed)
    found = [fences[name] for name in ("lower_fence", "upper_fence") if fences.get(name) is not None]
    return found[0] if found else None


def _by_id(table: pa.Table, *columns: str) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in table.select(["id", *columns]).to_pylist()}


class _Lacking:
    """Counts the lots or parties that an indicator cannot judge."""

    def __init__(
        self, listed: Sequence[Release], meta: Mapping[str, Mapping[str, float]], settings: Settings
    ) -> None:
        self.releases = [release for release in listed if release["tender"]["status"] != "cancelled"]
        self.meta, self.settings = meta, settings

    def of(self, code: str) -> int:
        """Return how many subjects of an indicator lack the data to decide it."""
        if code in PARTY_CODES:
            return {"R025": self._undecided, "R038": self._few_bids, "R048": self._few_processes}[code]()
        if code in ("R024", "R058") and not self._has_fence(code):
            return len(self.releases)
        return sum(_cannot_tell(code, release) for release in self.releases)

    def _has_fence(self, code: str) -> bool:
        fences = self.meta.get(code, {})
        limit = fences.get("lower_fence" if code == "R024" else "upper_fence", float("nan"))
        if self.settings.option(code, "threshold") is not None:
            return limit > 0
        return limit > 0 and (code == "R058" or fences.get("q1", float("nan")) > 0)

    def _undecided(self) -> int:
        decided, seen = set(), set()
        for release in self.releases:
            parties = _tenderers_of(release)
            seen |= parties
            if _active(release):
                decided |= parties
        return len(seen - decided)

    def _few_bids(self) -> int:
        """Tenderers with fewer submitted bids than the indicator asks for."""
        least = self.settings.option("R038", "minimum_submitted_bids")
        return sum(number < least for number in _count(map(_tenderers_of, self.releases)).values())

    def _few_processes(self) -> int:
        least = self.settings.option("R048", "minimum_contracting_processes")
        won = (
            {item["id"] for award in _active(release) for item in award["suppliers"]}
            for release in self.releases
        )
        return sum(number < least for number in _count(won).values())


def _count(sets: Iterable[set[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for names in sets:
        for name in names:
            found[name] = found.get(name, 0) + 1
    return found


def _tenderers_of(release: Release) -> set[str]:
    return {item["id"] for bid in _submitted(release) for item in bid["tenderers"]}


def _submitted(release: Release) -> list[Release]:
    return [bid for bid in release["bids"]["details"] if bid["status"] != "withdrawn"]


def _active(release: Release) -> list[Release]:
    return [award for award in release["awards"] if award["status"] == "active"]


def _cannot_tell(code: str, release: Release) -> bool:
    tender, bids, awards = release["tender"], _submitted(release), _active(release)
    priced = [bid for bid in bids if bid["value"]["amount"] is not None]
    winners = {item["id"] for award in awards for item in award["suppliers"]}
    match code:
        case "R003":
            return None in tender["tenderPeriod"].values()
        case "R018":
            return tender["numberOfTenderers"] is None or not tender["procurementMethod"]
        case "R028":
            return len(priced) < 2
        case "R030":
            dated = [
                bid for bid in bids if bid["date"] and winners & {item["id"] for item in bid["tenderers"]}
            ]
            return not dated or tender["tenderPeriod"]["endDate"] is None
        case "R035":
            return len(winners) != 1
        case "R036":
            return not awards or not priced
    valid = [bid for bid in priced if bid["status"] == "valid"]
    return not winners or len(valid) < 2
