"""What the rulebook tells: whoever judges with the rules judges again, and hears what officers answered."""

from django.dispatch import Signal

rules_changed = Signal()
"""A revision or an import changed what applies; arguments: `rule_ids`, a list of rule codes."""

rule_checked = Signal()
"""Sent inside the transaction with `check` when an officer answered the questions of a rule for a dossier."""
