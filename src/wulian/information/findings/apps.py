from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "findings.paper_attached": _("Attached a paper to a lot"),
    "findings.paper_refused": _("Refused a paper that cannot be read"),
    "findings.paper_scanned": _("Scanned a paper for clauses"),
    "findings.paper_rescanned": _("Ordered a new scan of a paper"),
    "findings.paper_read": _("Took the file of a paper"),
    "findings.judged": _("Judged a clause"),
    "findings.pattern_on": _("Switched a clause pattern on"),
    "findings.pattern_off": _("Switched a clause pattern off"),
}


class FindingsConfig(AppConfig):
    name = "wulian.information.findings"
    label = "findings"
    verbose_name = _("Clause findings")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist
        from wulian.information.findings import panels, receivers
        from wulian.information.findings.duties import duties
        from wulian.information.findings.permissions import PATTERN_READERS
        from wulian.information.findings.signals import finding_judged

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        panels.register_panels()
        finding_judged.connect(receivers.finding_was_judged)
        menu.register(menu.INFORMATION, _("Clause scan"), "findings:papers", "file-search", order=28)
        menu.register(
            menu.INFORMATION, _("Clause patterns"), "findings:patterns", "regex", roles=PATTERN_READERS, order=29,
        )  # fmt: skip
