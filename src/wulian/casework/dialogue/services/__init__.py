"""Writes of the dialogue: one function a verb, keyword-only."""

from .messages import mark_read, send_message, settle_messages
from .rating import rate_matter
from .supplements import ask_supplement, receive_supplement, withdraw_supplement
from .withdrawals import decide_withdrawal, request_withdrawal

__all__ = [
    "ask_supplement",
    "decide_withdrawal",
    "mark_read",
    "rate_matter",
    "receive_supplement",
    "request_withdrawal",
    "send_message",
    "settle_messages",
    "withdraw_supplement",
]
