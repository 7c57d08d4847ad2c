"""What higher rooms may subscribe to; each is sent inside the transaction of the step."""

from django.dispatch import Signal

decision_made = Signal()
"""Sent with `case`, `decision`, `actor` when a penalty was decided and its document issued."""

decision_served = Signal()
"""Sent with `case`, `decision`, `actor` when the decision was served on the party."""

decision_revoked = Signal()
"""Sent with `case`, `decision`, `actor`, `reason` when a decision lost its effect (行政处罚法 第四十八条第二款)."""
