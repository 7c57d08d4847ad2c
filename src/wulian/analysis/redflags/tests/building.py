"""Builds the dossiers of a case: one of `wulian.analysis.flags.examples` each, all of one market.

A case lists `dossiers`, or is itself one. In a dossier ``times: 3`` makes three; a text that begins with ``=`` is computed, with
`n` from 1 and `day(k)`, k days after the first of January 2026; ``bidders: 6`` lets firms A to F bid; ``each.<field>`` sets a field of
all those bids, ``firms.<field>`` of the firms; ``scores.<item>`` and ``objective.<item>`` are members × bids; ``winners`` makes one lot
a winner; ``more`` are further tenders of the project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from wulian.analysis.flags.examples.building import FIRMS, _Builder
from wulian.exchange.records import DossierRecord

MORE_FIRMS = {
    "F": "宜昌三峡建筑安装有限公司",
    "G": "荆门宏图市政工程有限公司",
    "H": "孝感众诚建设工程有限公司",
    "I": "黄冈大别山路桥有限公司",
    "J": "武汉江城园林建设有限公司",
}
ALL_FIRMS = "ABCDEFGHIJ"
SPECIAL = (
    "expect",
    "of",
    "times",
    "bidders",
    "each",
    "firms",
    "scores",
    "objective",
    "winners",
    "more",
    "weight",
)


def day(number: float) -> str:
    """Half past nine, `number` days after the first of January 2026."""
    return (datetime(2026, 1, 1, 9, 30) + timedelta(days=number)).isoformat(sep=" ")


class Builder(_Builder):
    """A builder with ten firms and several owners and agencies, whose fields a case may set."""

    def __init__(self, source_id: str) -> None:
        super().__init__(source_id)
        others = {f"{kind}{n}": f"随州市第{n}{name}" for kind, name in KINDS.items() for n in range(2, 8)}
        for key, name in {**MORE_FIRMS, **others}.items():
            self.parties[key] = {"id": key, "name": name}

    def build(self, fields: Mapping[str, Any]) -> DossierRecord:
        rest = {}
        for path, value in fields.items():
            entity, _dot, name = path.partition(".")
            if entity in self.parties:
                self.parties[entity][name] = value
            else:
                rest[path] = value
        return super().build(rest)


KINDS = {"entity": "建设管理局", "agency": "招标代理公司"}


def dossiers(case: str, given: Mapping[str, Any]) -> Iterator[DossierRecord]:
    """Yield the dossiers of one case, numbered from 0; the parties are those of one source system."""
    number = 0
    for entry in given.get("dossiers", [given]):
        for n in range(1, entry.get("times", 1) + 1):
            fields = {path: _value(value, n) for path, value in entry.items()}
            yield _dossier(f"{case}/{number}", fields).model_copy(update={"source_system": case})
            number += 1


def _value(value: Any, n: int) -> Any:
    if isinstance(value, str) and value.startswith("="):
        return eval(value[1:], {"n": n, "day": day})
    return value


def _dossier(source_id: str, fields: Mapping[str, Any]) -> DossierRecord:
    plain = {p: v for p, v in fields.items() if p.partition(".")[0] not in SPECIAL}
    made = Builder(source_id).build({**_macros(fields), **plain})
    project = made.project
    for place, winner in enumerate(fields.get("winners", ())):
        lot = project.tenders[0].lots[0].model_copy(deep=True, update={"id": f"L{place}"})
        lot.awards = [award.model_copy(update={"supplier": winner}) for award in lot.awards] if winner else []
        project.tenders[0].lots.append(lot)
    if "winners" in fields:
        del project.tenders[0].lots[0]
    for place, more in enumerate(fields.get("more", ()), 2):
        tender = Builder(source_id).build({p: _value(v, place) for p, v in more.items()}).project.tenders[0]
        project.tenders.append(tender.model_copy(update={"id": f"T{place}"}))
    return made


def _macros(fields: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    count = fields.get("bidders", 0)
    for place, firm in enumerate(ALL_FIRMS[:count], 1):
        made[f"{_numbered('bid', place)}.tenderer"] = firm
        for path, value in fields.items():
            group, _dot, name = path.partition(".")
            if group == "each":
                made[f"{_numbered('bid', place)}.{name}"] = value
            elif group == "firms":
                made[f"{firm}.{name}"] = value
    for path, value in fields.items():
        group, _dot, item = path.partition(".")
        if group in ("scores", "objective"):
            made |= _scores(item, value, fields.get("weight"), objective=group == "objective")
    return made


def _scores(item: str, matrix: list[list[Any]], weight: Any, *, objective: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for row, given in enumerate(matrix, 1):
        for place, score in enumerate(given, 1):
            entity = f"score{row}{place}{int(objective)}"
            made |= {
                f"{entity}.member": _numbered("member", row), f"{entity}.bid": _numbered("bid", place),
                f"{entity}.item": item, f"{entity}.score": score, f"{entity}.objective": objective,
                f"{entity}.weight": weight,
            }  # fmt: skip
    return made


def _numbered(entity: str, number: int) -> str:
    return entity if number == 1 else f"{entity}{number}"


assert len(FIRMS) + len(MORE_FIRMS) == len(ALL_FIRMS)
