"""Words of a consultation (REFERENCE I.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsultationType(models.TextChoices):
    REGULAR = "regular", _("Office meeting")
    CASE = "case", _("Case consultation")
    DATA = "data", _("Data analysis meeting")
    URGENT = "urgent", _("Urgent consultation")


class Position(models.TextChoices):
    """How a department stands to the proposal."""

    AGREES = "agrees", _("Agrees")
    DISAGREES = "disagrees", _("Disagrees")
    RESERVES = "reserves", _("Reserves its opinion")


class Conclusion(models.TextChoices):
    """结论形式: the value is what the minutes print."""

    UNANIMOUS = "一致", _("Unanimous")
    MAJORITY = "多数", _("Majority")
    RESERVED = "保留", _("Reserved")


class Outcome(models.TextChoices):
    """采纳情况: what the responsible department made of the advice."""

    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Partly adopted")
    NOT_ADOPTED = "not_adopted", _("Not adopted")


class State(models.TextChoices):
    """States of the procedure table `consultation`, named for reading; titles come from the table."""

    PROPOSED = "K01", "提议"
    APPROVED = "K02", "准备材料"
    RECUSAL = "K03", "回避审查"
    HELD = "K04", "会议讨论"
    CONCLUDED = "K05", "形成结论"
    MINUTED = "K06", "纪要签发"
    FOLLOWED = "K07", "任务交办与督办"
    CLOSED = "K90", "办结归档"
    REJECTED = "KX", "不予召开"
