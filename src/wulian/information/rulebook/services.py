"""Writes of the rulebook: revisions with reason and date, local rules, answers to checklists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.analysis.flags import check_rule
from wulian.analysis.flags.catalogue import Judged
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import changes_between, record_event
from wulian.core.config.errors import Refusal
from wulian.information.registry.models import Lot, Project
from wulian.information.rulebook import selectors
from wulian.information.rulebook.models import (
    FIRST_REVISION,
    CheckOutcome,
    LocalRule,
    RefusedRuleFile,
    RuleCheck,
    RuleRevision,
)
from wulian.information.rulebook.signals import rule_checked, rules_changed
from wulian.information.rulebook.words import expected
from wulian.law.rules import CatalogueError, Rule, check_text
from wulian.law.rules.parameters import ParameterError, read_value

KEEPERS = (Role.LEGAL_REVIEWER,)
"""Who may change the rulebook (法制审核员)."""
CHECKERS = (Role.CASE_OFFICER, Role.SECTION_HEAD)
MAX_FILE = 1_000_000
"""Bytes of a file of local rules."""


def draft_revision(
    *,
    rule_id: str,
    valid_from: date,
    enabled: bool,
    parameters: Mapping[str, str],
) -> RuleRevision:
    """Return the revision that these inputs mean, unsaved; `parameters` as typed, by name.

    Raises Refusal for an unknown rule, a value the parameter cannot take (named, with what was expected), a number that the
    law fixes, a rule that may not be switched on, a date before the version begins, and when nothing changes.
    """
    base = selectors.base_of(rule_id)
    if base is None:
        raise Refusal(_("There is no rule %(rule)s.") % {"rule": rule_id})
    if valid_from < base.valid_from or (base.valid_to and valid_from > base.valid_to):
        raise Refusal(
            _("Applies from: expected a day on which version %(version)s is in force (%(first)s – %(last)s).")
            % {"version": base.version, "first": base.valid_from, "last": base.valid_to or _("no end")},
            field="valid_from",
        )
    if enabled:
        _refuse_switching_on(base)
    draft = RuleRevision(
        rule_id=rule_id,
        version=_next_version(rule_id),
        base_version=base.version,
        valid_from=valid_from,
        enabled=enabled,
        parameters=_changed_values(base, parameters),
    )
    _check_built(draft)
    before = selectors.in_force_on(selectors.versions_of(rule_id), valid_from)
    if before.enabled == enabled and _values(before) == _values(_built(draft)):
        raise Refusal(_("Nothing changes: this is how the rule already applies on that day."))
    return draft


def revise_rule(
    *,
    actor: User,
    rule_id: str,
    valid_from: date,
    enabled: bool,
    parameters: Mapping[str, str],
    reason: str,
) -> RuleRevision:
    """Let a rule apply otherwise from a day of the conduct on; raises Forbidden, and Refusal as `draft_revision`."""
    require_role(actor, *KEEPERS)
    draft = draft_revision(rule_id=rule_id, valid_from=valid_from, enabled=enabled, parameters=parameters)
    return _save(draft, actor, reason, "rulebook.revised")


def undo_revision(*, actor: User, revision: RuleRevision, reason: str) -> RuleRevision:
    """Bring back what applied before a revision, by another revision from the same day.

    Raises Forbidden; Refusal when a later revision already took its place.
    """
    require_role(actor, *KEEPERS)
    items = list(RuleRevision.objects.filter(rule_id=revision.rule_id))
    if revision.version not in {item.version for item in selectors.standing(items)}:
        raise Refusal(_("A later revision already took the place of this one."))
    base = selectors.base_of(revision.rule_id)
    if base is None or base.version != revision.base_version:
        raise Refusal(_("The catalogue has a newer version of this rule; revise that one."))
    earlier = selectors.standing(item for item in items if item.version < revision.version)
    before = next((item for item in reversed(earlier) if item.valid_from <= revision.valid_from), None)
    draft = RuleRevision(
        rule_id=revision.rule_id,
        version=_next_version(revision.rule_id),
        base_version=revision.base_version,
        valid_from=revision.valid_from,
        enabled=before.enabled if before else base.enabled,
        parameters=before.parameters if before else {},
        undoes=revision,
    )
    return _save(draft, actor, reason, "rulebook.undone")


def import_rules(*, actor: User, file_name: str, text: str) -> list[LocalRule]:
    """Add the rules of one file to the rulebook, all of them or none.

    Raises Forbidden; Refusal that names file, rule and field for anything the catalogue does not accept. A refused file is kept
    with the reason, so that it can be taken in once what it needs is there.
    """
    require_role(actor, *KEEPERS)
    if len(text.encode()) > MAX_FILE:
        raise Refusal(_("The file is larger than 1 MB."), field="file")
    try:
        built = _read_rules(file_name, text)
    except Refusal as refusal:
        with transaction.atomic():
            kept = RefusedRuleFile.objects.create(
                file_name=file_name[:200], text=text, reason=str(refusal), author=actor
            )
            record_event(actor=actor, verb="rulebook.refused", subject=kept, summary=kept.reason[:500])
        raise
    return _add_rules(actor, file_name, built)


def take_refused_file(*, actor: User, refused: RefusedRuleFile) -> list[LocalRule]:
    """Import a refused file again as it was sent; raises Refusal when it still cannot be taken in, with today's reason."""
    require_role(actor, *KEEPERS)
    with transaction.atomic():
        _handle(refused, actor, RefusedRuleFile.State.TAKEN)
        return _add_rules(actor, refused.file_name, _read_rules(refused.file_name, refused.text))


