"""What higher rooms may subscribe to, and what this room tells itself."""

from django.dispatch import Signal

alert_referred = Signal()
"""Sent inside the transaction when alerts go on together to a lead, an inspection or a complaint.

Keyword arguments: `alerts` (list, the gravest first; `alert.destination` is set), `actor`, `reason`, and `target`: the record
chosen among those the destination offers (`destinations.register`), or an empty text for a new one. The receiver of the
destination calls `services.link_outcome`; one that raises Refusal stops the referral.
"""

facts_changed = Signal()
"""Sent inside the transaction with `alerts` (their ids) when a refresh raised, changed, cleared or brought back alerts."""
