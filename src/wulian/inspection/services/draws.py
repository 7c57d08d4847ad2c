"""The draw: pool frozen, seed entered, drawn, withdrawn."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wulian import crypto
from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department
from wulian.core.audit.keys import key_store
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.force.officers.models import Officer
from wulian.inspection import draw as drawing
from wulian.inspection.choices import DrawState, ObjectKind, TaskState, WithdrawalReason
from wulian.inspection.models import AnnualPlan, Draw, InspectionTask, TaskInspector
from wulian.inspection.permissions import KEEPERS
from wulian.inspection.receivers import take_alerts_along
from wulian.inspection.selectors import build_pool
from wulian.law.regions import region_chain

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

DRAW_KEY = "inspection-draw"


def freeze_draw(
    *,
    actor: User,
    plan: AnnualPlan,
    title: str,
    authority: Department,
    object_kind: str,
    sector: str,
    region_code: str,
    places: int | None = None,
    random_share: int = drawing.MINIMUM_RANDOM_SHARE,
    inspectors_per_object: int = drawing.INSPECTORS_PER_OBJECT,
    replaces: Draw | None = None,
) -> Draw:
    """Freeze objects and inspectors as of today and commit to a secret, before any public seed is known.

    The commitment SM3(secret ‖ pool hash) is signed and audited; the secret is stored sealed and nobody is shown it. Raises
    Refusal when the plan is not published, too few objects or inspectors are there, or a draw is to be made again in place.
    """
    require_role(actor, *KEEPERS)
    _check_draw(plan, title, authority, object_kind, region_code, replaces)
    with translation.override(
        "zh-hans"
    ):  # the frozen pool is an official record, in Chinese whoever makes it
        pool = build_pool(
            plan=plan,
            authority=authority,
            object_kind=object_kind,
            sector=sector,
            region_code=region_code,
            as_of=timezone.localdate(),
            random_share=random_share,
            places=places,
            inspectors_per_object=inspectors_per_object,
        )
    _check_pool(pool)
    digest, secret, now = drawing.pool_hash(pool), secrets.token_bytes(drawing.SECRET_BYTES), timezone.now()
    promise = drawing.commitment(secret, digest)
    with transaction.atomic():
        AnnualPlan.objects.select_for_update().get(pk=plan.pk)
        last = plan.draws.aggregate(last=Max("number"))["last"] or 0
        draw = Draw.objects.create(
            plan=plan,
            number=last + 1,
            title=title.strip(),
            authority=authority,
            sector=sector,
            region_code=region_code,
            object_kind=object_kind,
            as_of=timezone.localdate(),
            pool=pool,
            pool_hash=digest,
            commitment=promise,
            sealed_secret=key_store().cipher(DRAW_KEY).encrypt(secret, digest.encode()),
            signature=_sign(digest, promise, stamp(now)),
            frozen_at=now,
            frozen_by=actor,
            replaces=replaces,
        )
        record_event(
            actor=actor,
            verb="inspection.pool_frozen",
            subject=draw,
            data={
                "pool_hash": digest,
                "commitment": promise,
                "objects": len(pool["objects"]),
                "inspectors": len(pool["inspectors"]),
                "places": pool["places"],
            },
        )
    return draw


def enter_seed(
    *,
    actor: User,
    draw: Draw,
    public_seed: str,
    seed_source: str,
    seed_published_at: dt.datetime,
    witnesses: Iterable[str],
) -> Draw:
    """Enter a number that became public after the freezing, with its source and the witnesses; once.

    By another person than the one who froze the pool.
    """
    require_role(actor, *KEEPERS)
    names = [name.strip() for name in witnesses if name.strip()]
    if not public_seed.strip() or not seed_source.strip():
        raise Refusal(
            _("Public seed: expected the numbers and where they were published."), field="public_seed"
        )
    if not names:
        raise Refusal(_("Witnesses: expected at least one name."), field="witnesses")
    with transaction.atomic():
        draw = _locked(draw, DrawState.FROZEN)
        if draw.frozen_by_id == actor.pk:
            raise Forbidden(_("Who froze the pool does not enter the public seed; ask a colleague."))
        if not draw.frozen_at < seed_published_at <= timezone.now():
            raise Refusal(
                _("Public since: expected a time after the freezing (%(time)s) and not in the future.")
                % {"time": timezone.localtime(draw.frozen_at).strftime("%Y-%m-%d %H:%M:%S")},
                field="seed_published_at",
            )
        draw.public_seed, draw.seed_source = public_seed.strip(), seed_source.strip()
        draw.seed_published_at, draw.witnesses = seed_published_at, names
        draw.seeded_at, draw.seeded_by, draw.state = timezone.now(), actor, DrawState.SEEDED
        draw.save(
            update_fields=[
                "public_seed", "seed_source", "seed_published_at", "witnesses", "seeded_at", "seeded_by", "state",
            ]
        )  # fmt: skip
        record_event(
            actor=actor,
            verb="inspection.seed_entered",
            subject=draw,
            data={"public_seed": draw.public_seed, "source": draw.seed_source, "witnesses": names},
        )
    return draw


def run_draw(*, actor: User, draw: Draw) -> Draw:
    """Reveal the secret, draw, write the record and open one inspection (state J02) for each object drawn; once."""
    require_role(actor, *KEEPERS)
    with transaction.atomic():
        draw = _locked(draw, DrawState.SEEDED)
        secret = key_store().cipher(DRAW_KEY).decrypt(bytes(draw.sealed_secret), draw.pool_hash.encode())
        if drawing.pool_hash(draw.pool) != draw.pool_hash:
            raise Refusal(_("The frozen pool was altered: its digest is not the one that was published."))
        if drawing.commitment(secret, draw.pool_hash) != draw.commitment:
            raise Refusal(_("The secret is not the one that was committed to."))
        assignments = drawing.draw(draw.pool, secret, draw.public_seed)
        draw.drawn_at, draw.drawn_by, draw.state = timezone.now(), actor, DrawState.DRAWN
        draw.record = build_record(draw, secret, assignments)
        draw.record_digest = crypto.hexdigest(drawing.canonical_json(draw.record))
        draw.save(update_fields=["drawn_at", "drawn_by", "state", "record", "record_digest"])
        _open_tasks(draw, assignments)
        record_event(
            actor=actor,
            verb="inspection.drawn",
            subject=draw,
            data={"record_digest": draw.record_digest, "objects": [item.object_id for item in assignments]},
        )
    return draw


def withdraw_draw(*, actor: User, draw: Draw, reason: str, note: str) -> Draw:
    """Withdraw a draw with a reason code; result and record stay, a replacing draw is a new one with a new pool."""
    require_role(actor, Role.OFFICE_HEAD)
    if reason not in WithdrawalReason.values:
        raise Refusal(_("Reason: expected one of the list."), field="reason")
    if not note.strip():
        raise Refusal(_("Note: expected what happened."), field="note")
    with transaction.atomic():
        draw = Draw.objects.select_for_update().get(pk=draw.pk)
        if draw.state == DrawState.WITHDRAWN:
            raise Refusal(_("The draw is already withdrawn."))
        begun = draw.tasks.exclude(state__in=(TaskState.DRAWN, TaskState.APPROVAL)).count()
        if begun:
            raise Refusal(
                _("%(count)d inspections of this draw have begun; they are carried through.")
                % {"count": begun}
            )
        before = draw.state
        draw.state, draw.withdrawal_reason, draw.withdrawal_note = DrawState.WITHDRAWN, reason, note.strip()
        draw.save(update_fields=["state", "withdrawal_reason", "withdrawal_note"])
        record_event(
            actor=actor,
            verb="inspection.draw_withdrawn",
            subject=draw,
            summary=f"{reason}: {note.strip()}",
            changes={"state": [before, draw.state]},
        )
    return draw


def build_record(draw: Draw, secret: bytes, assignments: list[drawing.Assignment]) -> dict[str, Any]:
    """Return the public record from which `tools/verify_draw.py` re-computes the result."""
    assert draw.seed_published_at and draw.seeded_at and draw.drawn_at
    return {
        "schema": 1,
        "algorithm": drawing.ALGORITHM,
        "draw": str(draw),
        "pool": draw.pool,
        "pool_hash": draw.pool_hash,
        "commitment": draw.commitment,
        "signature": draw.signature,
        "frozen_at": stamp(draw.frozen_at),
        "public_seed": draw.public_seed,
        "seed_source": draw.seed_source,
        "seed_published_at": stamp(draw.seed_published_at),
        "witnesses": draw.witnesses,
        "seeded_at": stamp(draw.seeded_at),
        "secret": secret.hex(),
        "drawn_at": stamp(draw.drawn_at),
        "result": [
            {"object": item.object_id, "inspectors": list(item.inspector_ids), "how": item.how}
            for item in assignments
        ],
    }


def stamp(moment: dt.datetime) -> str:
    """A moment in UTC to the microsecond, so that texts sort as times do."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _check_draw(
    plan: AnnualPlan,
    title: str,
    authority: Department,
    object_kind: str,
    region_code: str,
    replaces: Draw | None,
) -> None:
    if plan.published_at is None:
        raise Refusal(_("The plan is not published yet; draws are made under a published plan."))
    if not title.strip():
        raise Refusal(_("Title: expected a few words."), field="title")
    if object_kind not in ObjectKind.values:
        raise Refusal(_("Inspected parties: expected one of the list."), field="object_kind")
    if authority.kind != DepartmentKind.AUTHORITY:
        raise Refusal(
            _("Authority in charge: %(name)s may not inspect in its own name.") % {"name": authority.name},
            field="authority",
        )
    if not plan.departments.filter(pk=authority.pk).exists():
        raise Refusal(
            _("Authority in charge: it is not among the departments of the plan."), field="authority"
        )
    try:
        region_chain(region_code)
    except ValueError:
        raise Refusal(
            _("Administrative region: expected six digits such as 421303."), field="region_code"
        ) from None
    if replaces is not None and replaces.state != DrawState.WITHDRAWN:
        raise Refusal(_("A draw is replaced only after it was withdrawn with a reason."), field="replaces")


