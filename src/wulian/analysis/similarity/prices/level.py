"""The false-alarm level that all tests of a tender share."""

ALPHA = 0.01
FAMILIES = 2
"""Totals and unit prices share the level of a tender."""
