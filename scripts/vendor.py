"""Lay the front-end files of three npm packages into the tree and list them in VENDOR.md.

`python scripts/vendor.py FOLDER_WITH_TGZ` reads what `npm pack` fetched; it downloads nothing itself.
Source maps are left out with the comments that name them, and the icon font keeps its woff2 form only,
because the static file storage refuses a reference to a file that is not there.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/wulian/core/ui/static/vendor"
TABLER_LICENSE = (ROOT / "scripts/licenses/tabler.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Package:
    """One npm package: its folder here and which of its files are taken (source → name here)."""

    archive: str
    folder: str
    files: dict[str, str]
    license: str


PACKAGES = (
    Package(
        "tabler-core-*.tgz",
        "tabler",
        {"dist/css/tabler.min.css": "tabler.min.css", "dist/js/tabler.min.js": "tabler.min.js"},
        "MIT",
    ),
    Package(
        "tabler-icons-webfont-*.tgz",
        "tabler-icons",
        {
            "dist/tabler-icons.min.css": "tabler-icons.min.css",
            "dist/fonts/tabler-icons.woff2": "fonts/tabler-icons.woff2",
            "LICENSE": "LICENSE",
        },
        "MIT",
    ),
    Package(
        "echarts-*.tgz",
        "echarts",
        {
            "dist/echarts.min.js": "echarts.min.js",
            "LICENSE": "LICENSE",
            "NOTICE": "NOTICE",
            "licenses/LICENSE-d3": "LICENSE-d3",
        },
        "Apache-2.0 (parts BSD-3-Clause, see LICENSE-d3)",
    ),
)


def main(folder: Path) -> int:
    """Unpack every package and write VENDOR.md; raises FileNotFoundError when one is missing."""
    rows = []
    for package in PACKAGES:
        archives = sorted(folder.glob(package.archive))
        if len(archives) != 1:
            raise FileNotFoundError(
                f"{folder}: expected exactly one {package.archive}, found {len(archives)}"
            )
        rows += _unpack(package, archives[0])
    _write_list(rows)
    print(f"{len(rows)} files under {TARGET.relative_to(ROOT)}")
    return 0


def _unpack(package: Package, archive: Path) -> list[tuple[str, str, str, str, str]]:
    with tarfile.open(archive) as tar:
        described = json.load(_member(tar, "package.json"))
        contents = {name: _member(tar, source).read() for source, name in package.files.items()}
    contents.setdefault("LICENSE", TABLER_LICENSE.encode())
    rows = []
    for name, content in sorted(contents.items()):
        content = _without_outside_references(name, content)
        path = TARGET / package.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        rows.append(
            (described["name"], described["version"], package.license, f"{package.folder}/{name}", digest)
        )
    return rows


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    member = tar.extractfile(f"package/{name}")
    if member is None:
        raise FileNotFoundError(f"{tar.name!r}: no file {name}")
    return member


def _without_outside_references(name: str, content: bytes) -> bytes:
    if not name.endswith((".css", ".js")):
        return content
    text = content.decode("utf-8")
    text = re.sub(r"\s*(/\*# sourceMappingURL=\S+ \*/|//# sourceMappingURL=\S+)\s*$", "\n", text)
    text = re.sub(r',url\("[^"]+\.(?:woff|ttf)\?[^"]*"\) format\("(?:woff|truetype)"\)', "", text)
    if name.endswith(".css"):
        fetched = [
            url
            for url in re.findall(r"url\(['\"]?([^)'\"]+)", text)
            if not url.startswith(("data:", "#", "./"))
        ]
        if fetched or "@import" in text:
            raise ValueError(f"{name}: fetches from outside: {fetched or '@import'}")
    return text.encode("utf-8")


def _write_list(rows: list[tuple[str, str, str, str, str]]) -> None:
    lines = [
        "# Front-end files from elsewhere",
        "",
        "Written by `scripts/vendor.py`; htmx comes with the Python package django-htmx. Changed against the packages:",
        "comments that name source maps are gone, and the icon style sheet names the woff2 font only.",
        "",
        "| package | version | licence | file | sha256 |",
        "|---|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    (TARGET / "VENDOR.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/vendor.py FOLDER_WITH_TGZ")
    sys.exit(main(Path(sys.argv[1])))
