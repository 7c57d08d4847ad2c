"""Writes of inspections: plan, freeze, seed, draw, and each step of an inspection."""

from .draws import enter_seed, freeze_draw, run_draw, withdraw_draw
from .plans import create_plan, publish_plan
from .visits import take_step

__all__ = [
    "create_plan",
    "enter_seed",
    "freeze_draw",
    "publish_plan",
    "run_draw",
    "take_step",
    "withdraw_draw",
]
