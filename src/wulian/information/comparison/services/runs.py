"""Comparing the bids of a lot: ordered by a person, done by the worker in a limited process, stored whole or not at all."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.analysis.confined import confined
from wulian.analysis.similarity.library import LibraryError
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.notifications import notify
from wulian.information.comparison import parameters
from wulian.information.comparison.choices import RUNNING, FileRole, RunState
from wulian.information.comparison.models import Run, Submission
from wulian.information.comparison.permissions import UPLOADERS
from wulian.information.comparison.records import write_records
from wulian.information.comparison.services.library import Offered, offer_earlier
from wulian.information.comparison.services.storing import store_result
from wulian.information.comparison.store import FILES, workshop
from wulian.information.registry.models import Lot

WORKER: Final = "wulian.information.comparison.worker"
FEWEST_BIDDERS: Final = 2
_LOG: Final = logging.getLogger(__name__)


def order_comparison(*, lot: Lot, actor: User) -> Run:
    """Queue a comparison of all files of a lot, one at a time.

    Raises Forbidden by role or scope; Refusal while one is at work, or with the files of fewer than two bidders. A comparison
    that lost its worker makes way for the new one.
    """
    from wulian.information.comparison.tasks import compare_in_background

    require_role(actor, *UPLOADERS)
    if not Lot.objects.visible_to(actor).filter(pk=lot.pk).exists():
        raise Forbidden(_("This lot is not one of your department's."))
    files = Submission.objects.filter(lot=lot)
    bidders = files.filter(role=FileRole.BID).values("bidder").distinct().count()
    if bidders < FEWEST_BIDDERS:
        raise Refusal(
            _("Files of at least two bidders are needed; there are those of %(n)d.") % {"n": bidders}
        )
    with transaction.atomic():
        _end_lost(lot)
        run = _new_run(lot, actor, bidders)
        record_event(
            actor=actor,
            verb="comparison.ordered",
            subject=run,
            summary=str(lot),
            data={"files": run.file_count, "bidders": bidders},
        )
        compare_in_background.enqueue(run.pk)
    return run


def _new_run(lot: Lot, actor: User, bidders: int) -> Run:
    run = Run(project_id=lot.project_id, lot=lot, ordered_by=actor, bidder_count=bidders)
    run.file_count = Submission.objects.filter(lot=lot).exclude(role=FileRole.RECORD).count()
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        raise Refusal(_("A comparison of this lot is at work already.")) from None
    return run


def _end_lost(lot: Lot) -> None:
    for run in Run.objects.filter(lot=lot, state__in=RUNNING):
        if run.is_lost:
            _fail(run, _("The worker ended without a result; start it again."))


def run_comparison(*, run_id: int) -> int:
    """Do a comparison that waits; return how many findings it has, 0 for one that does not wait (it was done, or is at work)."""
    from wulian.information.comparison.tasks import keep_in_background

    claimed = Run.objects.filter(pk=run_id, state=RunState.WAITING).update(
        state=RunState.READING, started_at=timezone.now(), files_read=0, message=""
    )
    if not claimed:
        return 0
    run = Run.objects.select_related("lot__project", "ordered_by__department").get(pk=run_id)
    folder = Path(tempfile.mkdtemp(dir=workshop()))
    try:
        _lay_out(run, folder)
        done = _work(run, folder)
        if done.refusal:
            _fail(run, done.refusal, done.problems)
            return 0
        Run.objects.filter(pk=run.pk).update(state=RunState.STORING)
        result = json.loads((folder / "out" / "result.json").read_text(encoding="utf-8"))
        count = store_result(run=run, result=result, folder=folder / "out", offered=done.offered)
        keep_in_background.enqueue(run.lot_id)
        return count
    except Exception as error:
        _fail(run, str(error)[:500])
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """End comparisons that lost their worker, and remove what such a worker left lying open; return how many folders went."""
    for run in Run.objects.filter(state__in=RUNNING, started_at__lt=timezone.now() - parameters.LOST_AFTER):
        _fail(run, _("The worker ended without a result; start it again."))
    oldest = (timezone.now() - parameters.LOST_AFTER).timestamp()
    left = [path for path in workshop().iterdir() if path.stat().st_mtime < oldest]
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
    return len(left)


def _lay_out(run: Run, folder: Path) -> None:
    """Put the files where the process reads them, and the job beside them."""
    (folder / "files").mkdir()
    (folder / "records").mkdir()
    listed, records = [], []
    submissions = list(Submission.objects.filter(lot=run.lot))
    for number, one in enumerate(submissions):
        if one.role == FileRole.RECORD:
            records.append(one)
            continue
        place = f"{number:05d}{Path(one.file_name).suffix.lower()}"
        _write(one, folder / "files" / place)
        listed.append({"place": place, "name": one.name, "bidder": one.bidder, "role": one.role})
    bidders = {one["bidder"] for one in listed} - {""}
    extracted = [] if records else write_records(folder / "records", lot=run.lot, bidders=bidders)
    for one in records:
        target = folder / "records" / one.bidder / Path(one.file_name).name
        target.parent.mkdir(exist_ok=True)
        _write(one, target)
    job = {
        "files": listed,
        "operators": [f"{run.ordered_by.full_name}（{run.ordered_by.department or ''}）"],
        "source_system": _source(run, records, extracted),
        "fonts": os.environ.get("WULIAN_FONTS", ""),
        "limits": {
            "cpu": parameters.RUN_CPU_SECONDS,
            "memory": parameters.RUN_MEMORY,
            "output": parameters.RUN_OUTPUT,
        },
    }
    (folder / "job.json").write_text(json.dumps(job, ensure_ascii=False), encoding="utf-8")


def _source(run: Run, records: list[Submission], extracted: list[str]) -> str:
    """Say where files and records came from."""
    words = f"投标文件由执法人员上传；项目数据来源：{run.lot.project.source_system}"
    if records:
        return f"{words}；机器码等记录为上传的交易系统导出文件"
    return f"{words}；机器码等记录取自项目档案（{'、'.join(extracted)}）" if extracted else words


def _write(submission: Submission, target: Path) -> None:
    """Write a file open for the reading process; raises when it is not what was attached."""
    digest = hashlib.sha256()
    with target.open("xb") as file:
        for chunk in FILES.chunks(submission.file_path):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != submission.sha256:
        raise ValueError(_("“%(name)s” is not what was attached.") % {"name": submission.name})


@dataclass
class _Work:
    """What came of the work: why there is no result, the files that could not be read, and the earlier documents it was given."""

    refusal: str = ""
    problems: list[dict[str, str]] = field(default_factory=list)
    offered: dict[int, Offered] = field(default_factory=dict)


def _work(run: Run, folder: Path) -> _Work:
    """Let the process work, follow its progress, and answer what it asks of the city's memory."""
    work, done = _Work(), False
    with confined(WORKER, [str(folder)], seconds=parameters.RUN_SECONDS, takes_input=True) as child:
        for line in child.answer:
            said: dict[str, Any] = json.loads(line)
            if "read" in said:
                Run.objects.filter(pk=run.pk).update(files_read=said["read"])
            elif "stage" in said:
                Run.objects.filter(pk=run.pk).update(state=RunState.COMPARING)
            elif "asked" in said:
                answer, work.offered = _ask_library(run, folder, said["asked"])
                child.feed([json.dumps(answer).encode()])
            elif "refused" in said:
                return _Work(said["refused"], said["problems"])
            done = done or "done" in said
    if not done:
        work.refusal = (
            "比对用时过长，已停止；请减少文件后重新开始"
            if child.is_late
            else "比对程序异常结束，可能超出内存限度；请减少文件后重新开始"
        )
    return work


def _ask_library(run: Run, folder: Path, bidders: list[str]) -> tuple[dict[str, Any], dict[int, Offered]]:
    """Ask the city's memory; a memory that cannot be asked is told in the result and stops nothing."""
    try:
        return offer_earlier(run, folder, bidders)
    except (LibraryError, ValueError, OSError) as problem:
        _LOG.exception("the library of earlier bids cannot be asked")
        return {"problem": str(problem)[:200]}, {}


def _fail(run: Run, message: str, problems: list[dict[str, str]] | None = None) -> None:
    with transaction.atomic():
        run.state, run.message, run.finished_at = RunState.FAILED, message, timezone.now()
        run.problems = problems or []
        run.save(update_fields=["state", "message", "finished_at", "problems"])
        record_event(actor=None, verb="comparison.failed", subject=run, summary=message[:300])
        notify(
            users=[run.ordered_by],
            title=_("A comparison of bids failed"),
            url=run.get_absolute_url(),
            body=message,
        )
