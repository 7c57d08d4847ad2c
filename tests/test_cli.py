"""The console script: its own page of help, the analysis without Django, and everything else for the platform."""

from __future__ import annotations

import subprocess
import sys

import pytest

import wulian
from wulian import cli


@pytest.mark.parametrize("arguments", [[], ["--help"], ["help"]])
def test_help_names_the_commands_of_the_house(arguments, capsys):
    assert cli.main(arguments) == 0
    shown = capsys.readouterr().out
    for command in ("import FILE", "flags SOURCE --out FILE", "demo", "audit verify"):
        assert f"\n  {command}" in shown


def test_version_is_the_version_of_the_package(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"wulian {wulian.__version__}\n"


def test_every_command_that_the_help_names_exists():
    from django.core.management import get_commands

    named = {name.split()[0] for name in cli.HOUSE_COMMANDS} - set(cli.TOOLS)
    assert named <= set(get_commands()), f"no such command: {sorted(named - set(get_commands()))}"


@pytest.mark.parametrize("tool", cli.TOOLS)
def test_a_tool_runs_without_django(tool):
    code = (
        "import sys; from wulian.cli import main\n"
        f"try:\n    main(['{tool}', '--help'])\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "loaded = sorted(name for name in sys.modules if name.split('.')[0] == 'django')\n"
        "assert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "usage:" in done.stdout


def test_another_command_is_the_platforms(capfd):
    with pytest.raises(SystemExit):
        cli.main(["migrate", "--help"])
    assert "Updates database schema" in capfd.readouterr().out
