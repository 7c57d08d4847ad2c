"""Files of a lot, their comparisons, and what people make of what was found."""

from .earlier import EarlierBid
from .files import Submission
from .findings import Bundle, Explanation, Opinion, SimilarityFinding
from .runs import ExtractedText, Pair, Passage, Run

__all__ = [
    "Bundle", "EarlierBid", "Explanation", "ExtractedText", "Opinion", "Pair", "Passage", "Run", "SimilarityFinding", "Submission",
]  # fmt: skip
