"""Everything that writes points and credit records."""

from wulian.casework.credit.services.outbox import (
    approve_publication,
    correct_record,
    prepare_record,
    record_receipt,
    retry_file,
    withdraw_record,
)
from wulian.casework.credit.services.points import (
    answer_objection,
    confirm_points,
    dismiss_points,
    notify_points,
    propose_points,
    record_objection,
    revoke_points,
)

__all__ = [
    "answer_objection",
    "approve_publication",
    "confirm_points",
    "correct_record",
    "dismiss_points",
    "notify_points",
    "prepare_record",
    "propose_points",
    "record_objection",
    "record_receipt",
    "retry_file",
    "revoke_points",
    "withdraw_record",
]
