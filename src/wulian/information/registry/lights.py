"""Seven lights for each dossier: how far it is, and what higher rooms found at a node."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wulian.information.registry.stages import STAGES, Stage

Severities = Mapping[int, Mapping[str, str]]
Provider = Callable[[list[int]], Severities]
_PROVIDERS: list[Provider] = []
_ORDER = ("red", "orange", "yellow")


@dataclass(frozen=True)
class Light:
    """One light: its stage and its colour (grey not reached, blue under way, green passed, or an alert's)."""

    stage: Stage
    colour: str

    @property
    def title(self) -> str:
        return self.stage.title


def register(provider: Provider) -> None:
    """Add ``provider(project_ids) -> {project_id: {node code: "red" | "orange" | "yellow"}}`` of a higher room."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def severities(project_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """The worst open finding at each node of each project, from all providers; one call a provider."""
    ids = list(project_ids)
    found: dict[int, dict[str, str]] = {}
    for provider in _PROVIDERS if ids else ():
        for project_id, nodes in provider(ids).items():
            for node, colour in nodes.items():
                worst = found.setdefault(project_id, {})
                worst[node] = min(colour, worst.get(node, colour), key=_rank)
    return found


def _rank(colour: str) -> int:
    return _ORDER.index(colour) if colour in _ORDER else len(_ORDER)


def lights(stage_node: str, found: Mapping[str, str]) -> list[Light]:
    """The seven lights of a project whose furthest node is ``stage_node`` and whose findings are ``found``."""
    result = []
    for stage in STAGES:
        colours = sorted((found[node] for node in stage.nodes if node in found), key=_rank)
        if colours and colours[0] in _ORDER:
            colour = colours[0]
        elif not stage_node or stage_node < stage.first:
            colour = "grey"
        else:
            colour = "blue" if stage.holds(stage_node) and stage_node != "N18" else "green"
        result.append(Light(stage, colour))
    return result
