"""What higher rooms may want to know about a page (the audit trail lies above this room)."""

from django.dispatch import Signal

list_exported = Signal()
"""Sent with user, list_key, title, format, count and querystring after an export was made."""

language_chosen = Signal()
"""Sent with user and language when a signed-in user switches the language of the pages."""
