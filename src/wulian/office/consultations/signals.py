"""What consultations announce; the rooms whose records they are about subscribe."""

from django.dispatch import Signal

#: The minutes were signed, or it was said that no meeting is held; sent inside the transaction of the step.
#:
#: Keyword arguments: ``consultation``, ``actor`` (the head of the office), ``is_held``, and ``competent``, the authority that
#: the departments agreed is competent, or ``None`` when that was not the question.
#:
#: A receiver that refuses raises ``Refusal``; the whole step is then undone.
consultation_ended = Signal()
