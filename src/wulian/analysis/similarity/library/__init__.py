"""The city's memory of earlier bids: fingerprints in Parquet, found again by a join or a look-up."""

from wulian.analysis.similarity.library.index import Earlier, Library, LibraryError, is_library

__all__ = ["Earlier", "Library", "LibraryError", "is_library"]
