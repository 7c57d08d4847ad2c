"""`wulian audit verify | sequence | checkpoint | show`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.audit import services, verification
from wulian.core.audit.models import AuditEvent


class Command(BaseCommand):
    help = "Verify, chain, sign and show the audit trail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        verify = actions.add_parser("verify", help="re-derive the chain; exit code 1 when anything disagrees")
        verify.add_argument("--limit", type=int, default=20, help="how many findings to name (20)")
        sequence = actions.add_parser("sequence", help="chain the events that wait")
        sequence.add_argument("--batch", type=int, default=500, help="events per transaction (500)")
        actions.add_parser(
            "checkpoint", help="sign the end of the chain, in the database and in a file outside it"
        )
        show = actions.add_parser("show", help="show one event with its chain proof")
        show.add_argument("event", type=int, help="number of the event")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"_{action}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        report = verification.verify(limit=options["limit"], progress=self._progress)
        for finding in report.findings:
            self.stdout.write(str(finding))
        rate = report.links / report.seconds if report.seconds else 0
        self.stdout.write(
            _(
                "Checked: %(links)d links, %(checkpoints)d checkpoints, %(lines)d lines on file; %(seconds).1f s, %(rate)d events per second."
            )
            % {
                "links": report.links,
                "checkpoints": report.checkpoints,
                "lines": report.file_lines,
                "seconds": report.seconds,
                "rate": rate,
            }
        )
        self.stdout.write(_("Events not yet chained: %(count)d.") % {"count": report.unchained})
        if not report.ok:
            raise CommandError(report.summary(), returncode=1)
        self.stdout.write(report.summary())

    def _progress(self, links: int) -> None:
        if links % 50_000 == 0 and sys.stderr.isatty():
            self.stderr.write(f"{links}\r", ending="")

    def _sequence(self, options: dict[str, Any]) -> None:
        count = services.sequence_events(batch=options["batch"])
        self.stdout.write(_("Events chained: %(count)d.") % {"count": count})

    def _checkpoint(self, options: dict[str, Any]) -> None:
        try:
            row = services.write_checkpoint()
        except services.ChainBroken as error:
            raise CommandError(str(error), returncode=1) from error
        if row is None:
            self.stdout.write(_("There is no event to sign yet."))
            return
        self.stdout.write(
            _("Checkpoint %(number)d: position %(position)d, %(link_hash)s, key %(key_id)s.")
            % {
                "number": row.number,
                "position": row.position,
                "link_hash": row.link_hash,
                "key_id": row.key_id,
            }
        )

    def _show(self, options: dict[str, Any]) -> None:
        """Print the frame of an event, never its content: whoever has the prompt need not know the case."""
        event = AuditEvent.objects.select_related("link").filter(pk=options["event"]).first()
        if event is None:
            raise CommandError(_("There is no event %(number)d.") % {"number": options["event"]})
        link = getattr(event, "link", None)
        rows = {
            _("event number"): event.uid,
            _("time"): timezone.localtime(event.occurred_at).isoformat(),
            _("action"): f"{event.verb} {event.verb_label}",
            _("actor"): event.actor_name,
            _("kind of record"): f"{event.subject_type} {event.subject_id}",
            _("position in the chain"): link.position if link else _("not yet chained"),
            _("hash of the event"): link.event_hash if link else "",
            _("hash of the previous link"): link.prev_hash if link else "",
            _("hash of the link"): link.link_hash if link else "",
        }
        for name, value in rows.items():
            self.stdout.write(f"{name}: {value}")
