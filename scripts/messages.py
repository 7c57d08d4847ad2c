"""Message catalogues without GNU gettext: one zh_Hans catalogue per app.

update   gather the texts of code and templates into every catalogue, or only into those of the apps named
check    name each text without translation, and each that two apps translate differently; exit code 1 then
compile  write the .mo files the running site reads
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "wulian"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HEADER = {
    "Project-Id-Version": "wulian",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# Function → positions of (context, singular, plural) among its arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}


@dataclass(frozen=True, order=True)
class Text:
    """One source text: what a catalogue is asked for, and the file that asks."""

    msgid: str
    plural: str = ""
    context: str | None = None
    file: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[str | None, str]:
        """What makes two texts the same entry."""
        return (self.context, self.msgid)


def texts_of_python(source: str, file: str = "") -> Iterator[Text]:
    """Every text that Python code gives to a gettext function imported from Django."""
    tree = ast.parse(source)
    names = _names_of_gettext(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.value.id == "translation"
        ):
            function = called.attr
        else:
            function = names.get(called.id, "") if isinstance(called, ast.Name) else ""
        if function not in FUNCTIONS:
            continue
        arguments = [a.value if isinstance(a, ast.Constant) else a for a in node.args]
        if any(isinstance(argument, ast.JoinedStr) for argument in arguments):
            raise ValueError(
                f"{file}:{node.lineno}: {function}() is given an f-string, which no catalogue can hold"
            )
        text = _text(function, arguments, file)
        if text:
            yield text


def texts_of_template(source: str, file: str = "") -> Iterator[Text]:
    """Every text of a Django template: translate, blocktranslate and _("...")."""
    from django.utils.translation.template import templatize

    literal = r"\s*u?(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*(?:,|(?=\)))"
    code = templatize(source)
    for call in re.finditer(r"\b(_|n?p?gettext)\(", code):
        position, arguments = call.end(), []
        while found := re.compile(literal).match(code, position):
            arguments.append(ast.literal_eval(found[1]))
            position = found.end()
        text = _text("gettext" if call[1] == "_" else call[1], arguments, file)
        if text:
            yield text


def apps() -> dict[Path, list[Text]]:
    """Every app folder that has texts, with them in the order of files and lines."""
    found: dict[Path, dict[tuple[str | None, str], Text]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if not path.is_file() or {"tests", "migrations", "static", "__pycache__"} & set(path.parts):
            continue
        file = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py":
            texts = texts_of_python(path.read_text(encoding="utf-8"), file)
        elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
            texts = texts_of_template(path.read_text(encoding="utf-8"), file)
        else:
            continue
        for text in texts:
            entries = found.setdefault(_app_of(path), {})
            known = entries.get(text.key)
            # gettext and ngettext may share a msgid; the entry with the plural serves both.
            if known is None or (text.plural and not known.plural):
                entries[text.key] = text
    return {app: list(entries.values()) for app, entries in found.items()}


def update(names: Iterable[str] = ()) -> int:
    """Write the catalogues anew, all or those of the named apps: translations stay, new texts come in empty,
    unused ones go; returns 2 for a name that no app has."""
    wanted, only = apps(), set(names)
    everyone = {*wanted, *(path.parents[3] for path in _catalogues())}
    if unknown := only - {_name(app) for app in everyone}:
        print(f"no app with texts is called {', '.join(sorted(unknown))}; expected a name like wulian.portal")
        return 2
    for app in sorted(everyone):
        if only and _name(app) not in only:
            continue
        path = app / CATALOGUE
        texts = wanted.get(app, [])
        if not texts:
            path.unlink()
            print(f"{_name(app)}: no texts any more, catalogue removed")
            continue
        old = _read(path)
        new = polib.POFile(wrapwidth=110)
        new.metadata = dict(HEADER)
        new.extend(_entry(text, old.get(text.key)) for text in texts)
        content = str(new) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            print(f"{_name(app)}: {len(texts)} texts")
    return 0


def problems() -> list[str]:
    """One line for each text that is missing, fuzzy or untranslated, or whose placeholders differ."""
    found = []
    for app, texts in sorted(apps().items()):
        old = _read(app / CATALOGUE)
        for text in texts:
            problem = _problem(text, old.get(text.key))
            if problem:
                found.append(f"{_name(app)}: {problem}: {text.msgid!r} ({text.file})")
    return found + conflicts()


def conflicts() -> list[str]:
    """One line for each text that two catalogues translate differently.

    Django has one namespace for all apps: the first app of INSTALLED_APPS wins everywhere, so the other would show
    words that were not meant for it. A context (pgettext) or another English text keeps two meanings apart.
    """
    held: dict[tuple[str | None, str], dict[str, str]] = {}
    for path in _catalogues():
        for key, entry in _read(path).items():
            translation = entry.msgstr or entry.msgstr_plural.get(0, "")
            if translation:
                held.setdefault(key, {}).setdefault(translation, _name(path.parents[3]))
    return [
        f"{msgid!r}{f' (context {context!r})' if context else ''} has {len(found)} translations: "
        + ", ".join(f"{translation} in {name}" for translation, name in found.items())
        for (context, msgid), found in sorted(held.items(), key=lambda item: (item[0][1], item[0][0] or ""))
        if len(found) > 1
    ]


def check() -> int:
    """Print every problem; returns 1 when there is one."""
    found = problems()
    for line in found:
        print(line)
    print(f"catalogues: {len(found)} to mend" if found else "catalogues: complete")
    return 1 if found else 0


def compile_catalogues(quiet: bool = False) -> int:
    """Write each .mo that is older than its .po."""
    written = 0
    for path in _catalogues():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        polib.pofile(str(path), encoding="utf-8").save_as_mofile(str(compiled))
        written += 1
    if not quiet:
        print(f"catalogues: {written} compiled")
    return 0


def _names_of_gettext(tree: ast.AST) -> dict[str, str]:
    imported = (
        alias
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
    )
    return {alias.asname or alias.name: alias.name for alias in imported}


def _text(function: str, arguments: list, file: str) -> Text | None:
    context_at, singular_at, plural_at = FUNCTIONS[function]

    def string(position: int | None) -> str | None:
        if position is None or position >= len(arguments) or not isinstance(arguments[position], str):
            return None
        return arguments[position]

    msgid = string(singular_at)
    return Text(msgid, string(plural_at) or "", string(context_at), file) if msgid else None


def _problem(text: Text, entry: polib.POEntry | None) -> str:
    if entry is None:
        return "missing from the catalogue"
    if entry.fuzzy:
        return "fuzzy"
    translations = list(entry.msgstr_plural.values()) if text.plural else [entry.msgstr]
    if not translations or not all(translations):
        return "untranslated"
    allowed = _placeholders(text.msgid) | _placeholders(text.plural)
    for translation in translations:
        unknown = _placeholders(translation) - allowed
        lost = set() if text.plural else allowed - _placeholders(translation)
        if unknown or lost:
            return f"placeholders differ ({', '.join(sorted(unknown | lost))})"
    return ""


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sdif]|(?<!%)%[sd]|\{\w+\}", text))


def _entry(text: Text, old: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.msgid, msgctxt=text.context, occurrences=[(text.file, "")])
    if old is not None:
        entry.tcomment = old.tcomment
        entry.flags = [flag for flag in old.flags if flag == "fuzzy"]
    if "%" in text.msgid and text.file.endswith(".html"):
        entry.flags.append("python-format")
    if text.plural:
        entry.msgid_plural = text.plural
        kept = old.msgstr_plural if old is not None and old.msgid_plural else {}
        entry.msgstr_plural = {0: kept.get(0) or (old.msgstr if old is not None else "") or ""}
    else:
        entry.msgstr = old.msgstr or old.msgstr_plural.get(0, "") if old is not None else ""
    return entry


def _read(path: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    if not path.exists():
        return {}
    entries = polib.pofile(str(path), encoding="utf-8")
    return {(entry.msgctxt, entry.msgid): entry for entry in entries if not entry.obsolete}


def _catalogues() -> list[Path]:
    return sorted(SOURCE.rglob(CATALOGUE.as_posix()))


def _app_of(path: Path) -> Path:
    # The nearest folder above that is an app; a text outside any app belongs to the ground floor.
    for folder in path.parents:
        if any((folder / mark).exists() for mark in ("apps.py", "models.py", "models")):
            return folder
        if folder == SOURCE:
            break
    return SOURCE / "core" / "config"


def _name(app: Path) -> str:
    return ".".join(app.relative_to(SOURCE.parent).parts)


def main(arguments: Iterable[str]) -> int:
    """Run `update`, `check` or `compile`; any other word prints the usage and returns 2."""
    words = list(arguments)
    commands = {
        "update": lambda: update(words[1:]),
        "check": check,
        "compile": lambda: compile_catalogues("--quiet" in words),
    }
    if not words or words[0] not in commands:
        print(__doc__)
        return 2
    return commands[words[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
