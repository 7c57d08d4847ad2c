"""Rules over tables: which subject meets which rule of the catalogue, with what evidence."""

from wulian.analysis.flags.columns import field_title
from wulian.analysis.flags.engine import FlagResult, UnknownRule, check_rule, iterate_hits, run_flags
from wulian.analysis.flags.hits import HIT_SCHEMA
from wulian.analysis.flags.sources import FolderSource, OcdsSource, SourceError, open_source, read_table
from wulian.analysis.flags.tables import (
    arrow_from_dossiers,
    arrow_schema,
    parent_columns,
    rows_from_dossiers,
    to_arrow,
    write_parquet,
)

__all__ = [
    "HIT_SCHEMA",
    "FlagResult",
    "FolderSource",
    "OcdsSource",
    "SourceError",
    "UnknownRule",
    "arrow_from_dossiers",
    "arrow_schema",
    "check_rule",
    "field_title",
    "iterate_hits",
    "open_source",
    "parent_columns",
    "read_table",
    "rows_from_dossiers",
    "run_flags",
    "to_arrow",
    "write_parquet",
]
