"""Evidence bundles: made of a finding as it stands, given out, verified (REFERENCE C.5)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.folders import AlteredFile
from wulian.core.files.models import StoredFile
from wulian.core.procedures.selectors import steps_of
from wulian.crypto import hexdigest
from wulian.information.comparison import bundling
from wulian.information.comparison.models import Bundle, EarlierBid, ExtractedText, Pair, SimilarityFinding
from wulian.information.comparison.permissions import READERS, TEXT_READERS
from wulian.information.comparison.selectors import sees_earlier_bids
from wulian.information.comparison.store import BUNDLES, REPORTS, TEXTS


def make_bundle(*, finding: SimilarityFinding, actor: User) -> Bundle:
    """Make and seal the evidence bundle of a finding; an earlier one stays.

    Raises Forbidden by role or scope, also for who does not see the dossier of an earlier bid that it would hold; Refusal when a
    text or report is missing or was altered.
    """
    require_role(actor, *TEXT_READERS)
    place = ""
    try:
        with transaction.atomic():
            locked = _locked(finding, actor)
            number = (locked.bundles.aggregate(last=Max("number"))["last"] or 0) + 1
            now = timezone.localtime()
            data, key_id = bundling.pack(dict(_parts(locked)), _about(locked, number, actor, _moment(now)))
            stored = BUNDLES.store([data])
            place = stored.name
            bundle = Bundle.objects.create(
                finding=locked, number=number, file_path=place, size=stored.size, sm3=stored.sm3, sha256=stored.sha256,
                key_id=key_id, made_by=actor, made_at=now,
            )  # fmt: skip
            record_event(
                actor=actor,
                verb="comparison.bundle_made",
                subject=locked,
                summary=str(bundle),
                data={"sm3": stored.sm3, "sha256": stored.sha256, "key": key_id},
            )
    except BaseException:
        BUNDLES.remove(place)
        raise
    return bundle


def _locked(finding: SimilarityFinding, actor: User) -> SimilarityFinding:
    rows = SimilarityFinding.objects.select_for_update(of=("self",))
    rows = rows.select_related("project", "lot", "run__ordered_by")
    locked = rows.visible_to(actor).filter(pk=finding.pk).first()
    if locked is None:
        raise Forbidden(_("This finding between bidders is not your department's."))
    _check_earlier(locked, actor)
    return locked


def _check_earlier(finding: SimilarityFinding, actor: User) -> None:
    if not sees_earlier_bids(actor, finding):
        raise Forbidden(
            _(
                "The bundle holds an earlier bid of a dossier that your department does not supervise; somebody who sees both has to make or take it."
            )
        )


def _about(finding: SimilarityFinding, number: int, actor: User, moment: str) -> dict[str, Any]:
    return {
        "finding": finding.pk,
        "number": number,
        "project": finding.project.name,
        "lot": finding.lot.name,
        "made_at": moment,
        "made_by": f"{actor.full_name}（{actor.department or ''}）",
    }


def read_bundle(*, bundle: Bundle, actor: User) -> bytes:
    """Return a bundle and write down who took it; raises Forbidden by role, Refusal when it is gone or was altered."""
    require_role(actor, *TEXT_READERS)
    _check_earlier(bundle.finding, actor)
    data = _content(bundle)
    record_event(
        actor=actor,
        verb="comparison.bundle_read",
        subject=bundle.finding,
        summary=str(bundle),
        data={"sm3": bundle.sm3},
    )
    return data


def verify_bundle(*, data: bytes, actor: User) -> bundling.Verified:
    """Say whether an archive, wherever it has been, is an unaltered bundle of this platform; written down."""
    require_role(actor, *READERS)
    verified = bundling.verify(data)
    record_event(
        actor=actor,
        verb="comparison.bundle_verified",
        summary="；".join(verified.problems)[:300] or _("unaltered"),
        data={"sm3": hexdigest(data), "finding": verified.manifest.get("finding")},
    )
    return verified


def _content(bundle: Bundle) -> bytes:
    try:
        data = BUNDLES.read(bundle.file_path)
    except (FileNotFoundError, AlteredFile):
        data = b""
    if hexdigest(data) != bundle.sm3:
        raise Refusal(_("“%(name)s” is missing or was altered.") % {"name": bundle.file_name})
    return data


def _parts(finding: SimilarityFinding) -> Iterator[tuple[str, bytes]]:
    """Everything that goes into the archive, by its name there."""
    texts = list(ExtractedText.objects.filter(Q(bidder__in=finding.subjects) | Q(bidder=""), run=finding.run))
    pairs = list(Pair.objects.filter(run=finding.run, a__in=finding.subjects, b__in=finding.subjects))
    yield "疑点.json", bundling.dumps(_finding(finding))
    yield "提取笔录.json", bundling.dumps(_record(finding))
    yield "原始文件校验值.json", bundling.dumps([_original(one) for one in texts])
    for number, text in enumerate(texts, 1):
        yield f"提取文本/{number:03d}.txt", read_text(text)
    yield (
        "相同段落.jsonl",
        b"".join(
            json.dumps(_passage(pair, one), ensure_ascii=False).encode() + b"\n"
            for pair in pairs
            for one in pair.passages.all()
        ),
    )
    earlier = list(finding.earlier_bids.select_related("text"))
    if earlier:
        yield "历史投标文件.json", bundling.dumps([_earlier(one) for one in earlier])
    for number, one in enumerate((use.text for use in earlier if use.text), 1):
        yield f"历史文本/{number:03d}.txt", read_text(one)
    for name, data in _report(finding, {f"pairs/{pair.number:04d}.html" for pair in pairs}):
        yield f"比对报告/{name}", data


def read_text(text: ExtractedText) -> bytes:
    """Return a stored text as it was extracted; raises Refusal when it is gone or was altered. The caller writes the reading down."""
    try:
        data = TEXTS.read(text.text_path)
    except (FileNotFoundError, AlteredFile):
        data = b"\x00altered"
    if hexdigest(data) != text.text_sm3:
        raise Refusal(_("The text of “%(name)s” is missing or was altered.") % {"name": text.name})
    return data


def _finding(finding: SimilarityFinding) -> dict[str, Any]:
    names = (
        "check_code", "title", "article", "confidence", "level", "strong", "subjects", "value", "threshold", "p_value", "tried",
        "weight", "remark", "evidence", "exclusions", "round", "state", "decision_note",
    )  # fmt: skip
    return {
        **{name: getattr(finding, name) for name in names},
        "state": finding.state_title,
        "level": str(finding.get_level_display()),
        "explanations": [_explanation(one) for one in finding.explanations.select_related("entered_by")],
        "opinions": [
            {
                "round": one.round,
                "officer": one.officer.name,
                "certificate_no": one.certificate_no,
                "conclusion": str(one.get_conclusion_display()),
                "text": one.text,
                "at": _moment(one.at),
            }
            for one in finding.opinions.select_related("officer__user")
        ],
        "steps": [
            {"event": one.event_title, "by": str(one.actor or ""), "at": _moment(one.at), "note": one.note}
            for one in steps_of(finding)
        ],
    }


def _explanation(one: Any) -> dict[str, Any]:
    files = StoredFile.objects.for_object(one)
    return {
        "bidder": one.bidder,
        "explained_on": one.explained_on.isoformat(),
        "said_nothing": one.is_silent,
        "text": one.text,
        "entered_by": one.entered_by.full_name,
        "entered_at": _moment(one.entered_at),
        "files": [{"name": file.title, "size": file.size, "sm3": file.sm3} for file in files],
    }


def _record(finding: SimilarityFinding) -> dict[str, Any]:
    """The record of the extraction: what, with which tool and settings, when, by whom, from where."""
    run = finding.run
    return {
        "comparison": run.pk,
        "ordered_by": f"{run.ordered_by.full_name}（{run.ordered_by.department or ''}）",
        "ordered_at": _moment(run.ordered_at),
        "started_at": _moment(run.started_at),
        "finished_at": _moment(run.finished_at),
        **run.extraction,
        "files_left_out": run.problems,
        "not_compared": run.notes,
    }


def _original(one: ExtractedText) -> dict[str, Any]:
    names = ("name", "bidder", "role", "format", "size", "sm3", "sha256", "pages", "characters", "text_sm3")
    return {name: getattr(one, name) for name in names}


def _earlier(one: EarlierBid) -> dict[str, Any]:
    names = ("number", "tender", "bidder", "file_name", "sha256", "own_file", "passages")
    return {
        **{name: getattr(one, name) for name in names},
        "text": _original(one.text) if one.text else None,
    }


def _passage(pair: Pair, one: Any) -> dict[str, Any]:
    names = ("number", "kind", "matched", "edits", "a", "b", "parts", "clause", "changes")
    return {"bidders": [pair.a, pair.b], **{name: getattr(one, name) for name in names}}


def _report(finding: SimilarityFinding, pages: set[str]) -> Iterator[tuple[str, bytes]]:
    """The pages of the report that are about these bidders, and the whole report on paper."""
    try:
        data = REPORTS.read(finding.run.report_path)
    except (FileNotFoundError, AlteredFile):
        raise Refusal(_("The report of the comparison is missing or was altered.")) from None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name in pages or name in ("index.html", "report.pdf"):
                yield name, archive.read(name)


def _moment(value: Any) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else ""
