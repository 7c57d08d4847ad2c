"""Pages of findings: the list, one with all that people did about it, and the steps."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.files.models import StoredFile
from wulian.core.procedures.selectors import available_events
from wulian.core.ui import menu
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin
from wulian.force.officers.models import Officer
from wulian.information.comparison import services
from wulian.information.comparison.choices import DECISIONS, State
from wulian.information.comparison.filters import FindingFilter
from wulian.information.comparison.forms import DecisionForm, ExclusionsForm, ExplanationForm, OpinionForm
from wulian.information.comparison.models import Explanation, SimilarityFinding
from wulian.information.comparison.permissions import (
    CHECKERS,
    DECIDERS,
    READERS,
    may_check,
    may_read_texts,
)
from wulian.information.comparison.presentation import evidence_by_bidder
from wulian.information.comparison.selectors import (
    earlier_bids,
    listed_findings,
    missing_for_decision,
    opinions_now,
    pair_of,
    sees_earlier_bids,
)
from wulian.information.comparison.tables import FindingTable


class FindingList(ListView):
    """Every finding the user sees, the latest comparison first, in it the gravest first."""

    model = SimilarityFinding
    table_class = FindingTable
    filter_class = FindingFilter
    roles = READERS
    wing = menu.INFORMATION
    title = _("Comparison of bids")
    subtitle = _(
        "What bidders have in common beyond the tender document; a candidate or a hint, never a violation before people decided"
    )
    empty_title = _("Nothing was found between bidders yet")
    empty_text = _("Open a dossier and attach the bids of a lot under “Comparison of bids”.")

    def get_queryset(self) -> QuerySet[SimilarityFinding]:
        return listed_findings(self.request.user)

    def get_actions(self) -> list[Action]:
        return [
            Action(_("Comparisons"), reverse("comparison:runs"), "history"),
            Action(_("Verify an evidence bundle"), reverse("comparison:verify"), "shield-check"),
        ]


class OfFinding(PageMixin):
    """A page of one finding the user sees."""

    wing = menu.INFORMATION
    roles = READERS
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def finding(self) -> SimilarityFinding:
        rows = listed_findings(self.request.user).select_related("project", "decided_by", "outcome_type")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        crumbs = [
            Crumb(_("Comparison of bids"), reverse("comparison:findings")),
            Crumb(str(self.finding.lot), self.finding.run.get_absolute_url()),
        ]
        if not isinstance(self, FindingView):
            crumbs.append(Crumb(self.finding.title, self.finding.get_absolute_url()))
        return crumbs

    def get_success_url(self) -> str:
        return self.finding.get_absolute_url()


class FindingView(OfFinding, TemplateView):
    """One finding: facts, evidence, exclusions, explanations, opinions, decision, bundles."""

    template_name = "comparison/finding.html"

    def get_title(self) -> str:
        return str(self.finding.title)

    def get_actions(self) -> list[Action]:
        user, finding = self.request.user, self.finding
        pk = [finding.pk]
        events = {one.event for one in available_events(finding, user)}
        actions = []
        if "begin" in events:
            actions.append(
                Action(
                    _("Begin to verify"),
                    reverse("comparison:begin", args=pk),
                    "player-play",
                    "btn-primary",
                    "post",
                )
            )
        if "submit" in events and not missing_for_decision(finding):
            actions.append(
                Action(
                    _("Submit for a decision"),
                    reverse("comparison:submit", args=pk),
                    "send",
                    "btn-primary",
                    "post",
                )
            )
        if events & set(DECISIONS):
            actions.append(Action(_("Decide"), reverse("comparison:decide", args=pk), "gavel", "btn-primary"))
        pair = pair_of(finding)
        if pair and may_read_texts(user) and (pair.passage_count or pair.deviation_count):
            actions.append(Action(_("Side by side"), pair.get_absolute_url(), "columns"))
        if may_read_texts(user) and sees_earlier_bids(user, finding):
            actions.append(
                Action(
                    _("Make an evidence bundle"),
                    reverse("comparison:make_bundle", args=pk),
                    "package",
                    "",
                    "post",
                )
            )
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        finding, user = self.finding, self.request.user
        checking = finding.state == State.CHECKING and may_check(user)
        explanations = list(finding.explanations.select_related("entered_by"))
        evidence = services.read_evidence(finding=finding, actor=user)
        given = opinions_now(finding)
        return {
            **super().get_context_data(**kwargs),
            "finding": finding,
            "evidence": evidence_by_bidder(evidence),
            "earlier": earlier_bids(user, finding=finding),
            "shows_words": may_read_texts(user),
            "explanations": _with_files(explanations),
            "not_heard": [
                name for name in finding.subjects if name not in {one.bidder for one in explanations}
            ],
            "opinions": finding.opinions.select_related("officer__user", "officer__authority"),
            "missing": missing_for_decision(finding) if finding.state == State.CHECKING else [],
            "checking": checking,
            "may_give_opinion": checking
            and Officer.objects.filter(user=user).exists()
            and all(one.officer.user_id != user.pk for one in given),
            "bundles": finding.bundles.select_related("made_by"),
            "may_take": may_read_texts(user),
        }


def _with_files(explanations: list[Explanation]) -> list[tuple[Explanation, list[StoredFile]]]:
    """The files of all explanations with one query."""
    if not explanations:
        return []
    rows = StoredFile.objects.filter(
        content_type=ContentType.objects.get_for_model(Explanation),
        object_id__in=[one.pk for one in explanations],
    )
    by_owner: dict[int, list[StoredFile]] = {}
    for row in rows:
        by_owner.setdefault(row.object_id, []).append(row)
    return [(one, by_owner.get(one.pk, [])) for one in explanations]


class Begin(OfFinding, ActionView):
    roles = CHECKERS
    success_message = _("The finding is being verified.")

    def perform(self, request: HttpRequest) -> SimilarityFinding:
        return services.begin_check(finding=self.finding, actor=request.user)


class Exclusions(OfFinding, FormServiceView):
    roles = CHECKERS
    form_class = ExclusionsForm
    title = _("Test the exclusions")
    submit_label = _("Write down")
    success_message = _("The tests are written down.")
    intro = _(
        "An exclusion that applies explains the finding; one that was tested and does not apply is part of the evidence."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "finding": self.finding}

    def perform(self, form: ExclusionsForm) -> SimilarityFinding:
        return services.record_exclusions(finding=self.finding, tests=form.tests(), actor=self.request.user)


class Hear(OfFinding, FormServiceView):
    roles = CHECKERS
    form_class = ExplanationForm
    title = _("Enter an explanation")
    submit_label = _("Enter")
    success_message = _("The explanation is entered.")

    def get_initial(self) -> dict[str, Any]:
        return {"bidder": self.request.GET.get("bidder", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "finding": self.finding}

    def perform(self, form: ExplanationForm) -> Explanation:
        return services.hear_bidder(finding=self.finding, actor=self.request.user, **form.cleaned_data)


class GiveOpinion(OfFinding, FormServiceView):
    roles = CHECKERS
    form_class = OpinionForm
    title = _("Give an opinion")
    submit_label = _("Sign the opinion")
    success_message = _("The opinion is entered; it cannot be changed.")

    def perform(self, form: OpinionForm) -> Any:
        return services.give_opinion(finding=self.finding, actor=self.request.user, **form.cleaned_data)


class Submit(OfFinding, ActionView):
    roles = CHECKERS
    success_message = _("The finding is submitted for a decision.")

    def perform(self, request: HttpRequest) -> SimilarityFinding:
        return services.submit_finding(finding=self.finding, actor=request.user)


class Decide(OfFinding, FormServiceView):
    roles = DECIDERS
    form_class = DecisionForm
    title = _("Decide")
    submit_label = _("Decide")
    success_message = _("The decision is written down.")

    def get_form_kwargs(self) -> dict[str, Any]:
        offered = [(one.event, one.title) for one in available_events(self.finding, self.request.user)]
        return {**super().get_form_kwargs(), "offered": offered}

    def perform(self, form: DecisionForm) -> SimilarityFinding:
        return services.decide_finding(finding=self.finding, actor=self.request.user, **form.cleaned_data)
