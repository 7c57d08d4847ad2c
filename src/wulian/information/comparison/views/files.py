"""Pages of a lot's files: what there is, adding, taking and removing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from wulian.core.files.views import attachment
from wulian.core.ui import menu
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, PageMixin
from wulian.information.comparison import services
from wulian.information.comparison.forms import ArchiveForm, FilesForm
from wulian.information.comparison.models import Submission
from wulian.information.comparison.permissions import (
    READERS,
    TEXT_READERS,
    UPLOADERS,
    may_read_texts,
    may_upload,
)
from wulian.information.comparison.selectors import expected_bidders, files_of, listed_runs, opening_of
from wulian.information.registry.models import Lot


class OfLot(PageMixin):
    """A page of one lot the user sees."""

    wing = menu.INFORMATION
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def lot(self) -> Lot:
        lots = Lot.objects.visible_to(self.request.user).select_related("project")  # type: ignore[arg-type]
        return get_object_or_404(lots, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        crumbs = [
            Crumb(_("Comparison of bids"), reverse("comparison:findings")),
            Crumb(self.lot.project.name, f"{self.lot.project.get_absolute_url()}#panel-comparison"),
        ]
        if not isinstance(self, LotView):
            crumbs.append(Crumb(_("Files of the lot"), reverse("comparison:lot", args=[self.lot.pk])))
        return crumbs


class LotView(OfLot, TemplateView):
    """The files of a lot by bidder, and its comparisons."""

    template_name = "comparison/lot.html"
    roles = READERS

    def get_title(self) -> str:
        return str(self.lot)

    def get_actions(self) -> list[Action]:
        if not may_upload(self.request.user):  # type: ignore[arg-type]
            return []
        pk = [self.lot.pk]
        return [
            Action(
                _("Start the comparison"),
                reverse("comparison:compare", args=pk),
                "player-play",
                style="btn-primary",
                method="post",
            ),
            Action(_("Add files"), reverse("comparison:add", args=pk), "file-plus"),
            Action(_("Add a ZIP archive"), reverse("comparison:archive", args=pk), "file-zip"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        groups = files_of(self.lot)
        have = {group.bidder for group in groups}
        return {
            **super().get_context_data(**kwargs),
            "lot": self.lot,
            "groups": groups,
            "without": [name for name in expected_bidders(self.lot) if name not in have],
            "runs": listed_runs(user).filter(lot=self.lot).order_by("-pk")[:10],  # type: ignore[arg-type]
            "opening": opening_of(self.lot),
            "may_upload": may_upload(user),  # type: ignore[arg-type]
            "may_take": may_read_texts(user),  # type: ignore[arg-type]
        }


class FilesAdd(OfLot, FormServiceView):
    form_class = FilesForm
    template_name = "comparison/add.html"
    roles = UPLOADERS
    title = _("Add files")
    submit_label = _("Attach")
    success_message = _("The files were attached.")
    intro = _(
        "Files are sealed where they lie; each reading is written down. They are read when the comparison begins."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "bidders": expected_bidders(self.lot)}

    def perform(self, form: FilesForm) -> Any:
        return services.attach_files(lot=self.lot, actor=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return reverse("comparison:lot", args=[self.lot.pk])


class ArchiveAdd(OfLot, FormServiceView):
    form_class = ArchiveForm
    roles = UPLOADERS
    title = _("Add a ZIP archive")
    submit_label = _("Unpack and attach")
    intro = _(
        "Exports of the trading system (machine, people, bonds, bidders) may lie in the bidders' folders."
    )

    def perform(self, form: ArchiveForm) -> Any:
        return services.attach_archive(
            lot=self.lot,
            upload=form.cleaned_data["archive"],
            actor=self.request.user,  # type: ignore[arg-type]
        )

    def get_success_message(self) -> str:
        return _now("%(n)d files were attached.") % {"n": len(self.result.submissions)}

    def get_success_url(self) -> str:
        if passed_over := self.result.passed_over:
            words = _now("Passed over, because they are empty or of a kind that is not read: %(names)s.")
            messages.warning(self.request, words % {"names": "、".join(passed_over[:20])})
        return reverse("comparison:lot", args=[self.lot.pk])


class FileTaken(PageMixin, View):
    """A file as it was attached, only ever as a download."""

    roles = TEXT_READERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = get_object_or_404(Submission.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
        return attachment(file.file_name, services.read_submission(submission=file, actor=request.user))  # type: ignore[arg-type]


class FileRemoved(ActionView):
    roles = UPLOADERS
    success_message = _("The file was removed.")

    @cached_property
    def file(self) -> Submission:
        rows = Submission.objects.visible_to(self.request.user).select_related("lot")  # type: ignore[arg-type]
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def perform(self, request: HttpRequest) -> None:
        self.lot_id = self.file.lot_id
        services.remove_submission(submission=self.file, actor=request.user)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return reverse("comparison:lot", args=[self.lot_id])
