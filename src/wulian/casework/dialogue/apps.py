from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "dialogue.message_received": _("A reporter wrote"),
    "dialogue.message_sent": _("Wrote to a reporter"),
    "dialogue.messages_read": _("A reporter read the messages"),
    "dialogue.messages_settled": _("Said that messages of a reporter need no answer"),
    "dialogue.supplement_asked": _("Asked a reporter for a supplement"),
    "dialogue.supplement_withdrawn": _("Withdrew the request for a supplement"),
    "dialogue.supplement_received": _("A reporter handed in a supplement"),
    "dialogue.withdrawal_requested": _("A complainant asked to withdraw"),
    "dialogue.withdrawal_decided": _("Decided on a withdrawal"),
    "dialogue.rated": _("A reporter said how content they are"),
}


class DialogueConfig(AppConfig):
    name = "wulian.casework.dialogue"
    label = "dialogue"
    verbose_name = _("Dialogue with reporters")

    def ready(self) -> None:
        from wulian.casework.dialogue.duties import duties
        from wulian.casework.dialogue.panels import register_panels
        from wulian.casework.dialogue.receivers import completion_was_asked
        from wulian.casework.intake.signals import completion_asked
        from wulian.core.audit import verbs
        from wulian.core.ui import worklist

        for code, label in VERBS.items():
            verbs.register(code, label)
        worklist.register(duties)
        register_panels()
        completion_asked.connect(completion_was_asked)
