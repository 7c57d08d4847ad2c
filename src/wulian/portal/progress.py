"""The states of a matter in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wulian.casework.intake.choices import MatterKind
from wulian.casework.intake.models import Matter


@dataclass(frozen=True)
class Words:
    """A headline and what happens next."""

    headline: str | Promise
    text: str | Promise


ELSEWHERE = Words(
    pgettext_lazy("portal", "Transferred"),
    _("Another body is competent; your matter has been passed on. It will write to you."),
)
COMPLAINT: dict[str, Words] = {
    "C01": Words(
        pgettext_lazy("portal", "Received"), _("We have it. It will be registered today.")),
    "C02": Words(
        pgettext_lazy("portal", "Registered"), _("It is being passed to the competent authority.")),
    "C03": Words(
        pgettext_lazy("portal", "Being examined"), _("The competent authority decides whether to accept it within 3 working days of receipt.")
    ),
    "C04": Words(
        pgettext_lazy("portal", "Being examined"), _("The competent authority decides whether to accept it within 3 working days of receipt.")
    ),
    "C05": Words(
        pgettext_lazy("portal", "Accepted"), _("The competent authority has accepted it and will decide within 30 working days of receipt.")
    ),
    "C06": Words(
        pgettext_lazy("portal", "Under investigation"), _("Officers are looking into the facts.")),
    "C08": Words(
        pgettext_lazy("portal", "With experts"), _("Experts are examining a question; this time does not count towards the 30 working days.")
    ),
    "C09": Words(
        pgettext_lazy("portal", "Withdrawal being examined"), _("Your wish to withdraw is being examined.")),
    "C10": ELSEWHERE,
    "C11": Words(
        pgettext_lazy("portal", "Under investigation"), _("Several departments are discussing it.")),
    "C12": Words(
        pgettext_lazy("portal", "Decision being prepared"), _("The investigation is finished; the decision is being prepared.")),
    "C13": Words(
        pgettext_lazy("portal", "Decided"), _("A decision has been taken and will be served on you.")),
    "C14": Words(
        pgettext_lazy("portal", "Decided"), _("A decision has been taken and will be served on you.")),
    "C15": Words(
        pgettext_lazy("portal", "Decided"), _("The decision has been served.")),
    "C90": Words(
        pgettext_lazy("portal", "Closed"), _("The file is closed. You have been informed in writing.")),
    "C91": Words(
        pgettext_lazy("portal", "Ended"), _("The procedure has ended after the withdrawal.")),
    "C92": ELSEWHERE,
    "L01": Words(
        pgettext_lazy("portal", "Not accepted, looked into as a lead"),
        _("It is not handled as a complaint; you have been told why in writing. The act itself is being looked into."),
    ),
}  # fmt: skip
TIP_OFF: dict[str, Words] = {
    "L01": Words(pgettext_lazy("portal", "Received"), _("We have it. It will be registered today.")),
    "L02": Words(pgettext_lazy("portal", "Registered"), _("It is being looked at first.")),
    "L03": Words(
        pgettext_lazy("portal", "Not checked further"),
        _("It gives no ground for a check; it is kept on file."),
    ),
    "L04": ELSEWHERE,
    "L05": Words(pgettext_lazy("portal", "Being checked"), _("The competent authority is checking it.")),
    "L06": Words(
        pgettext_lazy("portal", "To be made a complaint"),
        _("You can pursue it as a complaint; we will tell you how."),
    ),
    "L07": Words(pgettext_lazy("portal", "Checked"), _("The check has found no proof.")),
    "L08": Words(pgettext_lazy("portal", "Checked"), _("The check is finished.")),
    "L09": Words(
        pgettext_lazy("portal", "Checked"),
        _("The check is finished; the opening of a case is being decided."),
    ),
    "L10": Words(
        pgettext_lazy("portal", "Checked"), _("The check is finished; who gave a name will be informed.")
    ),
    "L90": Words(pgettext_lazy("portal", "Closed"), _("The file is closed.")),
    "L92": ELSEWHERE,
    "P01": Words(pgettext_lazy("portal", "Case opened"), _("A case has been opened.")),
    "C01": Words(pgettext_lazy("portal", "Made a complaint"), _("It goes on as a complaint.")),
}
UNKNOWN = Words(pgettext_lazy("portal", "Being handled"), _("It is being handled."))


def words_for(matter: Matter) -> Words:
    """Return the plain words for the state of a matter."""
    table = COMPLAINT if matter.kind == MatterKind.COMPLAINT else TIP_OFF
    return table.get(matter.state, UNKNOWN)
