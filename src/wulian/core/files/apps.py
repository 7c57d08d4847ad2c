from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "files.attached": _("Attached files"),
    "files.read": _("Took the working copy of a file"),
    "files.original_read": _("Took the original of a file"),
}


class FilesConfig(AppConfig):
    name = "wulian.core.files"
    label = "files"
    verbose_name = _("File store")

    def ready(self) -> None:
        from wulian.core.audit import verbs

        for code, label in VERBS.items():
            verbs.register(code, label)
