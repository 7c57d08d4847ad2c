"""What higher rooms may subscribe to."""

from django.dispatch import Signal

alert_referred = Signal()
"""Sent inside the transaction with `alert`, `actor`, `reason` when an alert goes on to a lead, an inspection or a complaint
(`alert.destination`); a receiver that raises Refusal stops the referral."""
