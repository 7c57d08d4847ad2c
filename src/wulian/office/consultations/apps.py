from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "wulian.office.consultations"
    label = "consultations"
    verbose_name = _("Consultations")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist

        from .duties import consultation_duties

        verbs.register("consultations.proposed", _("Proposed a consultation"))
        verbs.register("consultations.member_recused", _("Recused a department from a consultation"))
        verbs.register("consultations.task_added", _("Added a task of a consultation"))
        worklist.register(consultation_duties)
        menu.register(menu.OFFICE, _("Consultations"), "consultations:list", "messages", order=10)
