from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "comparison.files_added": _("Attached files of bids to a lot"),
    "comparison.file_removed": _("Removed a file of a bid from a lot"),
    "comparison.file_read": _("Took the file of a bid"),
    "comparison.text_read": _("Read texts of bids side by side"),
    "comparison.evidence_read": _("Read the evidence of a finding between bids"),
    "comparison.ordered": _("Ordered a comparison of bids"),
    "comparison.finished": _("Compared the bids of a lot"),
    "comparison.library_kept": _("Kept the library of earlier bids"),
    "comparison.earlier_read": _("Read texts of a bid and an earlier one side by side"),
    "comparison.failed": _("A comparison of bids failed"),
    "comparison.begun": _("Began to verify a finding between bids"),
    "comparison.exclusion_tested": _("Tested exclusions of a finding between bids"),
    "comparison.bidder_heard": _("Entered a bidder's explanation"),
    "comparison.opinion_given": _("Gave an opinion on a finding between bids"),
    "comparison.submitted": _("Submitted a finding between bids for a decision"),
    "comparison.decided": _("Decided on a finding between bids"),
    "comparison.bundle_made": _("Made an evidence bundle"),
    "comparison.bundle_read": _("Took an evidence bundle"),
    "comparison.bundle_verified": _("Verified an evidence bundle"),
}


class ComparisonConfig(AppConfig):
    name = "wulian.information.comparison"
    label = "comparison"
    verbose_name = _("Comparison of bids")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist
        from wulian.information.comparison import panels
        from wulian.information.comparison.duties import duties
        from wulian.information.comparison.permissions import READERS

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        panels.register_panels()
        menu.register(
            menu.INFORMATION, _("Comparison of bids"), "comparison:findings", "files", roles=READERS, order=30,
        )  # fmt: skip
