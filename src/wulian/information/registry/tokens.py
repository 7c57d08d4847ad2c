"""Words for full-text search that work alike in PostgreSQL's ``simple`` configuration and SQLite's FTS5.

A run of Chinese characters becomes its overlapping pairs, so that every word of two or more characters is found
wherever it stands, whatever a dictionary knows; Latin words and numbers stay whole (docs/adr/0003).
"""

from __future__ import annotations

import re
import unicodedata

_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")


def _is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff"


def index_tokens(text: str) -> str:
    """The words under which ``text`` is found, separated by spaces: pairs and single characters of Chinese runs."""
    words: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        words.append(run) if not _is_chinese(run) else words.extend(
            [run[i : i + 2] for i in range(len(run) - 1)] + list(run)
        )
    return " ".join(dict.fromkeys(words))


def query_tokens(text: str) -> list[str]:
    """The words that a found entry must all have; an empty list when nothing can be looked for."""
    words: list[str] = []
    for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower())[:12]:
        if _is_chinese(run) and len(run) > 1:
            words += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            words.append(run)
    return list(dict.fromkeys(words))[:40]
