"""Strips what a file says about who made it, where and with what; the parsers run in a limited process of their own."""
