"""The rule catalogue: dated, cited rules as data."""

from wulian.law.rules.catalogue import (
    CatalogueError,
    all_rules,
    article_titles,
    load_folder,
    load_rules,
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
    "load_folder",
    "load_rules",
    "rule",
    "rules_at",
]
