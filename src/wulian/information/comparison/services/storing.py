"""Storing what a comparison found: texts and report sealed, pairs and passages as rows, findings joined with earlier ones."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wulian.core.audit.services import record_event
from wulian.core.files.folders import FileFolder
from wulian.core.ui.notifications import notify
from wulian.crypto import hexdigest
from wulian.information.comparison.choices import ExclusionState, FileRole, RunState, State
from wulian.information.comparison.models import (
    EarlierBid,
    ExtractedText,
    Pair,
    Passage,
    Run,
    SimilarityFinding,
    Submission,
)
from wulian.information.comparison.parameters import earlier_label
from wulian.information.comparison.services.library import Offered
from wulian.information.comparison.store import REPORTS, TEXTS

FACTS = (
    "title", "article", "confidence", "level", "strong", "value", "threshold", "p_value", "weight", "remark", "evidence",
)  # fmt: skip


EARLIER = "C-1"


def store_result(*, run: Run, result: dict[str, Any], folder: Path, offered: Mapping[int, Offered]) -> int:
    """Store a result in one transaction; return how many findings there are. Files are removed when it fails.

    `offered` are the earlier documents that were compared, by their number.
    """
    kept: list[Callable[[], None]] = []
    try:
        with transaction.atomic():
            _texts(run, result["files"], folder / "texts", kept)
            run.report_path = _store(REPORTS, _zipped(folder / "report"), kept)
            _pairs(run, result["pairs"])
            count = _findings(run, result["findings"], {earlier_label(n): one for n, one in offered.items()})
            run.state, run.finished_at, run.files_read = RunState.DONE, timezone.now(), run.file_count
            run.bidders, run.bidder_count = result["bidders"], len(result["bidders"])
            run.problems, run.notes, run.extraction = (
                result["problems"],
                result["notes"],
                result["extraction"],
            )
            run.finding_count = count
            run.save()
            record_event(
                actor=None,
                verb="comparison.finished",
                subject=run,
                summary=str(run.lot),
                data={"findings": count, "pairs": len(result["pairs"]), "tool": run.extraction["tool"]},
            )
            notify(
                users=[run.ordered_by],
                title=_("Bids compared: %(lot)s") % {"lot": run.lot},
                url=run.get_absolute_url(),
                body=ngettext("%(n)d finding to verify", "%(n)d findings to verify", count) % {"n": count},
            )
    except BaseException:
        for remove in kept:
            remove()
        raise
    return count


def _store(folder: FileFolder, data: bytes, kept: list[Callable[[], None]]) -> str:
    name = folder.store([data]).name
    kept.append(lambda: folder.remove(name))
    return name


def _zipped(folder: Path) -> bytes:
    """Pack a folder; the same content always gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


def _texts(run: Run, files: list[dict[str, Any]], folder: Path, kept: list[Callable[[], None]]) -> None:
    attached = {one.name: one for one in Submission.objects.filter(lot=run.lot).exclude(role=FileRole.RECORD)}
    rows = []
    for one in files:
        data, original = (folder / one["text"]).read_bytes(), attached[one["name"]]
        rows.append(
            ExtractedText(
                run=run,
                role=original.role,
                bidder=one["bidder"],
                name=one["name"],
                format=one["format"],
                size=original.size,
                sm3=original.sm3,
                sha256=original.sha256,
                pages=one["pages"],
                page_starts=one["page_starts"],
                characters=one["characters"],
                text_path=_store(TEXTS, data, kept),
                text_sm3=hexdigest(data),
            )
        )
    ExtractedText.objects.bulk_create(rows, batch_size=200)


def _pairs(run: Run, pairs: list[dict[str, Any]]) -> None:
    rows = [
        Pair(
            run=run,
            number=one["number"],
            a=one["a"],
            b=one["b"],
            level=one["level"],
            containment=one["containment"],
            matched=one["matched"],
            passage_count=len(one["passages"]),
            deviation_count=len(one["deviations"]),
        )
        for one in pairs
    ]
    Pair.objects.bulk_create(rows, batch_size=200)
    by_number = {row.number: row for row in run.pairs.all()}
    Passage.objects.bulk_create(
        [row for one in pairs for row in _passages(by_number[one["number"]], one)], batch_size=200
    )


def _passages(pair: Pair, one: dict[str, Any]) -> Iterator[Passage]:
    """Shared private changes first: they are the rarest; then the longest passages."""
    number = 0
    for deviation in one["deviations"]:
        number += 1
        yield Passage(
            pair=pair,
            number=number,
            kind="deviation",
            matched=deviation["a"]["end"] - deviation["a"]["start"],
            edits=len(deviation["changes"]),
            a=deviation["a"],
            b=deviation["b"],
            clause=deviation["clause"],
            changes=deviation["changes"],
        )
    for passage in one["passages"]:
        number += 1
        yield Passage(
            pair=pair,
            number=number,
            kind=passage["kind"],
            matched=passage["matched"],
            edits=passage["edits"],
            a=passage["a"],
            b=passage["b"],
            parts=passage["parts"],
        )


