"""Public red-flag indicators under their public codes, comparable with what others compute with Cardinal."""

from wulian.analysis.indicators.catalogue import BY_CODE, CATALOGUE, GROUP_TITLES, GROUPS, Indicator, Option
from wulian.analysis.indicators.incremental import Change, Judgement
from wulian.analysis.indicators.judging import Results, run_indicators
from wulian.analysis.indicators.process import RefusedLine
from wulian.analysis.indicators.reading import UnreadableFile
from wulian.analysis.indicators.settings import Settings, SettingsError, parse_settings, read_settings
from wulian.analysis.indicators.store import Intake, Store

__all__ = [
    "BY_CODE",
    "CATALOGUE",
    "GROUPS",
    "GROUP_TITLES",
    "Change",
    "Indicator",
    "Intake",
    "Judgement",
    "Option",
    "RefusedLine",
    "Results",
    "Settings",
    "SettingsError",
    "Store",
    "UnreadableFile",
    "parse_settings",
    "read_settings",
    "run_indicators",
]
