from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficersConfig(AppConfig):
    name = "wulian.force.officers"
    label = "officers"
    verbose_name = _("Enforcement officers")

    def ready(self) -> None:
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist

        from .duties import duties_of_dispatchers

        verbs.register("officers.officer_registered", _("Entered an officer into the library"))
        verbs.register("officers.certificate_added", _("Added an enforcement certificate"))
        verbs.register("officers.certificate_confirmed", _("Confirmed an enforcement certificate"))
        verbs.register("officers.certificate_suspended", _("Suspended an enforcement certificate"))
        verbs.register("officers.suspension_ended", _("Ended the suspension of a certificate"))
        verbs.register("officers.certificate_revoked", _("Revoked an enforcement certificate"))
        verbs.register("officers.leave_recorded", _("Recorded a leave"))
        verbs.register("officers.leave_cancelled", _("Cancelled a leave"))
        verbs.register("officers.recusal_declared", _("Declared a recusal"))
        verbs.register("officers.recusal_ended", _("Ended a recusal"))
        verbs.register("officers.training_recorded", _("Recorded a training"))
        worklist.register(duties_of_dispatchers)
        menu.register(menu.FORCE, _("Officer library"), "officers:list", "users", order=10)
        menu.register(menu.FORCE, _("Who may act?"), "officers:eligible", "user-check", order=20)
