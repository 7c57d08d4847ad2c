"""The city's memory of earlier bids: bids of compared lots come in, withdrawn ones go, and a new comparison asks it.

The folder holds fingerprints only, shared with the command ``wulian library``; the texts stay sealed where the comparison put them.
A document's origin says of which lot it is.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings
from django.utils import timezone

from wulian.analysis.similarity.library import Earlier, Library, is_library
from wulian.analysis.similarity.library.index import fingerprints_of
from wulian.analysis.similarity.memory import nearest
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.information.comparison import parameters
from wulian.information.comparison.choices import FileRole, RunState
from wulian.information.comparison.models import ExtractedText, Run, Submission
from wulian.information.comparison.selectors import opening_of
from wulian.information.comparison.services.bundles import read_text
from wulian.information.comparison.store import library_folder

ORIGIN: Final = "lot/"
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offered:
    """An earlier document that a comparison was given: as the library knows it, and its text here (none for one from outside)."""

    earlier: Earlier
    text: ExtractedText | None


def open_library() -> Library:
    """Return the city's memory, which is made when there is none; raises LibraryError when it cannot be used."""
    return _library(str(library_folder()))


def forget_open_library() -> None:
    """Forget what was read of a library that was removed."""
    _library.cache_clear()


@lru_cache(maxsize=2)
def _library(path: str) -> Library:
    return Library(Path(path), create=True)


def keep_bids(*, lot_id: int) -> int:
    """Take the bids of a lot's latest comparison into the city's memory and its withdrawn ones out; return how many came or went."""
    run = (
        Run.objects.filter(lot=lot_id, state=RunState.DONE)
        .select_related("lot__project")
        .order_by("-pk")
        .first()
    )
    if run is None and not is_library(library_folder()):
        return 0
    library, origin = open_library(), f"{ORIGIN}{lot_id}"
    there = {
        (one.bidder, one.sha256): number
        for number, one in library.documents().items()
        if one.origin == origin
    }
    wanted = {(one.bidder, one.sha256): one for one in _texts_of(run)} if run else {}
    gone = library.remove([number for key, number in there.items() if key not in wanted])
    missing = [one for key, one in wanted.items() if key not in there]
    added = _add(library, run, missing, origin) if run and missing else []
    if added or gone:
        record_event(
            actor=None,
            verb="comparison.library_kept",
            subject=run.lot if run else None,
            summary=f"{run.lot if run else origin}：+{len(added)} −{len(gone)}",
            data={"added": [one.number for one in added], "removed": [one.number for one in gone]},
        )
    return len(added) + len(gone)


def tidy_library() -> int:
    """Take out what was withdrawn and what was kept long enough, and look after the latest comparisons; return how many went or came."""
    moved = sum(
        keep_bids(lot_id=lot_id)
        for lot_id in Run.objects.filter(
            state=RunState.DONE, finished_at__gte=timezone.now() - parameters.KEPT_AGAIN
        )
        .values_list("lot", flat=True)
        .distinct()
    )
    if not is_library(library_folder()):
        return moved
    library = open_library()
    oldest = (timezone.now() - timedelta(days=365 * settings.COMPARISON_LIBRARY_YEARS)).isoformat()
    ours = {one.origin for one in library.documents().values() if one.origin.startswith(ORIGIN)}
    present = set(_attached(_lots(ours)))
    gone = library.remove(
        number
        for number, one in library.documents().items()
        if one.added_at < oldest
        or (one.origin in ours and (_lot(one.origin), one.bidder, one.sha256) not in present)
    )
    if gone:
        record_event(
            actor=None, verb="comparison.library_kept", summary=f"−{len(gone)}", data={"removed": [one.number for one in gone]}
        )  # fmt: skip
    return moved + len(gone)


