"""The rule catalogue: dated, cited rules as data."""

from wulian.law.rules.catalogue import (
    CatalogueError,
    all_rules,
    article_titles,
    check_text,
    load_folder,
    load_rules,
    packaged_record,
    revised,
    rule,
    rules_at,
)
from wulian.law.rules.models import SEVERITIES, Citation, Liability, Parameter, Range, Rule

__all__ = [
    "SEVERITIES",
    "CatalogueError",
    "Citation",
    "Liability",
    "Parameter",
    "Range",
    "Rule",
    "all_rules",
    "article_titles",
    "check_text",
    "load_folder",
    "load_rules",
    "packaged_record",
    "revised",
    "rule",
    "rules_at",
]
