from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InspectionConfig(AppConfig):
    name = "wulian.inspection"
    label = "inspection"
    verbose_name = _("Inspections")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist
        from wulian.information.alerts import destinations
        from wulian.information.alerts.choices import Destination

        from .duties import inspection_duties
        from .receivers import offer_inspections

        verbs.register("inspection.plan_created", _("Drafted an inspection plan"))
        verbs.register("inspection.pool_frozen", _("Froze the pool of a draw"))
        verbs.register("inspection.seed_entered", _("Entered the public seed of a draw"))
        verbs.register("inspection.drawn", _("Made a draw"))
        verbs.register("inspection.draw_withdrawn", _("Withdrew a draw"))
        worklist.register(inspection_duties)
        destinations.register(Destination.INSPECTION, offer_inspections)
        menu.register(menu.INSPECTION, _("Inspection plans"), "inspection:plans", "calendar-event", order=10)
        menu.register(menu.INSPECTION, _("Inspections"), "inspection:tasks", "clipboard-check", order=20)
