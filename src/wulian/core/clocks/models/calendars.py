"""The editable calendar: a working copy of days per year, and every publication kept whole."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.core.clocks.choices import DayKind, YearStatus
from wulian.law.calendar import YearTable


class CalendarYear(models.Model):
    """One year of holidays. The days are a working copy: what is in force is the latest revision."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(1999), MaxValueValidator(2199)]
    )
    status = models.CharField(_("status"), max_length=16, choices=YearStatus, default=YearStatus.DRAFT)
    source = models.CharField(_("source"), max_length=200, blank=True)
    confidence = models.CharField(_("confidence"), max_length=1, default="S")
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that differs from Monday to Friday."""

    calendar_year = models.ForeignKey(
        CalendarYear, on_delete=models.CASCADE, verbose_name=_("calendar year"), related_name="days"
    )
    date = models.DateField(_("date"), unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=DayKind)
    note = models.CharField(_("holiday"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.note}".strip()


class CalendarRevision(models.Model):
    """One publication of a year, numbered and never changed; `days` is a list of {date, kind, note}."""

    calendar_year = models.ForeignKey(
        CalendarYear, on_delete=models.PROTECT, verbose_name=_("calendar year"), related_name="revisions"
    )
    number = models.PositiveIntegerField(_("revision"))
    days = models.JSONField(_("days"))
    source = models.CharField(_("source"), max_length=200)
    confidence = models.CharField(_("confidence"), max_length=1)
    reason = models.CharField(_("reason"), max_length=200)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("published by"),
        related_name="+",
        null=True,
        blank=True,
    )
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("calendar revision")
        verbose_name_plural = _("calendar revisions")
        ordering = ["-calendar_year__year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["calendar_year", "number"], name="one_number_per_revision")
        ]

    def __str__(self) -> str:
        return f"{self.calendar_year} r{self.number}"

    def year_table(self, year: int) -> YearTable:
        """Return the days as a table of the legal calendar (the year is passed in to spare a query)."""
        return year_table(year, self.days, self.source, self.confidence)


def year_table(year: int, days: list[dict[str, Any]], source: str, confidence: str) -> YearTable:
    """Build a table of the legal calendar from {date, kind, note} rows; ValueError when a day cannot be."""
    parsed = [(date.fromisoformat(row["date"]), row["kind"], row["note"]) for row in days]
    return YearTable(
        year=year,
        days_off=frozenset(day for day, kind, _note in parsed if kind == DayKind.OFF),
        working_weekends=frozenset(day for day, kind, _note in parsed if kind == DayKind.WORKING),
        source=source,
        confidence=confidence,
        names={day: note for day, kind, note in parsed if kind == DayKind.OFF},
    )
