"""What an item of the jurisdiction list can say (REFERENCE I.5)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleType(models.TextChoices):
    """类型: what the authority does."""

    PENALTY = "penalty", _("Administrative penalty")
    COMPLAINT = "complaint", _("Complaint handling")
    INSPECTION = "inspection", _("Administrative inspection")
    COERCION = "coercion", _("Administrative coercion")
    SUPERVISION = "supervision", _("Supervision matter")
    OTHER = "other", _("Other matter")


class Sector(models.TextChoices):
    """行业: whose projects."""

    HOUSING = "housing", _("Housing and municipal works")
    TRANSPORT = "transport", _("Transport works")
    WATER = "water", _("Water works")
    LAND = "land", _("Land and rural works")
    OTHER = "other", _("Other works")


class Level(models.TextChoices):
    CITY = "city", _("City level")
    COUNTY = "county", _("County level")


class Reach(models.TextChoices):
    """Whether a city's item also covers the counties that have none of their own."""

    OWN = "own", _("Own level only")
    BELOW = "below", _("Also the counties without an item of their own")


class OfficeRole(models.TextChoices):
    """监管办角色: the coordinating office is never the authority (REFERENCE 0.6)."""

    COORDINATES = "coordinates", _("Coordinates departments")
    RECEIVES = "receives", _("Receives and forwards")
    ASSISTS = "assists", _("Assists")