def _findings(run: Run, findings: list[dict[str, Any]], earlier: Mapping[str, Offered]) -> int:
    """Enter new findings and bring known ones up to date; those nobody has touched and that are gone go."""
    known = {one.key: one for one in SimilarityFinding.objects.filter(lot=run.lot)}
    keys: set[str] = set()
    fresh, changed = [], []
    uses: list[EarlierBid] = []
    for rank, one in enumerate(findings):
        key = _key(one, keys, earlier)
        keys.add(key)
        finding = known.get(key)
        if finding is None:
            fresh.append(
                _fill(SimilarityFinding(project_id=run.project_id, lot=run.lot, key=key), run, one, rank)
            )
            fresh[-1].state = SimilarityFinding.get_procedure().start
        else:
            changed.append(_fill(finding, run, one, rank))
        if one["check"] == EARLIER:
            uses.append(_earlier_bid(finding or fresh[-1], one, earlier))
    SimilarityFinding.objects.bulk_create(fresh, batch_size=100)
    columns = ["run", "rank", "tried", "explained", "exclusions", *FACTS]
    SimilarityFinding.objects.bulk_update(changed, columns, batch_size=100)
    gone = [one.pk for key, one in known.items() if key not in keys and one.state == State.WAITING]
    SimilarityFinding.objects.filter(pk__in=gone).delete()
    _earlier_bids(uses)
    return len(keys)


def _earlier_bids(uses: list[EarlierBid]) -> None:
    """Enter whose words the findings' bids have; what a decision rested on stays as it was."""
    open_ones = [one for one in uses if not one.finding.is_finished]
    EarlierBid.objects.filter(finding__in=[one.finding.pk for one in open_ones]).delete()
    EarlierBid.objects.bulk_create(open_ones, batch_size=100)


def _earlier_bid(
    finding: SimilarityFinding, one: dict[str, Any], earlier: Mapping[str, Offered]
) -> EarlierBid:
    """The earlier document of a finding: its evidence is by turns a place in the bid and one in the earlier text."""
    mine, theirs = one["evidence"][::2], one["evidence"][1::2]
    offered = earlier[theirs[0]["source"]]
    document, text = offered.earlier, offered.text
    lot = text.run.lot if text else None
    return EarlierBid(
        finding=finding,
        number=document.number,
        project_id=lot.project_id if lot else None,
        lot=lot,
        text=text,
        tender=document.tender[:400],
        bidder=document.bidder[:100],
        file_name=document.name[:401],
        sha256=document.sha256,
        own_file=mine[0]["source"],
        passages=[[a["start"], a["end"], b["start"], b["end"]] for a, b in zip(mine, theirs, strict=True)],
    )


def _key(one: dict[str, Any], taken: set[str], earlier: Mapping[str, Offered]) -> str:
    """The same check between the same bidders at the same values is the same finding; a second one counts on."""
    places: list[Any] = []
    if one["check"].startswith(("M", "H", "R")):
        places = sorted((item["source"], item["value"]) for item in one["evidence"])
    elif one["check"] == EARLIER:
        document = earlier[one["evidence"][1]["source"]].earlier
        places = [one["evidence"][0]["source"], document.origin, document.bidder, document.sha256]
    number, parts = 0, [one["check"], one["subjects"], places]
    while (key := hexdigest(json.dumps([*parts, number], ensure_ascii=False).encode())) in taken:
        number += 1
    return key


def _fill(finding: SimilarityFinding, run: Run, one: dict[str, Any], rank: int) -> SimilarityFinding:
    """Take over what was found; what people tested stays, unless the finding is decided: then nothing changes but the run."""
    finding.run, finding.rank = run, rank
    finding.check_code, finding.subjects = one["check"], one["subjects"]
    if finding.pk and finding.is_finished:
        return finding
    for name in FACTS:
        setattr(finding, name, one[name])
    finding.value, finding.threshold = finding.value[:500], finding.threshold[:200]
    finding.tried = one["pairs_tried"]
    tested = {item["reason"]: item for item in finding.exclusions if item.get("by")}
    finding.exclusions = [tested.get(item["reason"], item) for item in one["exclusions"]]
    finding.explained = any(item["state"] == ExclusionState.APPLIES for item in finding.exclusions)
    return finding
