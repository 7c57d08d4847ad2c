"""Wulian (五联): the joint-supervision platform for engineering tendering."""

__version__ = "0.1.0"
