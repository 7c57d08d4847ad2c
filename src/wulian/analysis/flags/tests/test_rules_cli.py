"""A local rule file at the prompt: accepted, or refused by file, rule and field."""

from __future__ import annotations

import pytest

from wulian.analysis.flags.rules_cli import main

RULE = """
- id: SZ-01
  title: 招标计划未提前三十日公开
  node: N03
  severity: 黄
  automation: A
  confidence: S
  source: 随州市规定（示例）
  subject: tender
  rows: lot
  condition: {fn: min_days, from: tender.plan_published_at, to: announcement.published_at, days: 30}
  duty: [{instrument: LOCAL, article: 第三条}]
  exclusions: [应急项目]
  next_steps: [核对招标计划发布时间]
  valid_from: 2026-01-01
"""


def check(tmp_path, text):
    path = tmp_path / "local.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return main(["check", str(path)])


def test_a_good_file_is_listed(tmp_path, capsys):
    assert check(tmp_path, RULE) == 0
    assert "SZ-01@1 招标计划未提前三十日公开（由数据计算）" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("severity: 黄", "severity: 黄\n  colour: 黄"), "local.yaml: rule SZ-01: field colour"),
        (("days: 30", "days: 三十"), "local.yaml: rule SZ-01: field condition.min_days.days"),
        (
            ("tender.plan_published_at", "tender.no_such"),
            "local.yaml: rule SZ-01: rows 'lot' have no field tender.no_such",
        ),
        (
            ("id: SZ-01", "id: WJ-01"),
            "local.yaml: rule WJ-01: field id: this code belongs to the packaged catalogue",
        ),
        (("- id: SZ-01", "- id: [SZ-01"), "local.yaml: "),
        ((RULE, "[]"), "there is no rule in the file"),
    ],
)
def test_a_wrong_file_is_refused_by_file_rule_and_field(tmp_path, capsys, change, said):
    assert check(tmp_path, RULE.replace(*change)) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path, capsys):
    assert check(tmp_path, b"\xff\xfe") == 2
    assert main(["check", str(tmp_path / "none.yaml")]) == 2
    assert "无法读取" in capsys.readouterr().err
