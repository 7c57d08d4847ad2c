"""Verifying a finding: exclusions tested, bidders heard, two officers' opinions (REFERENCE C.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import CITY_REGION
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files import services as files
from wulian.core.files.uploads import Upload
from wulian.core.procedures.services import apply_event
from wulian.force.officers.models import Officer
from wulian.force.officers.parties import party_references
from wulian.force.officers.selectors import reasons_against, valid_certificate, with_records
from wulian.force.officers.services import check_officers
from wulian.information.comparison.choices import Conclusion, ExclusionState, State
from wulian.information.comparison.models import Explanation, Opinion, SimilarityFinding
from wulian.information.comparison.permissions import CHECKERS
from wulian.information.comparison.selectors import missing_for_decision, opinions_now, parties_of

EXPLANATION_FILES = "explanation"


def begin_check(*, finding: SimilarityFinding, actor: User) -> SimilarityFinding:
    """Take a finding up; raises Forbidden by role or scope, Refusal when it was taken up already."""
    with transaction.atomic():
        locked = _held(finding, actor)
        apply_event(subject=locked, event="begin", actor=actor, verb="comparison.begun")
    return locked


def record_exclusions(
    *, finding: SimilarityFinding, tests: Mapping[str, tuple[str, str]], actor: User
) -> SimilarityFinding:
    """Write down for exclusions of the tick list whether they apply (`ruled_out`, `applies`), and how that was tested.

    `tests` gives result and remark by the exclusion's words; a later test replaces an earlier one. Raises Refusal outside the
    check, for a reason that is not on the list, and for a result without a remark.
    """
    with transaction.atomic():
        locked = _held(finding, actor, checking=True)
        listed = {item["reason"]: item for item in locked.exclusions}
        changes = {}
        for reason, (state, remark) in tests.items():
            if reason not in listed:
                raise Refusal(_("Exclusion: choose one of the list."), field="reason")
            if state not in (ExclusionState.RULED_OUT, ExclusionState.APPLIES):
                raise Refusal(_("Result: say whether the exclusion applies."), field="state")
            if not remark.strip():
                raise Refusal(_("“%(reason)s”: say how it was tested.") % {"reason": reason}, field="remark")
            changes[reason] = [listed[reason]["state"], state]
            listed[reason].update(
                state=state, remark=remark.strip()[:500], by=actor.full_name, at=timezone.now().isoformat(timespec="seconds")
            )  # fmt: skip
        if not changes:
            raise Refusal(_("Nothing was tested yet: choose a result for at least one exclusion."))
        locked.explained = any(one["state"] == ExclusionState.APPLIES for one in locked.exclusions)
        locked.save(update_fields=["exclusions", "explained"])
        record_event(
            actor=actor,
            verb="comparison.exclusion_tested",
            subject=locked,
            summary="；".join(
                f"{reason}：{ExclusionState(new).label}" for reason, (_old, new) in changes.items()
            )[:300],
            changes=changes,
        )
    return locked


def hear_bidder(
    *,
    finding: SimilarityFinding,
    bidder: str,
    explained_on: dt.date,
    text: str,
    is_silent: bool,
    actor: User,
    uploads: Sequence[Upload] = (),
) -> Explanation:
    """Enter what a bidder said, with its files, or that it said nothing although it was asked.

    Raises Refusal outside the check, for a bidder that is not of this finding, without words, and for a day to come.
    """
    with transaction.atomic():
        locked = _held(finding, actor, checking=True)
        if bidder not in locked.subjects:
            raise Refusal(_("Bidder: choose one of this finding."), field="bidder")
        if explained_on > timezone.localdate():
            raise Refusal(_("Day: it is not yet reached."), field="explained_on")
        if not is_silent and not text.strip():
            raise Refusal(
                _("Explanation: write down what the bidder said, or that it said nothing."), field="text"
            )
        heard = Explanation.objects.create(
            finding=locked, bidder=bidder, explained_on=explained_on, text=text.strip(), is_silent=is_silent, entered_by=actor
        )  # fmt: skip
        files.attach_files(
            subject=heard,
            uploads=uploads,
            actor=actor,
            anonymous=False,
            role=EXPLANATION_FILES,
            field="uploads",
        )
        record_event(
            actor=actor,
            verb="comparison.bidder_heard",
            subject=locked,
            summary=f"{bidder}（{explained_on}）：{'经告知未作说明' if is_silent else text.strip()}"[:300],
            data={"files": len(uploads)},
        )
    return heard


def give_opinion(*, finding: SimilarityFinding, conclusion: str, text: str, actor: User) -> Opinion:
    """Give one's opinion as an enforcement officer with a valid certificate and no recusal; once in a round.

    Raises Forbidden for who is no officer, Refusal naming each reason why this officer may not act, and without words.
    """
    with transaction.atomic():
        locked = _held(finding, actor, checking=True)
        officer = with_records(Officer.objects.filter(user=actor)).first()
        if officer is None:
            raise Forbidden(
                _(
                    "Opinions are given by enforcement officers with a certificate; you are not in the library."
                )
            )
        certificate = _certificate(locked, officer)
        if conclusion not in Conclusion.values:
            raise Refusal(_("Conclusion: choose one of the list."), field="conclusion")
        if not text.strip():
            raise Refusal(_("Opinion: say what it rests on."), field="text")
        opinion = Opinion(
            finding=locked, round=locked.round, officer=officer, certificate_no=certificate, conclusion=conclusion,
            text=text.strip(),
        )  # fmt: skip
        try:
            with transaction.atomic():
                opinion.save()
        except IntegrityError:
            raise Refusal(_("You have given your opinion; the second one is another officer's.")) from None
        record_event(
            actor=actor,
            verb="comparison.opinion_given",
            subject=locked,
            summary=f"{Conclusion(conclusion).label}：{text.strip()}"[:300],
            data={"certificate": certificate, "round": locked.round},
        )
    return opinion


def submit_finding(*, finding: SimilarityFinding, actor: User, note: str = "") -> SimilarityFinding:
    """Submit a finding for a decision; raises Refusal that names all that is missing, or officers who may no longer act."""
    with transaction.atomic():
        locked = _held(finding, actor, checking=True)
        if missing := missing_for_decision(locked):
            raise Refusal(_("Not complete: %(missing)s.") % {"missing": "；".join(missing)})
        opinions = opinions_now(locked)
        check_officers(
            officers=[one.officer for one in opinions],
            authority=opinions[0].officer.authority,
            on=timezone.localdate(),
            parties=parties_of(locked),
            **_place(locked),
        )
        apply_event(subject=locked, event="submit", actor=actor, note=note, verb="comparison.submitted")
    return locked


def _certificate(finding: SimilarityFinding, officer: Officer) -> str:
    """Return the certificate that carries the opinion, or raise Refusal with every reason against the officer."""
    on, parties = timezone.localdate(), party_references(parties_of(finding))
    reasons = reasons_against(officer, authority=officer.authority, on=on, parties=parties, **_place(finding))
    certificate = valid_certificate(officer, on=on, **_place(finding))
    if reasons or certificate is None:
        raise Refusal(
            _("%(name)s may not give an opinion on this finding: %(reasons)s.")
            % {"name": officer.name, "reasons": "；".join(reasons)}
        )
    return certificate.number


def _place(finding: SimilarityFinding) -> dict[str, str]:
    project = finding.project
    return {"sector": project.sector, "region_code": project.region_code or CITY_REGION}


def _held(finding: SimilarityFinding, actor: User, *, checking: bool = False) -> SimilarityFinding:
    """Hold the row for one who checks it; raises Forbidden by role or scope, Refusal outside the check."""
    require_role(actor, *CHECKERS)
    rows = SimilarityFinding.objects.select_for_update(of=("self",)).select_related("project", "lot")
    locked = rows.visible_to(actor).filter(pk=finding.pk).first()
    if locked is None:
        raise Forbidden(_("This finding between bidders is not your department's."))
    if checking and locked.state != State.CHECKING:
        raise Refusal(
            _("This is possible while the finding is being checked; it stands at “%(state)s”.")
            % {"state": locked.state_title},
            field="state",
        )
    return locked
