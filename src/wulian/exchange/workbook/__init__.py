"""The office's workbook for first entry (初始录入): an Excel file with one sheet a table, or one flat CSV."""

from wulian.exchange.workbook.example import example_dossiers
from wulian.exchange.workbook.reading import read_workbook
from wulian.exchange.workbook.writing import (
    neutralise,
    write_csv_template,
    write_refusals,
    write_refusals_csv,
    write_template,
    write_workbook,
)

__all__ = [
    "example_dossiers",
    "neutralise",
    "read_workbook",
    "write_csv_template",
    "write_refusals",
    "write_refusals_csv",
    "write_template",
    "write_workbook",
]
