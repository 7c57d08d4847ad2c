"""Taking the files of a document."""

from __future__ import annotations

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.generic import View

from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import read_file

CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class FileView(LoginRequiredMixin, View):
    """One file for whoever may see the subject; only a PDF may be shown in the browser (`?view=1`)."""

    http_method_names = ["get"]
    kind = "pdf"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = get_object_or_404(EnforcementDocument.objects.visible_to(request.user), pk=pk)
        content = read_file(document=document, kind=self.kind, actor=request.user)
        response = HttpResponse(content, content_type=CONTENT_TYPES[self.kind])
        inline = self.kind == "pdf" and "view" in request.GET
        name = f"{document.title}{document.document_no}.{self.kind}"
        disposition = content_disposition_header(as_attachment=not inline, filename=name)
        response.headers["Content-Disposition"] = disposition or "attachment"
        response.headers["Cache-Control"] = "private, no-store"
        return response
