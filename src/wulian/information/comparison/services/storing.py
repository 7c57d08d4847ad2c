"""Storing what a comparison found: texts and report sealed, pairs and passages as rows, findings joined with earlier ones."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
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
    ExtractedText,
    Pair,
    Passage,
    Run,
    SimilarityFinding,
    Submission,
)
from wulian.information.comparison.store import REPORTS, TEXTS

FACTS = (
    "title", "article", "confidence", "level", "strong", "value", "threshold", "p_value", "weight", "remark", "evidence",
)  # fmt: skip


def store_result(*, run: Run, result: dict[str, Any], folder: Path) -> int:
    """Store a result in one transaction; return how many findings there are. Files are removed when it fails."""
    kept: list[Callable[[], None]] = []
    try:
        with transaction.atomic():
            _texts(run, result["files"], folder / "texts", kept)
            run.report_path = _store(REPORTS, _zipped(folder / "report"), kept)
            _pairs(run, result["pairs"])
            count = _findings(run, result["findings"])
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


def _findings(run: Run, findings: list[dict[str, Any]]) -> int:
    """Enter new findings and bring known ones up to date; those nobody has touched and that are gone go."""
    known = {one.key: one for one in SimilarityFinding.objects.filter(lot=run.lot)}
    keys: set[str] = set()
    fresh, changed = [], []
    for rank, one in enumerate(findings):
        key = _key(one, keys)
        keys.add(key)
        finding = known.get(key)
        if finding is None:
            fresh.append(
                _fill(SimilarityFinding(project_id=run.project_id, lot=run.lot, key=key), run, one, rank)
            )
            fresh[-1].state = SimilarityFinding.get_procedure().start
        else:
            changed.append(_fill(finding, run, one, rank))
    SimilarityFinding.objects.bulk_create(fresh, batch_size=100)
    columns = ["run", "rank", "tried", "explained", "exclusions", *FACTS]
    SimilarityFinding.objects.bulk_update(changed, columns, batch_size=100)
    gone = [one.pk for key, one in known.items() if key not in keys and one.state == State.WAITING]
    SimilarityFinding.objects.filter(pk__in=gone).delete()
    return len(keys)


def _key(one: dict[str, Any], taken: set[str]) -> str:
    """The same check between the same bidders at the same values is the same finding; a second one counts on."""
    places = sorted((item["source"], item["value"]) for item in one["evidence"])
    number, parts = (
        0,
        [one["check"], one["subjects"], places if one["check"].startswith(("M", "H", "R")) else []],
    )
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
