"""What people and the worker do with bids, their comparisons and findings."""

from .bundles import make_bundle, read_bundle, read_text, verify_bundle
from .checking import begin_check, give_opinion, hear_bidder, record_exclusions, submit_finding
from .deciding import decide_finding, link_outcome
from .files import Taken, attach_archive, attach_files, read_submission, remove_submission
from .library import keep_bids, tidy_library
from .reading import read_earlier, read_evidence, read_pair
from .runs import order_comparison, run_comparison, sweep

__all__ = [
    "Taken", "attach_archive", "attach_files", "begin_check", "decide_finding", "give_opinion", "hear_bidder", "keep_bids", "link_outcome",
    "make_bundle", "order_comparison", "read_bundle", "read_earlier", "read_evidence", "read_pair", "read_submission", "read_text", "record_exclusions",
    "remove_submission", "run_comparison", "submit_finding", "sweep", "tidy_library", "verify_bundle",
]  # fmt: skip