def _check_pool(pool: dict[str, Any]) -> None:
    """Say in words what `draw.check_pool` would refuse."""
    objects, inspectors = pool["objects"], pool["inspectors"]
    if not objects:
        raise Refusal(_("No object meets these conditions."), field="object_kind")
    if not 1 <= pool["places"] <= len(objects):
        raise Refusal(
            _("Places to draw: expected 1 to %(count)d, the objects in the pool.") % {"count": len(objects)},
            field="places",
        )
    if not drawing.MINIMUM_RANDOM_SHARE <= pool["random_share"] <= 100:
        raise Refusal(_("Pure random share: expected 50 to 100 per cent."), field="random_share")
    needed = pool["inspectors_per_object"]
    if needed < drawing.INSPECTORS_PER_OBJECT:
        raise Refusal(_("Inspectors: expected at least two for each object."), field="inspectors_per_object")
    for item in objects:
        able = sum(item["id"] not in inspector["recused"] for inspector in inspectors)
        if able < needed:
            raise Refusal(
                _("Inspectors: for %(name)s %(able)d may act, %(needed)d are needed.")
                % {"name": item["name"], "able": able, "needed": needed},
                field="authority",
            )
    drawing.check_pool(pool)


def _sign(digest: str, promise: str, moment: str) -> dict[str, Any]:
    signer = key_store().signer(DRAW_KEY)
    text = f"{drawing.ALGORITHM}\n{digest}\n{promise}\n{moment}\n"
    return {
        "algorithm": signer.algorithm,
        "key_id": signer.key_id,
        "public_key": signer.verifier().public_pem,
        "signed_text": text,
        "value": signer.sign(text.encode()).hex(),
    }


def _locked(draw: Draw, expected: DrawState) -> Draw:
    """Hold the row; a draw that is not in the state expected is never touched (no second draw in place)."""
    found = Draw.objects.select_for_update(of=("self",)).select_related("plan", "authority").get(pk=draw.pk)
    if found.state != expected:
        raise Refusal(
            _("This is not possible in the state “%(state)s”; a draw is never repeated in place.")
            % {"state": found.get_state_display()}
        )
    return found


def _open_tasks(draw: Draw, assignments: list[drawing.Assignment]) -> None:
    certificates = {row["id"]: row["certificate"] for row in draw.pool["inspectors"]}
    officers = {f"O{officer.pk}": officer for officer in Officer.objects.filter(authority=draw.authority)}
    for position, item in enumerate(assignments, start=1):
        task = InspectionTask.objects.create(
            draw=draw,
            position=position,
            how=item.how,
            party_id=int(item.object_id[1:]),
            authority=draw.authority,
            year=draw.plan.year,
        )
        TaskInspector.objects.bulk_create(
            TaskInspector(
                task=task, officer=officers[key], certificate_no=certificates[key], is_lead=place == 0
            )
            for place, key in enumerate(item.inspector_ids)
        )
        take_alerts_along(task, draw.drawn_by)
