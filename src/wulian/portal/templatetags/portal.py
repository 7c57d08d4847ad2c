"""What the public pages draw: personal data marked where it stands."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wulian.casework.intake.masking import personal_places
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department

register = template.Library()


@register.simple_tag
def window_place() -> str:
    """Return where the window is: name and address of the coordinating office; empty when there is none."""
    office = Department.objects.filter(kind=DepartmentKind.COORDINATING_OFFICE, is_active=True).first()
    return "，".join(filter(None, (office.name, office.address))) if office else ""


@register.filter
def mark_personal(text: str) -> SafeString:
    """Return the text, escaped, with numbers that may name a person marked."""
    pieces: list[SafeString] = []
    last = 0
    for start, end in personal_places(text):
        pieces += [format_html("{}", text[last:start]), format_html("<mark>{}</mark>", text[start:end])]
        last = end
    pieces.append(format_html("{}", text[last:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))
