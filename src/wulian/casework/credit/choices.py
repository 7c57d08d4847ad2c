"""Words of points and of the credit record (REFERENCE G)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PointState(models.TextChoices):
    """Proposed, notified to the party, in force; or refused, or revoked with the decision it rests on."""

    PROPOSED = "proposed", _("Proposed")
    NOTIFIED = "notified", _("Notified")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Dismissed")
    REVOKED = "revoked", _("Revoked")


LIVE = frozenset({PointState.PROPOSED, PointState.NOTIFIED, PointState.CONFIRMED})


class PointSource(models.TextChoices):
    """What the points follow from."""

    PENALTY = "penalty", _("Penalty")
    INSPECTION = "inspection", _("Inspection")
    COMPLAINT = "complaint", _("Complaint")
    MONITORING = "monitoring", _("Monitoring")


class OutboxState(models.TextChoices):
    """草拟 → 待推 → 已推 / 退回; 更正、撤回 wait for the receiver like a push; 不公示 ends without one."""

    DRAFT = "draft", _("Waits for approval")
    PENDING = "pending", _("To be pushed")
    PUSHED = "pushed", _("Pushed")
    RETURNED = "returned", _("Returned")
    CORRECTING = "correcting", _("Correction to be pushed")
    WITHDRAWING = "withdrawing", _("Withdrawal to be pushed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    NOT_PUBLISHED = "not_published", _("Not publicised")


TO_PUSH = frozenset({OutboxState.PENDING, OutboxState.CORRECTING, OutboxState.WITHDRAWING})
"""States in which the provincial platform has yet to acknowledge a file."""


class Gravity(models.TextChoices):
    """失信信息类别 (信用修复管理办法, 2026-04-01): it decides how long the record is public."""

    MINOR = "minor", _("Minor: not publicised")
    ORDINARY = "ordinary", _("Ordinary: three months to one year")
    SERIOUS = "serious", _("Serious: one to three years")


PUBLIC_YEARS = {Gravity.ORDINARY: 1, Gravity.SERIOUS: 3}
"""Longest publicity in years (REFERENCE G.6, S)."""
