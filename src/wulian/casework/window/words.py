"""What the script of the window says, and the papers that usually come along."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

PAPERS: Final = (
    "投诉书", "举报信", "身份证", "营业执照", "授权委托书", "法定代表人身份证明", "异议书", "异议答复", "招标文件", "中标候选人公示",
    "证据材料", "送达地址确认书", "移送函",
)  # fmt: skip
"""Names of papers as the receipt lists them; Chinese data."""

WORDS: Final = {
    "needed": _("This is needed."),
    "facts": _("Say in at least ten characters what happened, where and when."),
    "day": _("Expected a day, such as 0924 or 2026-09-24."),
    "correct": _("Please correct the marked fields; nothing has been saved yet."),
    "connected": _("The line is up."),
    "down": _("The line is down: what you save is kept here, sealed, and sent later."),
    "login": _("You have been logged out. Log in again; what is kept here is sent afterwards."),
    "unkept": _(
        "This browser cannot keep entries while the line is down; it needs an encrypted connection (https)."
    ),
    "lost": _(
        "The server could not be reached and nothing has been stored. What you typed is still here; try again."
    ),
    "failed": _("The server could not store it: %s. What you typed is still here."),
    "waiting": _("%n waiting, the oldest for %t"),
    "minutes": _("%n min"),
    "sending": _("Being sent"),
    "wait": _("Waits for the line"),
    "refused": _("Refused: needs a correction"),
    "sent": _("Stored"),
    "correctThis": _("Correct"),
    "slip": _("Slip"),
    "print": _("Print the receipt"),
    "discard": _("Discard"),
    "discardSure": _("Discard this entry for good? It has not been stored by the server."),
    "replaceSure": _("The form holds something that has not been saved. Replace it?"),
    "foreign": _("%n entries of other clerks wait on this computer; they are sent when these clerks log in."),
    "remove": _("Remove"),
    "tooLarge": _("%s: larger than %n MB."),
    "tooMany": _("At most %n files."),
}
"""`%n`, `%s` and `%t` are filled in by the script."""