def drop_refused_file(*, actor: User, refused: RefusedRuleFile) -> RefusedRuleFile:
    """Close a refused file without taking it in."""
    require_role(actor, *KEEPERS)
    with transaction.atomic():
        _handle(refused, actor, RefusedRuleFile.State.DROPPED)
        record_event(actor=actor, verb="rulebook.file_dropped", subject=refused, summary=refused.reason[:500])
    return refused


def _handle(refused: RefusedRuleFile, actor: User, state: RefusedRuleFile.State) -> None:
    current = RefusedRuleFile.objects.select_for_update().get(pk=refused.pk)
    if current.state != RefusedRuleFile.State.OPEN:
        raise Refusal(
            _("This file has been handled already: %(state)s.") % {"state": current.get_state_display()}
        )
    refused.state, refused.handled_by, refused.handled_at = state, actor, timezone.now()
    refused.save(update_fields=["state", "handled_by", "handled_at"])


def _read_rules(file_name: str, text: str) -> list[tuple[Rule, dict[str, Any]]]:
    """Return the rules of a file with their records; raises Refusal for the first thing that is wrong."""
    try:
        built = list(check_text(file_name, text, beside=selectors.local_rules()))
    except CatalogueError as error:
        raise Refusal(str(error), field="file") from None
    for rule, _record in built:
        _check_local(rule, file_name)
    return built


def _add_rules(actor: User, file_name: str, built: Iterable[tuple[Rule, dict[str, Any]]]) -> list[LocalRule]:
    with transaction.atomic():
        saved = [
            LocalRule.objects.create(
                rule_id=rule.id,
                version=rule.version,
                record=_plain(record),
                file_name=file_name,
                author=actor,
            )
            for rule, record in built
        ]
        for item in saved:
            record_event(actor=actor, verb="rulebook.imported", subject=item, summary=f"{item} {file_name}")
        _tell(sorted({item.rule_id for item in saved}))
    return saved


def answer_checklist(
    *,
    actor: User,
    rule_id: str,
    project: Project,
    answers: Mapping[int, str],
    outcome: str,
    opinion: str = "",
    lot: Lot | None = None,
) -> RuleCheck:
    """Keep what an officer found on the questions of a rule for a dossier; `answers` by the place of the question.

    Raises Forbidden; Refusal when a question has no answer, or when something is suspected without an opinion.
    """
    require_role(actor, *CHECKERS)
    rule = selectors.base_of(rule_id)
    if not isinstance(rule, Rule) or not rule.checklist:
        raise Refusal(_("There is no checklist for rule %(rule)s.") % {"rule": rule_id})
    if not Project.objects.visible_to(actor).filter(pk=project.pk).exists():
        raise Refusal(_("This dossier is not yours to check."))
    for place, question in enumerate(rule.checklist):
        if not answers.get(place, "").strip():
            raise Refusal(
                _("Answer expected: %(question)s") % {"question": question}, field=f"answer_{place}"
            )
    if outcome == CheckOutcome.SUSPECTED and not opinion.strip():
        raise Refusal(_("Opinion: say which facts make it suspected."), field="opinion")
    with transaction.atomic():
        check = RuleCheck.objects.create(
            rule_id=rule_id,
            rule_version=rule.version,
            project=project,
            lot=lot,
            answers=[
                {"question": question, "answer": answers[place].strip()}
                for place, question in enumerate(rule.checklist)
            ],
            outcome=CheckOutcome(outcome),
            opinion=opinion.strip(),
            officer=actor,
        )
        record_event(actor=actor, verb="rulebook.checked", subject=check, summary=f"{check} {project}")
        rule_checked.send(sender=RuleCheck, check=check)
    return check


