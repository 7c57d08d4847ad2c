from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    name = "wulian.core.procedures"
    label = "procedures"
    verbose_name = _("Procedures")

    def ready(self) -> None:
        from wulian.core.audit import verbs

        verbs.register("procedures.step_taken", _("Moved a matter to its next state"))
