"""The columns of the officer library."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import LongTable, Table

from .choices import CertificateState
from .models import Officer

TONES = {
    CertificateState.VALID: "green",
    CertificateState.UNCONFIRMED: "yellow",
    CertificateState.NOT_YET: "blue",
}


class OfficerTable(LongTable):
    """One row a person."""

    name = tables.Column(
        accessor="user__full_name",
        linkify=lambda record: record.get_absolute_url(),
        verbose_name=_("Full name"),
    )
    authority = tables.Column(verbose_name=_("Authority"))
    rank = tables.Column(verbose_name=_("Civil service rank"), orderable=False, default="—")
    certificate = tables.Column(
        accessor="certificates", verbose_name=_("Certificate"), orderable=False, empty_values=()
    )
    seconded_to = tables.Column(verbose_name=_("Seconded to"), orderable=False, default="—")
    capacity = tables.Column(accessor="pk", verbose_name=_("Capacity"), orderable=False)

    class Meta(Table.Meta):
        model = Officer
        fields: tuple[str, ...] = ()
        sequence = ("name", "authority", "rank", "certificate", "capacity", "seconded_to")

    def order_authority(self, rows: Any, descending: bool) -> tuple[Any, bool]:
        return rows.order_by("-authority_id" if descending else "authority_id", "id"), True

    def render_certificate(self, record: Officer) -> SafeString | str:
        held = record.certificates.all()
        if not held:
            return format_html('<span class="text-secondary">{}</span>', _("None"))
        newest = held[0]
        return format_html(
            '{} <span class="badge bg-{}-lt">{}</span>',
            newest.number,
            TONES.get(newest.state, "red"),
            newest.state.label,
        )

    def value_certificate(self, record: Officer) -> str:
        held = record.certificates.all()
        return f"{held[0].number} {held[0].state.label}" if held else ""

    def render_capacity(self, record: Officer) -> SafeString:
        words = capacity_words(record)
        return format_html_join(
            " ", '<span class="badge bg-secondary-lt">{}</span>', ((word,) for word in words)
        )

    def value_capacity(self, record: Officer) -> str:
        return "、".join(str(word) for word in capacity_words(record))


def capacity_words(officer: Officer) -> list[Any]:
    """What the person may be in a case."""
    words: list[Any] = [_("Auxiliary staff") if officer.is_auxiliary else _("Officer")]
    if officer.legal_qualification_no:
        words.append(_("Legal reviewer"))
    if officer.is_hearing_host:
        words.append(_("Hearing host"))
    if not officer.is_active:
        words.append(_("Left service"))
    return words
