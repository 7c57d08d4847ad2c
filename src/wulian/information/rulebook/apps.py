from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "rulebook.revised": _("Revised a rule"),
    "rulebook.undone": _("Undid a revision of a rule"),
    "rulebook.imported": _("Imported local rules"),
    "rulebook.refused": _("Kept a refused rule file"),
    "rulebook.file_dropped": _("Dropped a refused rule file"),
    "rulebook.checked": _("Answered the checklist of a rule"),
}


class RulebookConfig(AppConfig):
    name = "wulian.information.rulebook"
    label = "rulebook"
    verbose_name = _("Rulebook")

    def ready(self) -> None:
        from wulian.core.audit import verbs

        for code, label in VERBS.items():
            verbs.register(code, label)
