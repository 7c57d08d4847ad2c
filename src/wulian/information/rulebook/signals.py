"""What the rulebook tells: whoever judges with the rules judges again."""

from django.dispatch import Signal

rules_changed = Signal()
"""A revision or an import changed what applies; arguments: `rule_ids`, a list of rule codes."""
