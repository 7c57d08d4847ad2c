from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "wulian.core.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from wulian.core.audit import verbs

        verbs.register("documents.issued", _("Issued a document"))
        verbs.register("documents.voided", _("Voided a document"))
        verbs.register("documents.read", _("Took a file of a document"))
