"""The organisations of a release, each once, under the key its rows refer to."""

from __future__ import annotations

import re
from typing import Any

from stdnum.cn import uscc as uscc_rule

from wulian.exchange.keys import fit_key
from wulian.exchange.ocds.node import Node
from wulian.exchange.values import clean_text, cut

USCC_SCHEMES = {"CN-USCC", "CN-USCI", "USCC", "CN-SAIC", "统一社会信用代码"}
_REGION = re.compile(r"\d{6}(?:\d{3}){0,2}")
_AGENT_ROLES = {"procurementagency", "agency", "agent", "biddingagency"}


class Parties:
    """Collects parties: those of ``parties`` first, then whoever is named elsewhere only."""

    def __init__(self, release: Node) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self._by_name: dict[str, str] = {}
        self._roles: dict[str, list[str]] = {}
        for node in release.nodes("parties"):
            key = self.key_of(node)
            if key:
                for role in node.texts("roles"):
                    self._roles.setdefault(re.sub(r"[^a-z]", "", role.lower()), []).append(key)

    def with_role(self, *roles: str) -> str | None:
        """The first party of ``parties`` with one of the roles."""
        return next((key for role in roles for key in self._roles.get(role, ())), None)

    def agency(self) -> str | None:
        return self.with_role(*_AGENT_ROLES)

    def name_of(self, key: str | None) -> str:
        return self.records[key]["name"] if key else ""

    def key_of(self, node: Node) -> str | None:
        """The key of the organisation that ``node`` names, entered when it is new; None when it names none."""
        value = node.value
        if not value:
            return None
        identifier = value.get("identifier")
        if not isinstance(identifier, dict):
            identifier = {}
        name = _name(value, identifier)
        given = clean_text(value.get("id"))
        number = clean_text(identifier.get("id"))
        if given:
            key = fit_key(given)
        elif name and name in self._by_name:
            return self._by_name[name]
        elif number:
            scheme = clean_text(identifier.get("scheme"))
            key = fit_key(f"{scheme}-{number}" if scheme else number)
        elif name:
            key = fit_key(f"name:{name}")
        else:
            return None
        known = self.records.get(key)
        if known is None:
            self.records[key] = _record(key, name or given or number, node, identifier)
        elif name and known["name"] == given:
            known["name"] = cut(name, 300)
        if name:
            self._by_name.setdefault(name, key)
        return key

    def keys_of(self, nodes: list[Node]) -> list[str]:
        """The keys of several organisations, each once, in order."""
        return list(dict.fromkeys(key for node in nodes if (key := self.key_of(node))))


def _name(value: dict[str, Any], identifier: dict[str, Any]) -> str:
    for holder, word in ((value, "name"), (identifier, "legalName")):
        if text := clean_text(holder.get(word)):
            return text
    for holder, word in ((value, "name"), (identifier, "legalName")):
        for key, found in holder.items():
            if key.startswith(word) and (text := clean_text(found)):
                return text
    return ""


def _record(key: str, name: str, node: Node, identifier: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"id": key, "name": cut(name, 300)}
    uscc, scheme, number = _identify(key, node, identifier)
    if uscc:
        record["uscc"] = uscc
    if scheme and number:
        record["scheme"], record["scheme_id"] = cut(scheme, 128), cut(number, 200)
    scale = node.node("details").text("scale").lower()
    if scale in {"micro", "sme", "small", "medium", "large"}:
        record["is_sme"] = scale != "large"
    address = node.node("address")
    region = address.text("region")
    if _REGION.fullmatch(region):
        record["region_code"] = region
    parts = [address.text(k) for k in ("countryName", "region", "locality", "streetAddress", "postalCode")]
    if whole := " ".join(part for part in parts if part):
        record["address"] = cut(whole, 1000)
    contact = node.node("contactPoint")
    for field, keys in (("phone", ("telephone", "mobile")), ("email", ("email",))):
        if text := contact.text(*keys):
            record[field] = cut(text, 200)
    return record


def _identify(key: str, node: Node, identifier: dict[str, Any]) -> tuple[str, str, str]:
    """The credit code when one is valid, and the main identifier's scheme and number otherwise."""
    pairs = [(clean_text(identifier.get("scheme")), clean_text(identifier.get("id")))]
    pairs += [(extra.text("scheme"), extra.text("id")) for extra in node.nodes("additionalIdentifiers")]
    pairs.append(("", key.removeprefix("CN-USCC-").removeprefix("CN-USCI-")))
    for scheme, number in pairs:
        if (
            (not scheme or scheme.upper() in USCC_SCHEMES)
            and len(number) == 18
            and uscc_rule.is_valid(number)
        ):
            return number.upper(), "", ""
    return "", *pairs[0]
