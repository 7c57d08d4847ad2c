from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "objections.followed": _("Followed an objection"),
    "objections.set_aside": _("Noted that an objection needs no answer"),
    "objections.ordered": _("Ordered a procuring entity to answer an objection"),
    "objections.resumed": _("Noted that a tender was resumed"),
}


class ObjectionsConfig(AppConfig):
    name = "wulian.casework.objections"
    label = "objections"
    verbose_name = _("Watching of objections")

    def ready(self) -> None:
        from wulian.casework.intake.services.reminding import register as remind_of
        from wulian.casework.objections import panels, receivers  # noqa: F401
        from wulian.casework.objections.duties import objection_duties
        from wulian.casework.objections.models import WatchedObjection
        from wulian.casework.objections.selectors import recipients_of
        from wulian.core.audit import verbs
        from wulian.core.ui import menu, worklist

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(objection_duties)
        remind_of(WatchedObjection, recipients_of)
        panels.register_panels()
        menu.register(menu.CASEWORK, _("Objections"), "objections:list", "message-exclamation", order=13)
