"""投诉处理结果公开: what everybody may read, without signing in."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.views.generic import DetailView, ListView

from wulian.casework.handling.models import Publication

ON_A_PAGE = 20


class PublicMixin:
    """Only what is published now; no cookie is needed and none is set."""

    def get_queryset(self) -> QuerySet[Publication]:
        return (
            Publication.objects.all()
            .public()
            .only("id", "title", "text", "authority_name", "document_no", "decided_on", "published_at")
        )


class ResultListView(PublicMixin, ListView):
    """The published results, newest first, found by words of the title, the authority or the number."""

    template_name = "handling/public_results.html"
    context_object_name = "results"
    paginate_by = ON_A_PAGE

    def get_queryset(self) -> QuerySet[Publication]:
        rows = super().get_queryset()
        if words := self.words:
            rows = rows.filter(
                Q(title__icontains=words)
                | Q(authority_name__icontains=words)
                | Q(document_no__icontains=words)
            )
        return rows

    @property
    def words(self) -> str:
        return str(self.request.GET.get("q", "")).strip()[:60]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "words": self.words}


class ResultView(PublicMixin, DetailView):
    """One published result."""

    template_name = "handling/public_result.html"
    context_object_name = "result"
