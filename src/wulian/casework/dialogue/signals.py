"""What the dialogue announces; higher rooms subscribe, this room never calls up."""

from django.dispatch import Signal

#: A complainant asks in writing to withdraw, before the decision; inside the transaction that stores the request.
#:
#: Keyword arguments:
#:   sender   ``WithdrawalRequest``
#:   request  the saved ``WithdrawalRequest``; ``request.about`` is the complaint, ``request.files`` what came with it
#:
#: Whoever examines it says the outcome by ``services.decide_withdrawal``. A receiver that refuses raises ``Refusal``.
withdrawal_requested = Signal()

#: A reporter handed something in later; inside the transaction that stores it.
#:
#: Keyword arguments:
#:   sender      ``Supplement``
#:   supplement  the saved ``Supplement``; ``supplement.about`` is the matter, ``supplement.files`` are files of that matter
supplement_received = Signal()
