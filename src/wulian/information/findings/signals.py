"""What rooms on the same floor and above may subscribe to."""

from django.dispatch import Signal

finding_judged = Signal()
"""Sent inside the transaction with `finding`, `previous` (the verdict before, or an empty text) and `actor` when one was judged.

`selectors.candidates(rule_id=…, project_ids=[finding.project_id])` then gives what the rule rests on.
"""
