"""What rooms above may subscribe to."""

from django.dispatch import Signal

similarity_filed = Signal()
"""Sent inside the transaction with `finding`, `actor` and `reason` when it was decided that a finding becomes a lead.

The receiver calls `services.link_outcome`; one that raises Refusal stops the decision.
"""
