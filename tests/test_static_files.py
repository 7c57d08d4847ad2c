"""The static files of a real server: each reference leads to a file, and none leads outside."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from django.core.management import call_command

VENDOR = Path(__file__).resolve().parents[1] / "src/wulian/core/ui/static/vendor"


def test_every_file_named_by_a_style_sheet_or_script_is_there(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("vendor/tabler/tabler.min.*.css"))


@pytest.mark.parametrize("path", sorted(VENDOR.rglob("*.css")), ids=lambda path: path.name)
def test_no_vendored_style_sheet_fetches_from_outside(path):
    text = path.read_text(encoding="utf-8")
    assert "@import" not in text
    urls = re.findall(r"url\(['\"]?([^)'\"]+)", text)
    assert [url for url in urls if not url.startswith(("data:", "./", "#"))] == []


def test_the_vendored_files_are_the_ones_listed():
    rows = re.findall(
        r"^\| .*? \| .*? \| .*? \| (\S+) \| (\w{64}) \|$", (VENDOR / "VENDOR.md").read_text(), re.M
    )
    listed = {VENDOR / name: digest for name, digest in rows}
    present = {path for path in VENDOR.rglob("*") if path.is_file() and path.name != "VENDOR.md"}
    assert set(listed) == present
    assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in present} == listed
