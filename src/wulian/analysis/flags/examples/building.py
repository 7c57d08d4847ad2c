"""Builds small dossiers from field paths: ``{"tender.must_tender": true, "bid2.price": 98}`` → DossierRecord.

``bid``, ``bid2``, ``bid3`` are different bids (tenderers A, B, C); the same goes for every entity that can repeat.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wulian.exchange.records import DossierRecord

FIRMS = {
    "A": "随州市曾都建筑工程有限公司",
    "B": "湖北楚天路桥建设有限公司",
    "C": "广水市宏远市政工程有限公司",
    "D": "随县神农水利水电工程有限公司",
    "E": "襄阳汉江建设集团有限公司",
}
OTHERS = {
    "owner": "随州市城市投资集团有限公司",
    "entity": "随州市住房和城市更新局",
    "agency": "湖北正信招标代理有限公司",
}
PARTNER = "随州市鼎盛劳务有限公司"
# Entity of a path → (holder, attribute, what it starts with).
LISTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "documents": ("lot", "documents", {"kind": "tender"}),
    "prequalification": ("lot", "documents", {"kind": "prequalification"}),
    "announcement": ("lot", "notices", {"kind": "tender", "title": "招标公告"}),
    "publicity": ("lot", "notices", {"kind": "candidates", "title": "中标候选人公示"}),
    "result": ("lot", "notices", {"kind": "award", "title": "中标结果公告"}),
    "termination": ("lot", "notices", {"kind": "termination", "title": "终止公告"}),
    "contract_notice": ("lot", "notices", {"kind": "contract", "title": "合同公告"}),
    "clarification": ("lot", "clarifications", {"kind": "tender"}),
    "objection": ("lot", "objections", {"target": "bidding_documents"}),
    "bid": ("lot", "bids", {}),
    "candidate": ("lot", "candidates", {}),
    "award": ("lot", "awards", {"status": "active"}),
    "contract": ("lot", "contracts", {}),
    "member": ("evaluation", "members", {"name": "王建国"}),
    "score": ("evaluation", "scores", {}),
    "amendment": ("contract", "amendments", {}),
    "implementation": ("contract", "implementation", {"kind": "other"}),
    "node": ("project", "nodes", {"code": "N08"}),
}
SINGLES: dict[str, tuple[str, dict[str, Any]]] = {
    "opening": ("lot", {}),
    "evaluation": ("lot", {}),
    "acceptance": ("contract", {}),
}
PARTIES = {
    "owner": "owner",
    "entity": "entity",
    "agency": "agency",
    "supplier": "A",
    "tenderer": "A",
    "tenderer2": "B",
    "partner": "partner",
}


def party_name(key: Any) -> Any:
    """Return the name of a party by its key in the examples, anything else as it is."""
    return {**FIRMS, **OTHERS, "partner": PARTNER}.get(key, key) if isinstance(key, str) else key


def dossier(source_id: str, fields: Mapping[str, Any]) -> DossierRecord:
    """Build one dossier that holds exactly what `fields` say, and names."""
    return _Builder(source_id).build(fields)


class _Builder:
    def __init__(self, source_id: str) -> None:
        lot = {"id": "L", "name": "施工一标段"}
        tender = {
            "id": "T",
            "name": "随州市老旧小区改造工程施工招标",
            "procuring_entity": "entity",
            "lots": [lot],
        }
        project = {"id": "P", "name": "随州市老旧小区改造工程", "owner": "owner", "tenders": [tender]}
        self.made: dict[str, dict[str, Any]] = {"project": project, "tender": tender, "lot": lot}
        self.parties = {key: {"id": key, "name": name} for key, name in {**FIRMS, **OTHERS}.items()}
        self.parties["partner"] = {"id": "partner", "name": PARTNER}
        self.source_id = source_id

    def build(self, fields: Mapping[str, Any]) -> DossierRecord:
        for path, value in fields.items():
            entity, _dot, name = path.partition(".")
            if entity == "members":
                self._members(name, value)
            elif entity in PARTIES:
                self.parties[PARTIES[entity]][name] = value
            else:
                self._entity(entity)[name] = value
        data = {
            # Parties are one across a source system; each case has firms of its own.
            "source_system": self.source_id,
            "source_id": self.source_id,
            "parties": list(self.parties.values()),
            "project": self.made["project"],
        }
        return DossierRecord.model_validate(data)

    def _members(self, kind: str, count: int) -> None:
        evaluation = self._entity("evaluation").setdefault("members", [])
        for number in range(count):
            name = f"{'专家' if kind == 'expert' else '招标人代表'}{number + 1}"
            evaluation.append({"id": f"{kind}{number}", "name": name, "kind": kind})

    def _entity(self, entity: str) -> dict[str, Any]:
        if entity in self.made:
            return self.made[entity]
        match = re.fullmatch(r"([a-z_]+?)(\d*)", entity)
        assert match, entity
        kind, number = match[1], int(match[2] or 1)
        if kind in SINGLES:
            holder, start = SINGLES[kind]
            made = {"id": entity, **start}
            self._entity(holder)[kind] = made
        else:
            holder, attribute, start = LISTS[kind]
            made = {"id": entity, **start, **_numbered(kind, number)}
            self._entity(holder).setdefault(attribute, []).append(made)
        self.made[entity] = made
        return made


def _numbered(kind: str, number: int) -> dict[str, Any]:
    firm = list(FIRMS)[(number - 1) % len(FIRMS)]
    if kind == "bid":
        return {"tenderer": firm}
    if kind == "candidate":
        return {"tenderer": firm, "rank": number}
    if kind == "award":
        return {"supplier": firm}
    if kind == "implementation":
        return {"party": "partner"}
    return {}
