"""The list of a record's files, for any page that shows the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string

from wulian.core.files.models import StoredFile
from wulian.core.files.services import may_have_originals

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def render_files(request: HttpRequest, subject: Model) -> str:
    """The files of a record that the reader sees, as HTML; empty when there is none."""
    files = list(StoredFile.objects.for_object(subject).select_related("added_by"))
    if not files:
        return ""
    user = cast("User", request.user)
    context = {"files": files, "may_have_originals": may_have_originals(subject, user)}
    return render_to_string("files/_list.html", context, request=request)
