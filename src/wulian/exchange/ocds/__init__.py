"""Open Contracting Data Standard: release and record packages, arrays and JSON lines, plain or gzip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from wulian.exchange.ocds.mapping import dossier_of
from wulian.exchange.ocds.node import Malformed
from wulian.exchange.ocds.reading import Limits, Release, Source, iterate_releases, superseded_lines
from wulian.exchange.records import DossierRecord
from wulian.exchange.refusals import Refusal, excerpt, explain
from wulian.exchange.values import clean_text

__all__ = ["Limits", "iterate_dossiers"]


def iterate_dossiers(
    path_or_stream: str | Path | IO[bytes],
    *,
    source_system: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[DossierRecord | Refusal]:
    """Read an OCDS file: a dossier for each contracting process, a refusal for each that cannot be one.

    Of several releases of one process in a file the newest by ``date`` counts (in JSON lines only when a path is
    given). ``source_system`` overrides the one derived from the ocid prefix or the publisher. ``progress`` is called
    with the packed bytes read so far. Nothing in the file raises.
    """
    limits = limits or Limits()
    if isinstance(path_or_stream, str | Path):
        path = Path(path_or_stream)
        skip = superseded_lines(path, limits)
        with path.open("rb") as stream:
            yield from _dossiers(stream, limits, skip, source_system, progress)
    else:
        yield from _dossiers(path_or_stream, limits, frozenset(), source_system, progress)


def _dossiers(
    stream: IO[bytes],
    limits: Limits,
    skip: frozenset[int],
    source_system: str | None,
    progress: Callable[[int], None] | None,
) -> Iterator[DossierRecord | Refusal]:
    source = Source(stream, limits)
    for item in iterate_releases(source, skip=skip):
        if progress is not None:
            progress(source.bytes_read)
        yield item if isinstance(item, Refusal) else read_release(item, source_system=source_system)


def read_release(release: Release, *, source_system: str | None = None) -> DossierRecord | Refusal:
    """One release as a dossier, or why not."""
    record_id = clean_text(release.data.get("ocid"))[:300]
    try:
        return dossier_of(release, source_system=source_system)
    except Malformed as error:
        return Refusal(release.row_no, record_id, error.path, error.message, error.raw)
    except ValidationError as error:
        place, message, value = explain(error)
        column = "".join(f"[{part}]" if isinstance(part, int) else f"/{part}" for part in place)
        return Refusal(release.row_no, record_id, column, message, excerpt(value))
    except RecursionError:
        return Refusal(release.row_no, record_id, "", "JSON 嵌套过深")