def offer_earlier(
    run: Run, folder: Path, bidders: Sequence[str]
) -> tuple[dict[str, Any], dict[int, Offered]]:
    """Answer the process that compares: which earlier documents are near to each file, by number; their texts are laid beside it.

    The process wrote the fingerprints of file n of ``bidders[n]`` to ``asked/n``. Documents of the same lot are never offered.
    """
    library, own = open_library(), f"{ORIGIN}{run.lot_id}"
    found: list[list[Earlier]] = []
    for number in range(len(bidders)):
        hashes = np.fromfile(folder / "asked" / str(number), dtype="<i8")
        others = (one for one, _ in library.sharing(hashes) if one.origin != own)
        found.append(list(islice(others, parameters.NEAREST)))
    texts = _texts_by_key(_lots(one.origin for near in found for one in near))
    offered: dict[int, Offered] = {}
    candidates: list[list[int]] = []
    for bidder, near in zip(bidders, found, strict=True):
        kept = [one for one in near if not one.origin.startswith(ORIGIN) or _key(one) in texts]
        chosen = nearest(kept, partial(library.is_own, bidder=bidder))
        offered |= {one.number: Offered(one, texts.get(_key(one))) for one in chosen}
        candidates.append([one.number for one in chosen])
    readable = {number for number, one in offered.items() if _lay_out(library, one, folder / "earlier")}
    answer = {
        "total": len(library.documents()),
        "documents": [
            {"number": number, "added_at": offered[number].earlier.added_at, "own": _own(library, offered[number], bidders)}
            for number in sorted(readable)
        ],
        "candidates": [[number for number in near if number in readable] for near in candidates],
    }  # fmt: skip
    return answer, offered


def _own(library: Library, offered: Offered, bidders: Iterable[str]) -> list[str]:
    return [one for one in dict.fromkeys(bidders) if library.is_own(offered.earlier, one)]


def _lay_out(library: Library, offered: Offered, folder: Path) -> bool:
    """Write the text of an earlier document where the process reads it; say whether there is one."""
    folder.mkdir(exist_ok=True)
    number = offered.earlier.number
    try:
        data = (
            read_text(offered.text) if offered.text else library.text(number).encode("utf-8", "surrogatepass")
        )
    except Refusal as problem:
        _LOG.warning("earlier document %s: %s", number, problem)
        return False
    if data:
        (folder / str(number)).write_bytes(data)
    return bool(data)


def _texts_of(run: Run) -> list[ExtractedText]:
    """The texts of a comparison whose files are still attached."""
    present = set(_attached([run.lot_id]))
    rows = run.texts.filter(role=FileRole.BID, characters__gt=0)
    return [one for one in rows if (run.lot_id, one.bidder, one.sha256) in present]


def _texts_by_key(lots: Iterable[int]) -> dict[tuple[str, str, str], ExtractedText]:
    """The latest text of each attached file of these lots, by origin, bidder and digest."""
    lots = list(lots)
    present = set(_attached(lots))
    rows = ExtractedText.objects.filter(run__lot__in=lots, run__state=RunState.DONE, role=FileRole.BID)
    return {
        (f"{ORIGIN}{one.run.lot_id}", one.bidder, one.sha256): one
        for one in rows.select_related("run__lot").order_by("run")
        if (one.run.lot_id, one.bidder, one.sha256) in present
    }


def _attached(lots: Iterable[int]) -> Iterator[tuple[int, str, str]]:
    rows = Submission.objects.filter(lot__in=list(lots), role=FileRole.BID)
    yield from rows.values_list("lot_id", "bidder", "sha256")


def _add(library: Library, run: Run, texts: Sequence[ExtractedText], origin: str) -> list[Earlier]:
    masked = [_words(one) for one in run.texts.filter(role=FileRole.TENDER)]
    common = np.unique(np.concatenate([fingerprints_of(one) for one in masked])) if masked else None
    project, lot = run.lot.project.name, run.lot.name
    tender_name = lot if project in lot else f"{project} {lot}"
    rows: list[tuple[Mapping[str, Any], str]] = [
        (
            {
                "name": one.name,
                "bidder": one.bidder,
                "tender": tender_name,
                "sha256": one.sha256,
                "origin": origin,
                "letters": one.characters,
            },
            "",
        )
        for one in texts
    ]
    hashes = (fingerprints_of(_words(one), common) for one in texts)
    at = timezone.localtime(opening_of(run.lot) or run.ordered_at).isoformat(timespec="seconds")
    return library.add(rows, at=at, hashes=hashes)


def _words(text: ExtractedText) -> str:
    return read_text(text).decode("utf-8", errors="surrogatepass")


def _key(one: Earlier) -> tuple[str, str, str]:
    return one.origin, one.bidder, one.sha256


def _lots(origins: Iterable[str]) -> set[int]:
    return {_lot(one) for one in origins if one.startswith(ORIGIN)}


def _lot(origin: str) -> int:
    return int(origin.removeprefix(ORIGIN))
