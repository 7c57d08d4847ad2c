"""Settings of the indicators: the keys of Cardinal's settings file, as JSON, every one checked."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wulian.analysis.indicators.catalogue import BY_CODE, CATALOGUE, Option
from wulian.exchange.refusals import file_reason

TEXTS = ("currency", "no_price_comparison_procurement_methods", "price_comparison_procurement_methods")
PREPARING = ("codelists", "defaults", "redactions", "corrections", "modifications")
"""Sections of Cardinal's command that prepares data; they have no effect on indicators, there or here."""


class SettingsError(ValueError):
    """A settings file that cannot be used; the message names the key."""


@dataclass(frozen=True)
class Settings:
    """Which indicators run, and how. Lists are tuples of texts; `options` are sorted (code, option, value) triples."""

    indicators: tuple[str, ...] = tuple(item.code for item in CATALOGUE)
    currency: str | None = None
    not_compared: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    options: tuple[tuple[str, str, Any], ...] = ()

    def option(self, code: str, name: str) -> Any:
        """Return what is set for an option of an indicator, or its default."""
        for found_code, found_name, value in self.options:
            if (found_code, found_name) == (code, name):
                return value
        return BY_CODE[code].option(name).default

    def runs(self, *codes: str) -> bool:
        """Tell whether one of these indicators is to run."""
        return any(code in self.indicators for code in codes)


def read_settings(path: Path | None, only: Iterable[str] | None = None) -> Settings:
    """Read a settings file; of `only` run these indicators, else those the file names, without a file all.

    Raises SettingsError naming what is wrong: the file, an unknown key, a value of the wrong type.
    """
    if path is None:
        return parse_settings({code: {} for code in BY_CODE}, only)
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: 无法读取（{file_reason(error)}）") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: 无法读取（应为 UTF-8 编码）") from None
    except json.JSONDecodeError as error:
        raise SettingsError(f"{path}: 不是有效的 JSON（第 {error.lineno} 行：{error.msg}）") from None
    if not isinstance(given, dict):
        raise SettingsError(f"{path}: 应为一个 JSON 对象")
    return parse_settings(given, only)


def parse_settings(given: Mapping[str, Any], only: Iterable[str] | None = None) -> Settings:
    """Check settings and fill in what they leave open; SettingsError as `read_settings`."""
    known = {*BY_CODE, *TEXTS, *PREPARING, "exclusions"}
    if unknown := [key for key in given if key not in known]:
        raise SettingsError(f"设置项 {'、'.join(unknown)} 不存在")
    named = [code for code in BY_CODE if given.get(code) is not None]
    chosen = list(only) if only is not None else named
    if unknown := [code for code in chosen if code not in BY_CODE]:
        raise SettingsError(f"指标 {'、'.join(unknown)} 不存在，可选：{'、'.join(BY_CODE)}")
    exclusions = _section(given, "exclusions")
    if unknown := [key for key in exclusions if key != "procurement_method_details"]:
        raise SettingsError(f"设置项 exclusions.{unknown[0]} 不存在")
    return Settings(
        indicators=tuple(code for code in BY_CODE if code in chosen),
        currency=_text(given.get("currency"), "currency"),
        not_compared=_pipes(_text(given.get(TEXTS[1]), TEXTS[1])),
        compared=_pipes(_text(given.get(TEXTS[2]), TEXTS[2])),
        excluded=_pipes(
            _text(exclusions.get("procurement_method_details"), "exclusions.procurement_method_details")
        ),
        options=tuple(sorted(_options(given))),
    )


def _options(given: Mapping[str, Any]) -> Iterable[tuple[str, str, Any]]:
    for code, indicator in BY_CODE.items():
        for key, value in _section(given, code).items():
            if key not in indicator.option_names:
                raise SettingsError(f"设置项 {code}.{key} 不存在")
            if value is not None:
                yield code, key, _value(indicator.option(key), value, f"{code}.{key}")


def _section(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name)
    if found is not None and not isinstance(found, dict):
        raise SettingsError(f"设置项 {name} 应为一个对象，例如 {{}}")
    return found or {}


def _value(option: Option, value: Any, label: str) -> Any:
    if option.kind == "texts":
        return _pipes(_text(value, label))
    if option.kind == "days":
        if not isinstance(value, dict):
            raise SettingsError(f"设置项 {label} 应为“采购方式: 天数”的对象")
        return tuple(sorted((key, _whole(days, f"{label}.{key}", None)) for key, days in value.items()))
    if option.kind == "ratio":
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise SettingsError(f"设置项 {label} 应为数")
        return float(value)
    return _whole(value, label, option)


def _whole(value: Any, label: str, option: Option | None) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != math.floor(value):
        raise SettingsError(f"设置项 {label} 应为整数")
    lowest, highest = (option.lowest, option.highest) if option else (None, None)
    if (lowest is not None and value < lowest) or (highest is not None and value > highest):
        raise SettingsError(f"设置项 {label} 应为 {lowest} 至 {highest or '…'} 的整数")
    return int(value)


def _text(value: Any, label: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise SettingsError(f"设置项 {label} 应为文本")
    return value


def _pipes(text: str | None) -> tuple[str, ...]:
    """Split ``a|b``; an end after the last bar is no item."""
    parts = (text or "").split("|")
    return tuple(dict.fromkeys(parts[:-1] if parts[-1] == "" else parts))
