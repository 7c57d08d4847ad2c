"""Which matters look like the same one: project, party, text and file compared, reasons shown (C02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from wulian.casework.intake.likeness import NEAR_COPY, likeness
from wulian.casework.intake.models import Complaint, Matter, MatterLink, TextMark, TipOff
from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import sees_business
from wulian.core.files.models import StoredFile

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

SHOWN: Final = 10
CANDIDATES: Final = 50
REGISTRARS: Final = (Role.CLERK, Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE)
"""Who compares over the whole city, because a matter is registered once; an authority compares its own."""
WEIGHTS: Final = {"file": 4, "text": 4, "project": 2, "party": 1}
Key = tuple[int, int]


@dataclass
class Similar:
    """A matter and why it may be the same; `may_open` is whether the reader may open its page."""

    matter: Matter
    grounds: dict[str, str] = field(default_factory=dict)
    may_open: bool = False
    link: MatterLink | None = None

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(WEIGHTS[ground] for ground in self.grounds)

    def words(self) -> list[str]:
        """The reasons as sentences."""
        return list(self.grounds.values())


def similar_matters(matter: Matter, user: User) -> list[Similar]:
    """Return the matters that may be the same or were linked, the likeliest first, at most SHOWN.

    What the conflict screen keeps from the user is left out; a matter that the user may not open is named, not linked.
    """
    if not sees_business(user):
        return []
    found: list[Similar] = []
    files, near = _same_files(matter), _near_texts(matter)
    links = _links(matter)
    for model in (Complaint, TipOff):
        kind = ContentType.objects.get_for_model(model).pk
        wanted = {key for owner, key in (*files, *near, *links) if owner == kind}
        condition = Q(pk__in=wanted) | _same_subject(matter)
        rows = _comparable(model, user).filter(condition).select_related("project", "authority")
        if isinstance(matter, model):
            rows = rows.exclude(pk=matter.pk)
        listed = list(rows[:CANDIDATES])
        opened = set(
            _visible(model, user).filter(pk__in=[row.pk for row in listed]).values_list("pk", flat=True)
        )
        for row in listed:
            one = _compare(matter, row, files.get((kind, row.pk), ""))
            one.may_open, one.link = row.pk in opened, links.get((kind, row.pk))
            if one.grounds or one.link:
                found.append(one)
    found.sort(key=lambda one: (one.link is None, -one.weight, -one.matter.received_at.timestamp()))
    return found[:SHOWN]


def likeness_between(first: Matter, second: Matter) -> Similar:
    """Return what the machine sees between two matters."""
    key = (ContentType.objects.get_for_model(second).pk, second.pk)
    return _compare(first, second, _same_files(first).get(key, ""))


def _comparable(model: type[Matter], user: User) -> Any:
    if user.has_role(*REGISTRARS):
        return model._default_manager.without_conflict(user)  # type: ignore[attr-defined]
    return _visible(model, user)


def _visible(model: type[Matter], user: User) -> Any:
    return model._default_manager.visible_to(user)  # type: ignore[attr-defined]


def _same_subject(matter: Matter) -> Q:
    """Same project, by dossier or by the reporter's words; the party alone makes no candidate: one firm has many projects."""
    if matter.project_id:
        return Q(project=matter.project_id)
    if matter.project_text:
        return Q(project=None, project_text=matter.project_text)
    return Q(pk__in=())


def _compare(matter: Matter, other: Matter, file: str) -> Similar:
    one = Similar(other)
    if file:
        one.grounds["file"] = _("the same file: %(name)s") % {"name": file}
    share = likeness(matter.facts, other.facts)
    if share >= NEAR_COPY:
        one.grounds["text"] = _("%(n)s %% of the shorter text stands in the other") % {
            "n": round(100 * share)
        }
    same_text = matter.project_text and matter.project_text == other.project_text
    if (matter.project_id and matter.project_id == other.project_id) or same_text:
        one.grounds["project"] = _("the same project")
    if matter.respondent_keys & other.respondent_keys:
        one.grounds["party"] = _("the same party complained of")
    return one


def _same_files(matter: Matter) -> dict[Key, str]:
    """Owners of a file with the same SM3 digest, with its name."""
    own = StoredFile.objects.for_object(matter).values("sm3")
    rows = StoredFile.objects.filter(sm3__in=own, content_type__in=_kinds())
    return {(row.content_type_id, row.object_id): row.title for row in rows[:CANDIDATES]}


def _near_texts(matter: Matter) -> Iterable[Key]:
    """Matters that share marks of the text, those with the most first."""
    own = TextMark.objects.filter(
        content_type=ContentType.objects.get_for_model(matter), object_id=matter.pk
    ).values_list("mark", flat=True)
    rows = TextMark.objects.filter(mark__in=list(own)).values("content_type", "object_id")
    counted = rows.annotate(n=Count("pk")).order_by("-n")[:CANDIDATES]
    return {(row["content_type"], row["object_id"]) for row in counted}


def _links(matter: Matter) -> dict[Key, MatterLink]:
    kind, found = ContentType.objects.get_for_model(matter).pk, {}
    for link in MatterLink.objects.of(matter):
        is_later = (link.content_type_id, link.object_id) == (kind, matter.pk)
        far = (link.other_type_id, link.other_id) if is_later else (link.content_type_id, link.object_id)
        found[far] = link
    return found


def _kinds() -> list[ContentType]:
    return [ContentType.objects.get_for_model(model) for model in (Complaint, TipOff)]
