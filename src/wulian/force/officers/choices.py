"""What the officer library distinguishes (REFERENCE I.1)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateState(models.TextChoices):
    """行政执法证 on a given day."""

    VALID = "valid", _("Valid")
    UNCONFIRMED = "unconfirmed", _("Waiting for confirmation")
    NOT_YET = "not_yet", _("Not yet valid")
    EXPIRED = "expired", _("Expired")
    SUSPENDED = "suspended", _("Certificate suspended")
    REVOKED = "revoked", _("Certificate revoked")


class Relation(models.TextChoices):
    """Why an officer must recuse (行政处罚法 第四十三条: 直接利害关系或者其他可能影响公正执法的关系)."""

    RELATIVE = "relative", _("A relative works there")
    FORMER_EMPLOYER = "former_employer", _("Former employer")
    SHAREHOLDING = "shareholding", _("Shareholding")
    SERVICE = "service", _("Paid service")
    OTHER = "other", _("Other relation that may affect fairness")


class Sector(models.TextChoices):
    """Fields of enforcement named on a certificate."""

    HOUSING = "housing", _("Housing and municipal works")
    TRANSPORT = "transport", _("Transport works")
    WATER = "water", _("Water works")
    LAND = "land", _("Land and rural works")
    OTHER = "other", _("Other works")
