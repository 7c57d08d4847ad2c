"""The walk along the chain."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from .. import canonical, keys
from ..canonical import CHAINED_FIELDS, GENESIS
from ..models import AuditEvent, AuditHead, AuditLink
from .reading import Values, read_events
from .report import Report

CHUNK: Final = 1000
_UNCHAINED_SEARCH: Final = 5000
_SEAL: Final = CHAINED_FIELDS.index("seal")
_UID: Final = CHAINED_FIELDS.index("uid")


class Link(NamedTuple):
    """A link as stored."""

    position: int
    event_id: int
    prev_hash: str
    event_hash: str
    field_marks: str
    link_hash: str

    def derived(self, **changed: Any) -> str:
        """Return the link hash that these values, or some others, give."""
        values = self._replace(**changed)
        return canonical.link_hash(values.prev_hash, values.position, values.event_hash, values.field_marks)


class ChainWalk:
    """Walk the chain from its beginning; what is found goes to the report.

    After a row that was moved, removed or put in, every later row would disagree too, so the walk ends there.
    """

    def __init__(self, report: Report, progress: Callable[[int], None] | None = None) -> None:
        self.report = report
        self.progress = progress
        self.expected_prev: str | None = GENESIS
        self.broken = False

    def run(self) -> None:
        """Check links and events, then the end of the chain, then the events that wait."""
        # Read before the links: a sequencer at work may lengthen the chain meanwhile, never shorten it.
        head = AuditHead.objects.filter(pk=1).first()
        while not self.broken and not self.report.full:
            links = self._next_links()
            if not links:
                break
            events = read_events([link.event_id for link in links])
            for link in links:
                self._check(link, events.get(link.event_id))
                if self.broken or self.report.full:
                    break
            if self.progress:
                self.progress(self.report.links)
        if not self.broken and not self.report.full:
            self._check_head(head)
        self._check_unchained()

    def _next_links(self) -> list[Link]:
        rows = AuditLink.objects.filter(position__gt=self.report.last_position).order_by("position")
        return [Link(*values) for values in rows.values_list(*Link._fields)[:CHUNK]]

    def _check(self, link: Link, values: Values | None) -> None:
        expected = self.report.last_position + 1
        if link.position != expected:
            self._missing(expected, link)
        found = len(self.report.findings)
        if values is None:
            self._event_gone(link)
        else:
            self._check_pair(link, values)
        self.report.links += 1
        self.report.last_position = link.position
        # A row that was named above is not blamed on its successor.
        trusted = len(self.report.findings) == found or link.derived() == link.link_hash
        self.expected_prev = link.link_hash if trusted else None

    def _check_pair(self, link: Link, values: Values) -> None:
        pieces = canonical.pieces_of(values)
        event_holds = canonical.event_hash(pieces) == link.event_hash
        follows = self.expected_prev is None or link.prev_hash == self.expected_prev
        if link.derived() != link.link_hash:
            self._link_changed(link, pieces, event_holds)
        elif not follows:
            self._predecessor_replaced(link)
        elif not event_holds:
            self._event_changed(link, pieces)
        elif not _seal_holds(pieces, values[_SEAL]):
            self._foreign_event(values, link.position)

    def _missing(self, expected: int, link: Link) -> None:
        """A position is empty: its link was deleted, or given another position."""
        moved = None
        if self.expected_prev is not None:
            moved = (
                AuditLink.objects.filter(prev_hash=self.expected_prev).exclude(position=link.position).first()
            )
        if moved is not None:
            message = _("Link %(row)d, field position: changed to %(found)d.") % {
                "row": expected,
                "found": moved.position,
            }
            self._add("changed", "link", expected, "position", message)
        else:
            until = link.position - 1
            message = (
                _("Link %(row)d: deleted.") % {"row": expected}
                if until == expected
                else _("Links %(row)d to %(until)d: deleted.") % {"row": expected, "until": until}
            )
            self._add("deleted", "link", expected, "position", message)
        self.expected_prev = None

    def _event_gone(self, link: Link) -> None:
        uid_mark = canonical.mark_of(link.field_marks, "uid")
        waiting = (
            AuditEvent.objects.unchained().order_by("pk").values_list("pk", flat=True)[:_UNCHAINED_SEARCH]
        )
        for pk, values in read_events(list(waiting)).items():
            if canonical.mark_of(canonical.field_marks(canonical.pieces_of(values)), "uid") == uid_mark:
                message = _("Event %(row)d at position %(position)d, field id: changed to %(found)d.")
                self._add(
                    "changed",
                    "event",
                    link.event_id,
                    "id",
                    message % {"row": link.event_id, "position": link.position, "found": pk},
                )
                return
        message = _("Event %(row)d at position %(position)d: deleted.")
        self._add(
            "deleted",
            "event",
            link.event_id,
            "id",
            message % {"row": link.event_id, "position": link.position},
        )

    def _event_changed(self, link: Link, pieces: list[str]) -> None:
        fields = canonical.differing_fields(canonical.field_marks(pieces), link.field_marks)
        if "id" in fields and "uid" in fields:
            self._link_field(link.position, "event_id")
            return
        message = _("Event %(row)d at position %(position)d, field %(fields)s: changed after it was chained.")
        self._add(
            "changed",
            "event",
            link.event_id,
            fields[0] if fields else "",
            message % {"row": link.event_id, "position": link.position, "fields": ", ".join(fields)},
        )

    def _link_changed(self, link: Link, pieces: list[str], event_holds: bool) -> None:
        """The link's own hash does not follow from its columns: find the one column that explains it."""
        for name, value in (
            ("prev_hash", self.expected_prev or ""),
            ("event_hash", canonical.event_hash(pieces)),
            ("field_marks", canonical.field_marks(pieces)),
        ):
            if link.derived(**{name: value}) == link.link_hash:
                self._link_field(link.position, name)
                return
        if self._explained_by_position(link):
            return
        self._link_field(link.position, "link_hash" if event_holds else "event_hash")

    def _explained_by_position(self, link: Link) -> bool:
        end = (
            AuditLink.objects.order_by("-position").values_list("position", flat=True).first()
            or link.position
        )
        original = next((k for k in range(1, end + 2) if link.derived(position=k) == link.link_hash), None)
        if original is None:
            return False
        predecessor_stands = (
            link.prev_hash == GENESIS or AuditLink.objects.filter(link_hash=link.prev_hash).exists()
        )
        if original > link.position and not predecessor_stands:
            message = _("Link %(row)d: deleted, and the later links renumbered.") % {"row": link.position}
            self._add("deleted", "link", link.position, "position", message)
        elif original == link.position - 1:
            message = _("Link %(row)d: inserted, and the later links renumbered.") % {"row": original}
            self._add("inserted", "link", original, "position", message)
        else:
            message = _("Link %(row)d, field position: reordered, it was link %(original)d.")
            self._add(
                "reordered",
                "link",
                link.position,
                "position",
                message % {"row": link.position, "original": original},
            )
        self.broken = True
        return True

    def _predecessor_replaced(self, link: Link) -> None:
        row = link.position - 1
        message = _(
            "Link %(row)d, field link_hash: the row was replaced, the next link was made behind another one."
        )
        self._add("changed", "link", row, "link_hash", message % {"row": row})

    def _foreign_event(self, values: Values, position: int | None) -> None:
        row = values[CHAINED_FIELDS.index("id")]
        key_id = str(values[_SEAL]).partition(":")[0]
        if key_id != keys.seal_key_id():
            message = _(
                "Event %(row)d, field seal: inserted by other means, or sealed with key %(key)s, which is not the key of this installation (%(own)s)."
            )
        else:
            message = _("Event %(row)d, field seal: inserted or rewritten by other means than the platform.")
        self._add(
            "inserted",
            "event",
            row,
            "seal",
            message % {"row": row, "key": key_id, "own": keys.seal_key_id()},
        )

    def _check_head(self, head: AuditHead | None) -> None:
        last = self.report.last_position
        if head is None:
            if last:
                self._add("deleted", "head", 1, "id", _("The row of the end of the chain: deleted."))
        elif head.position > last:
            message = _("Link %(row)d: deleted from the end of the chain, which had %(count)d links.")
            self._add(
                "deleted", "link", last + 1, "position", message % {"row": last + 1, "count": head.position}
            )
        else:
            at_head = AuditLink.objects.filter(pk=head.position).values_list("link_hash", flat=True).first()
            if head.link_hash != (at_head or GENESIS):
                message = _("The row of the end of the chain, field link_hash: changed.")
                self._add("changed", "head", 1, "link_hash", message)
            elif head.position < last and not AuditHead.objects.filter(pk=1, position__gte=last).exists():
                message = _(
                    "The row of the end of the chain, field position: changed, or links were inserted behind it."
                )
                self._add("changed", "head", 1, "position", message)

    def _check_unchained(self) -> None:
        ids = list(AuditEvent.objects.unchained().order_by("pk").values_list("pk", flat=True))
        self.report.unchained = len(ids)
        if self.broken:
            return
        for start in range(0, len(ids), CHUNK):
            for values in read_events(ids[start : start + CHUNK]).values():
                if self.report.full:
                    return
                if not _seal_holds(canonical.pieces_of(values), values[_SEAL]):
                    self._foreign_event(values, None)

    def _link_field(self, position: int, name: str) -> None:
        message = _("Link %(row)d, field %(field)s: changed.") % {"row": position, "field": name}
        self._add("changed", "link", position, name, message)

    def _add(self, kind: str, table: str, row: int, name: str, message: str) -> None:
        self.report.add(kind, table, row, name, message)


def _seal_holds(pieces: list[str], seal: Any) -> bool:
    return keys.seal(canonical.sealed_text(pieces)) == seal
