"""What the scheduler and the worker do for the audit trail."""

from django.contrib.auth import get_user_model
from django_tasks import task

from . import services, verification


def sequence() -> int:
    """Chain the events that wait; returns how many."""
    return services.sequence_events()


def checkpoint() -> int:
    """Write a checkpoint; returns its number, 0 while there is nothing to sign."""
    row = services.write_checkpoint()
    return row.number if row else 0


@task()
def verify_chain(actor_id: int) -> str:
    """Verify the whole chain for a user; returns the summary that the audit event holds."""
    actor = get_user_model()._default_manager.get(pk=actor_id)
    return verification.verify_for(actor=actor).summary


SCHEDULE = [
    ("audit.sequence", sequence, {"trigger": "interval", "seconds": 30}),
    ("audit.checkpoint", checkpoint, {"trigger": "interval", "hours": 1}),
]
