"""Attached files, always as a download."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.generic import View

from wulian.core.ui.views import PageMixin
from wulian.information.alerts.models import Attachment
from wulian.information.alerts.permissions import may_read
from wulian.information.alerts.services import read_attachment


class AttachmentFile(PageMixin, View):
    """The file itself for whoever sees what it is attached to."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        files = Attachment.objects.exclude(file_path="").select_related("content_type")
        attachment = get_object_or_404(files, pk=pk)
        if not may_read(attachment, request.user):  # type: ignore[arg-type]
            raise Http404
        content = read_attachment(attachment=attachment, actor=request.user)  # type: ignore[arg-type]
        response = HttpResponse(content, content_type="application/octet-stream")
        disposition = content_disposition_header(True, attachment.title)
        response.headers["Content-Disposition"] = disposition or "attachment"
        response.headers["Cache-Control"] = "private, no-store"
        return response
