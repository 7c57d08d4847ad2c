"""The Chinese catalogue is complete, and the tool that says so can be trusted."""

from __future__ import annotations

import pytest
from django.utils import translation

import messages


def test_every_text_of_every_app_is_translated():
    found = messages.problems()
    assert not found, f"{len(found)} texts; run `make messages` and translate:\n" + "\n".join(found)


def test_the_texts_of_a_template_are_found():
    source = """
    {% translate "Login" %} {% trans 'Case' context "law" %} {{ _("Search") }}
    {% include "x.html" with title=_("Worklist") %}
    {% blocktranslate count n=rows|length trimmed %}
      {{ n }} row
    {% plural %}
      {{ n }} rows
    {% endblocktranslate %}
    {# translate "comment" #}
    """
    assert sorted(messages.texts_of_template(source), key=lambda text: text.msgid) == [
        messages.Text("%(n)s row", "%(n)s rows"),
        messages.Text("Case", context="law"),
        messages.Text("Login"),
        messages.Text("Search"),
        messages.Text("Worklist"),
    ]


def test_the_texts_of_code_are_found_under_any_name_they_are_imported_by():
    source = (
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext as p\n"
        "a = _('One ' 'text')\n"
        "b = ngettext('%d case', '%d cases', 3)\n"
        "c = p('law', 'Act')\n"
        "d = other('nothing')\n"
    )
    assert list(messages.texts_of_python(source)) == [
        messages.Text("One text"),
        messages.Text("%d case", "%d cases"),
        messages.Text("Act", context="law"),
    ]


def test_an_f_string_is_refused_because_no_catalogue_can_hold_it():
    source = "from django.utils.translation import gettext as _\n_(f'{name} is missing')\n"
    with pytest.raises(ValueError, match=r"views\.py:2: gettext\(\) is given an f-string"):
        list(messages.texts_of_python(source, "views.py"))


@pytest.mark.parametrize(
    ("translation_text", "fuzzy", "problem"),
    [
        ("还有 %(count)s 件", False, ""),
        ("", False, "untranslated"),
        ("还有 %(count)s 件", True, "fuzzy"),
        ("还有几件", False, "placeholders differ (%(count)s)"),
        ("还有 %(number)s 件", False, "placeholders differ (%(count)s, %(number)s)"),
    ],
)
def test_an_entry_that_would_show_wrong_is_named(translation_text, fuzzy, problem, tmp_path, monkeypatch):
    app = tmp_path / "wulian" / "casework"
    catalogue = app / messages.CATALOGUE
    catalogue.parent.mkdir(parents=True)
    (app / "apps.py").touch()
    (app / "templates").mkdir()
    (app / "templates" / "list.html").write_text(
        "{% blocktranslate %}{{ count }} left{% endblocktranslate %}"
    )
    flag = "#, fuzzy\n" if fuzzy else ""
    catalogue.write_text(f'{flag}msgid "%(count)s left"\nmsgstr "{translation_text}"\n', encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "wulian")
    found = messages.problems()
    expected = f"wulian.casework: {problem}: '%(count)s left' (wulian/casework/templates/list.html)"
    assert found == ([expected] if problem else [])


def _two_catalogues(folder, first, second):
    for name, content in (("audit", first), ("clocks", second)):
        catalogue = folder / "wulian" / name / messages.CATALOGUE
        catalogue.parent.mkdir(parents=True)
        catalogue.write_text(content, encoding="utf-8")


def test_a_text_that_two_apps_translate_differently_is_named_with_both(tmp_path, monkeypatch):
    _two_catalogues(tmp_path, 'msgid "Record"\nmsgstr "对象"\n', 'msgid "Record"\nmsgstr "记录"\n')
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "wulian")
    assert messages.problems() == ["'Record' has 2 translations: 对象 in wulian.audit, 记录 in wulian.clocks"]


def test_a_context_keeps_two_meanings_of_a_text_apart(tmp_path, monkeypatch):
    with_context = 'msgctxt "clocks"\nmsgid "Record"\nmsgstr "记录"\n'
    _two_catalogues(tmp_path, 'msgid "Record"\nmsgstr "对象"\n', with_context)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "wulian")
    assert messages.problems() == []


def test_a_plural_and_a_singular_of_one_text_are_compared(tmp_path, monkeypatch):
    plural = 'msgid "%(n)s case"\nmsgid_plural "%(n)s cases"\nmsgstr[0] "%(n)s 个案"\n'
    _two_catalogues(tmp_path, 'msgid "%(n)s case"\nmsgstr "%(n)s 件"\n', plural)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "wulian")
    assert len(messages.problems()) == 1


def test_update_keeps_translations_adds_new_texts_and_drops_unused_ones(tmp_path, monkeypatch):
    app = tmp_path / "wulian" / "portal"
    catalogue = app / messages.CATALOGUE
    catalogue.parent.mkdir(parents=True)
    (app / "apps.py").write_text(
        "from django.utils.translation import gettext as _\n_('Complaint')\n_('Receipt')\n", encoding="utf-8"
    )
    catalogue.write_text('msgid "Complaint"\nmsgstr "投诉"\n\nmsgid "Old"\nmsgstr "旧"\n', encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "wulian")
    messages.update()
    entries = {entry.msgid: entry.msgstr for entry in messages.polib.pofile(str(catalogue))}
    assert entries == {"Complaint": "投诉", "Receipt": ""}


def test_update_of_one_app_leaves_the_others_alone(tmp_path, monkeypatch, capsys):
    _two_catalogues(tmp_path, 'msgid "Old"\nmsgstr "旧"\n', 'msgid "Old"\nmsgstr "旧"\n')
    for name in ("audit", "clocks"):
        (tmp_path / "wulian" / name / "apps.py").write_text(
            "from django.utils.translation import gettext as _\n_('New')\n", encoding="utf-8"
        )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "wulian")
    assert messages.main(["update", "wulian.clocks"]) == 0
    held = {
        name: [
            entry.msgid
            for entry in messages.polib.pofile(str(tmp_path / "wulian" / name / messages.CATALOGUE))
        ]
        for name in ("audit", "clocks")
    }
    assert held == {"audit": ["Old"], "clocks": ["New"]}
    assert messages.main(["update", "wulian.clock"]) == 2
    assert "wulian.clock;" in capsys.readouterr().out


def test_a_text_of_the_house_is_shown_in_chinese():
    with translation.override("zh-hans"):
        assert translation.gettext("Chinese") != "Chinese"