def _refuse_switching_on(base: Judged) -> None:
    if base.kind == "missing":
        raise Refusal(
            _("This rule cannot be switched on; data are missing: %(data)s.") % {"data": base.needs},
            field="enabled",
        )
    if base.confidence == "U":
        raise Refusal(
            _("This rule rests on a source nobody has verified (U); it cannot be switched on."),
            field="enabled",
        )


def _changed_values(base: Judged, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that differ from the version of the catalogue; raises Refusal naming the parameter."""
    known = {parameter.name: parameter for parameter in base.parameters}
    changed: dict[str, Any] = {}
    for name, text in typed.items():
        parameter = known.get(name)
        if parameter is None:
            raise Refusal(_("Rule %(rule)s has no parameter “%(name)s”.") % {"rule": base.id, "name": name})
        try:
            value = read_value(parameter, text)
        except ParameterError as error:
            raise Refusal(
                _("%(name)s: expected %(expected)s, not “%(given)s”.")
                % {"name": name, "expected": expected(error.shape), "given": error.given},
                field=f"parameter_{name}",
            ) from None
        if value == parameter.value:
            continue
        if not parameter.editable:
            raise Refusal(
                _("%(name)s is fixed by law and cannot be changed here.") % {"name": name},
                field=f"parameter_{name}",
            )
        changed[name] = value
    return changed


def _check_built(draft: RuleRevision) -> None:
    try:
        check_rule(_built(draft))
    except ValueError as error:
        name = min(draft.parameters, default="")
        raise Refusal(
            _("%(name)s: this value does not fit the rule (%(reason)s).")
            % {
                "name": "、".join(draft.parameters) or draft.rule_id,
                "reason": str(error).rpartition(": ")[2],
            },
            field=f"parameter_{name}" if name else "",
        ) from None


def _built(draft: RuleRevision) -> Judged:
    base = selectors.base_of(draft.rule_id)
    assert base is not None
    return selectors.build(draft, [base])


def _values(rule: Judged) -> dict[str, Any]:
    return {parameter.name: parameter.value for parameter in rule.parameters}


def _next_version(rule_id: str) -> int:
    last = RuleRevision.objects.filter(rule_id=rule_id).aggregate(last=Max("version"))["last"]
    return (last or FIRST_REVISION - 1) + 1


def _save(draft: RuleRevision, actor: User, reason: str, verb: str) -> RuleRevision:
    if not reason.strip():
        raise Refusal(_("Reason: say why the rule changes."), field="reason")
    before = selectors.in_force_on(selectors.versions_of(draft.rule_id), draft.valid_from)
    draft.author, draft.reason, draft.at = actor, reason.strip(), timezone.now()
    try:
        with transaction.atomic():
            draft.save()
            after = _built(draft)
            record_event(
                actor=actor,
                verb=verb,
                subject=draft,
                summary=f"{draft} {draft.valid_from}：{draft.reason}",
                changes=changes_between(
                    {**_values(before), "enabled": before.enabled},
                    {**_values(after), "enabled": after.enabled},
                ),
            )
            _tell([draft.rule_id])
    except IntegrityError:
        raise Refusal(_("Somebody else just revised this rule; look at the page again.")) from None
    return draft


def _check_local(rule: Rule, file_name: str) -> None:
    if rule.version >= FIRST_REVISION:
        raise Refusal(
            _("%(file)s: rule %(rule)s: field version: expected a number below %(first)s.")
            % {"file": file_name, "rule": rule.id, "first": FIRST_REVISION},
            field="file",
        )
    try:
        check_rule(rule)
    except ValueError as error:
        raise Refusal(f"{file_name}: {error}", field="file") from None


def _plain(value: Any) -> Any:
    """Return a record as JSON keeps it: dates as text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _tell(rule_ids: Iterable[str]) -> None:
    codes = list(rule_ids)
    transaction.on_commit(lambda: rules_changed.send(sender=RuleRevision, rule_ids=codes))
