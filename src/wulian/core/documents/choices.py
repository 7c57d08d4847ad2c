"""Words of the documents."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentState(models.TextChoices):
    """A document is issued; it may be voided."""

    ISSUED = "issued", _("Document issued")
    VOIDED = "voided", _("Document voided")
