"""Pages of leads and cases."""

from wulian.casework.cases.views import cases, evidence, leads

__all__ = ["cases", "evidence", "leads"]
