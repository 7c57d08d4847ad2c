"""The labelled corpus: what the scanner finds of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from wulian.analysis.clauses import Hit, scan
from wulian.analysis.documents.models import Document, Page, Paragraph

CORPUS = Path(__file__).parent / "corpus"


@dataclass
class Score:
    """Counts of one class; `marked` are clean clauses shown with a doubt, which are neither right nor wrong."""

    positives: int = 0
    negatives: int = 0
    found: int = 0
    false: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.positives if self.positives else 0.0


def document(paragraphs: str | list[str]) -> Document:
    """A document of these paragraphs; one with a tab is a row of a table."""
    texts = [paragraphs] if isinstance(paragraphs, str) else paragraphs
    rows = tuple(
        Paragraph(1, number, text, "table" if "\t" in text else "body")
        for number, text in enumerate(texts, 1)
    )
    return Document("text", (Page(1, rows),))


def hits(paragraphs: str | list[str]) -> list[Hit]:
    """What is found without doubt in the last paragraph."""
    read = document(paragraphs)
    last = read.pages[0].paragraphs[-1].number
    return [hit for hit in scan(read) if hit.paragraph == last and not hit.doubtful]


def corpus(name: str = "*") -> list[dict]:
    return [
        item
        for path in sorted(CORPUS.glob(f"{name}.yaml"))
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def measure(groups: list[dict]) -> dict[str, Score]:
    """The score of each class; every clean clause of the corpus counts against every class that hits it."""
    scores = {group["class"]: Score() for group in groups}  # a class may have clauses in several files
    for group in groups:
        score = scores[group["class"]]
        for item in group["hits"]:
            score.positives += 1
            if group["class"] in {hit.class_code for hit in hits(item)}:
                score.found += 1
            else:
                score.missed.append(str(item))
        for item in group["clean"]:
            score.negatives += 1
            for code, times in Counter(hit.class_code for hit in hits(item)).items():
                scores.setdefault(code, Score()).false += min(times, 1)
                scores[code].wrong.append(str(item))
    return scores


def table(scores: dict[str, Score]) -> str:
    lines = [f"{'类别':<8}正例 反例 命中 误报  精确率  召回率"]
    for code, score in scores.items():
        lines.append(
            f"{code:<8}{score.positives:>4}{score.negatives:>5}{score.found:>5}{score.false:>5}{score.precision:>8.3f}{score.recall:>8.3f}"
        )
    return "\n".join(lines)
