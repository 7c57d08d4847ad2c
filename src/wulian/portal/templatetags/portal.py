"""What the public pages draw: personal data marked where it stands."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wulian.casework.intake.masking import personal_places

register = template.Library()


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
