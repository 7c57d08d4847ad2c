"""How content the reporter was, said once, after the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wulian.casework.dialogue.choices import Score
from wulian.casework.dialogue.models import Satisfaction
from wulian.casework.dialogue.permissions import has_ended
from wulian.casework.dialogue.services.texts import LONGEST_MESSAGE, checked_text
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter


def rate_matter(*, matter: Matter, score: int, text: str = "") -> Satisfaction:
    """Store how content the reporter is (1 to 5). Raises Refusal before the end, for another score, or the second time."""
    if not has_ended(matter):
        raise Refusal(_("Please say how content you are once the matter is finished."))
    if score not in Score.values:
        raise Refusal(_("Please choose one of the five answers."), field="score")
    text = checked_text(text, field="text", longest=LONGEST_MESSAGE, shortest=0)
    try:
        with transaction.atomic():
            rating = Satisfaction.objects.create(
                content_type=ContentType.objects.get_for_model(matter),
                object_id=matter.pk,
                score=score,
                text=text,
            )
            record_event(actor=None, verb="dialogue.rated", subject=matter, data={"score": score})
    except IntegrityError:
        raise Refusal(_("You have said so already; thank you.")) from None
    return rating
