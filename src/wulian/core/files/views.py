"""Taking files: always as a download, never shown, and only through the record they belong to."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.generic import View

from wulian.core.files.models import StoredFile
from wulian.core.files.services import read_original, read_working_copy

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def download(file: StoredFile, actor: User | None) -> HttpResponse:
    """Return the working copy as an attachment; the caller has checked that the record is visible."""
    return attachment(file.title, read_working_copy(file=file, actor=actor))


def attachment(name: str, content: bytes) -> HttpResponse:
    """Return content that a browser can only save: no type it would open, no script, no place in a cache."""
    response = HttpResponse(content, content_type="application/octet-stream")
    disposition = content_disposition_header(as_attachment=True, filename=PurePosixPath(name).name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


class FileMixin(LoginRequiredMixin):
    """A file whose record the user may see; any other is not found, as is one of a record that shows itself to nobody."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def get_file(self) -> StoredFile:
        file = get_object_or_404(StoredFile.objects.select_related("content_type"), pk=self.kwargs["pk"])
        model = file.content_type.model_class()
        rows = model._default_manager.all() if model else None
        if rows is None or not hasattr(rows, "visible_to"):
            raise Http404
        if not rows.visible_to(self.request.user).filter(pk=file.object_id).exists():
            raise Http404
        return file


class WorkingCopyView(FileMixin, View):
    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return download(self.get_file(), request.user)  # type: ignore[arg-type]


class OriginalView(FileMixin, View):
    """POST, because taking an original is a use of the vault and is written down as one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = self.get_file()
        return attachment(file.title, read_original(file=file, actor=request.user))  # type: ignore[arg-type]
