"""What all written entries of the dialogue share: checked texts, digests, telling those who handle the matter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from wulian import crypto
from wulian.casework.dialogue.permissions import AUTHORITY
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.files.models import StoredFile

LONGEST_MESSAGE: Final = 5_000
LONGEST_TEXT: Final = 20_000


def checked_text(text: str, *, field: str, longest: int, shortest: int = 2) -> str:
    """Return the trimmed text; raises Refusal at `field` when it is too short or too long."""
    text = text.replace("\x00", "").strip()
    if len(text) < shortest:
        raise Refusal(
            _("Text: expected at least %(n)s characters.") % {"n": shortest},
            field=field,
        )
    if len(text) > longest:
        raise Refusal(
            _("The text is too long: expected at most %(n)s characters.") % {"n": longest}, field=field
        )
    return text


def digest_of(matter: Matter, text: str, files: Iterable[StoredFile]) -> str:
    """Return the SM3 digest over the number of the matter, the text and the digests of the files, in their order."""
    plain = {"matter": matter.number, "text": text, "files": [file.sm3 for file in files]}
    canonical = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return crypto.hexdigest(canonical.encode())


def tell_handlers(matter: Matter, title: str) -> int:
    """Notify who handles the matter now and may see it; returns how many."""
    if matter.authority is not None:
        return tell(matter, roles=AUTHORITY[:1], title=title, department=matter.authority)
    return tell(
        matter, roles=[Role.CLERK if matter.registered_by_id is None else Role.DISPATCHER], title=title
    )
