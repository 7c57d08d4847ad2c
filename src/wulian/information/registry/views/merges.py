"""Two parties that are one: choose them, look at both side by side, merge; and undo it."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.views import Crumb, FormServiceView
from wulian.information.registry.forms import MergeForm, UndoMergeForm
from wulian.information.registry.models import Party, PartyMerge
from wulian.information.registry.selectors import (
    likely_duplicates,
    merges_so_far,
    parties_found,
    parties_with_counts,
)
from wulian.information.registry.services.merges import MERGERS, merge_parties, preview_merge, undo_merge

COMPARED = ("name", "uscc", "kind", "legal_representative", "region_code", "address", "phone", "email")


class MergeView(FormServiceView):
    """``?keep=`` and ``?duplicate=`` choose the two; with both, what a merge would move and the form."""

    template_name = "registry/merge.html"
    form_class = MergeForm
    roles = MERGERS
    title = _("Merge parties")
    subtitle = _("Two entries of one firm become one; every row moves and the merge can be undone")
    wing = "information"
    submit_label = _("Merge")
    success_message = _("The two parties are one now.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Parties"), reverse("registry:parties"))]

    def get_initial(self) -> dict[str, Any]:
        return {name: self.chosen(name) for name in ("keep", "duplicate")}

    def chosen(self, name: str) -> Party | None:
        """The party that the address names, or None."""
        number = self.request.GET.get(name, "")
        parties = parties_with_counts(Party.objects.visible_to(self.request.user))
        return parties.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 16 else None

    def perform(self, form: Any) -> PartyMerge:
        return merge_parties(
            keep=form.cleaned_data["keep"],
            duplicate=form.cleaned_data["duplicate"],
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
        )

    def get_success_url(self) -> str:
        return reverse("registry:party", args=[self.result.kept_id])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        keep, duplicate = self.chosen("keep"), self.chosen("duplicate")
        query = self.request.GET.get("q", "").strip()[:100]
        context = {
            **super().get_context_data(**kwargs),
            "keep": keep,
            "duplicate": duplicate,
            "query": query,
            "merges": Paginator(merges_so_far(), 10).get_page(self.request.GET.get("page")),
        }
        if keep and duplicate:
            context["preview"] = preview_merge(keep=keep, duplicate=duplicate)
            context["compared"] = _side_by_side(keep, duplicate)
        elif query:
            context["candidates"] = parties_found(query, but=keep or duplicate)
        elif keep or duplicate:
            context["candidates"] = likely_duplicates(keep or duplicate)
        return context


class UndoMergeView(FormServiceView):
    """Makes two of one again, with a reason."""

    form_class = UndoMergeForm
    roles = MERGERS
    title = _("Undo a merge")
    wing = "information"
    submit_label = _("Undo the merge")
    success_message = _("The two parties are separate again.")
    intro = _(
        "What the merge moved goes back to the other party; what was entered since stays with the kept one."
    )

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.merge = get_object_or_404(
            PartyMerge.objects.select_related("kept", "duplicate"), pk=self.kwargs["pk"]
        )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Parties"), reverse("registry:parties")),
            Crumb(_("Merge parties"), reverse("registry:merge_parties")),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.subtitle = f"{self.merge.duplicate} → {self.merge.kept}"
        return super().get_context_data(**kwargs)

    def perform(self, form: Any) -> None:
        undo_merge(merge=self.merge, actor=self.request.user, reason=form.cleaned_data["reason"])

    def get_success_url(self) -> str:
        return reverse("registry:party", args=[self.merge.duplicate_id])


def _side_by_side(keep: Party, duplicate: Party) -> list[dict[str, Any]]:
    """One row a field that either party has: both values, and how they relate."""
    rows = []
    for name in COMPARED:
        shown = f"get_{name}_display"
        left, right = (
            str(getattr(party, shown)() if hasattr(party, shown) else getattr(party, name) or "")
            for party in (keep, duplicate)
        )
        if left or right:
            relation = "same" if left == right else "filled" if not left else "differs" if right else "kept"
            label = Party._meta.get_field(name).verbose_name
            rows.append({"label": label, "keep": left, "duplicate": right, "relation": relation})
    return rows
