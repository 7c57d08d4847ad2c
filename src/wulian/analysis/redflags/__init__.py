"""疑点: hints that something may be wrong, from public catalogues of red flags; a hint is never a finding of a violation."""

from wulian.analysis.redflags.catalogue import all_red_flags, catalogue_titles, field_titles, red_flag
from wulian.analysis.redflags.models import GROUPS, RedFlag

__all__ = ["GROUPS", "RedFlag", "all_red_flags", "catalogue_titles", "field_titles", "red_flag"]
