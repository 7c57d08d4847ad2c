"""What a file tells besides its text: who saved it with what and when, its pictures, and the tables of a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Cell = str | float | None


@dataclass(frozen=True)
class Point:
    """A spot of a picture that a crop keeps: where it is in pixels of the whole picture, at which reduction, what is around it."""

    x: int
    y: int
    level: int
    code: int


@dataclass(frozen=True)
class Picture:
    """A picture in a file: where, its own digest (SHA-256), pixels, and what stays when it is saved anew.

    `whole` and `core` are perceptual hashes of 256 bits, of the picture and of it without its margin; `scan` says that it
    fills its page.
    """

    place: str
    page: int
    sha256: str
    size: int
    width: int
    height: int
    whole: int
    core: int
    scan: bool = False
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Traces:
    """Properties by kind, each with its values (`author`, `rsid`, `document_id`, …), and the pictures of a file."""

    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook, or the records of an XML file: rows of cells."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def traces_to_json(traces: Traces) -> dict[str, Any]:
    """Return plain data that `traces_from_json` reads back; hashes as hexadecimal digits."""
    return {
        "properties": {kind: list(values) for kind, values in traces.properties.items()},
        "pictures": [
            {
                **{name: value for name, value in vars(picture).items() if name not in ("points",)},
                "whole": f"{picture.whole:064x}",
                "core": f"{picture.core:064x}",
                "points": [[point.x, point.y, point.level, f"{point.code:016x}"] for point in picture.points],
            }
            for picture in traces.pictures
        ],
        "notes": list(traces.notes),
    }


def traces_from_json(data: Mapping[str, Any]) -> Traces:
    """Build the traces that `traces_to_json` wrote."""
    return Traces(
        {kind: tuple(values) for kind, values in data["properties"].items()},
        tuple(
            Picture(
                **{
                    **picture,
                    "whole": int(picture["whole"], 16),
                    "core": int(picture["core"], 16),
                    "points": tuple(
                        Point(x, y, level, int(code, 16)) for x, y, level, code in picture["points"]
                    ),
                }
            )
            for picture in data["pictures"]
        ),
        tuple(data["notes"]),
    )
