"""What other rooms refer becomes a lead, in the same transaction: the lead exists or the referral did not happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import Source
from wulian.casework.cases.models import Evidence, Lead
from wulian.casework.cases.services.clocks import follow_step
from wulian.casework.cases.services.evidence import add_machine_evidence
from wulian.casework.cases.services.leads import create_lead
from wulian.casework.intake.models import Complaint, TipOff
from wulian.casework.intake.services import follow_lead
from wulian.casework.intake.signals import matter_referred, tip_off_moved
from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event
from wulian.information.alerts.choices import Destination, SubjectKind
from wulian.information.alerts.models import Alert
from wulian.information.alerts.presentation import sentence
from wulian.information.alerts.services import link_outcome
from wulian.information.alerts.signals import alert_referred
from wulian.information.comparison.models import SimilarityFinding
from wulian.information.comparison.selectors import parties_of
from wulian.information.comparison.services import link_outcome as link_similarity
from wulian.information.comparison.signals import similarity_filed
from wulian.information.registry.models import Bid, Contract, Party
from wulian.law.violations import violations

PROCURER_SIDE = ("招标人", "建设单位")
JOINABLE: Final = ("L01", "L02", "L05")
"""States of a lead in which its facts are still being gathered."""
OFFERED: Final = 20
COLLUSION: Final = "WF-09"
"""投标人相互串通投标，与招标人串通投标，或者以行贿的手段谋取中标."""


@receiver(alert_referred, dispatch_uid="cases.alert_referred")
def follow_referral(*, alerts: list[Alert], actor: User, reason: str, target: str, **kwargs: Any) -> None:
    """Alerts that were judged together become one lead, or join the complaint that is about the same matter."""
    if alerts[0].destination == Destination.LEAD:
        lead = _lead_chosen(alerts, actor, target) if target else _new_lead(alerts, actor, reason)
        link_outcome(alerts=alerts, record=lead, actor=actor)
        for alert in alerts:
            _add_machine_evidence(lead, alert)
    elif alerts[0].destination == Destination.COMPLAINT:
        link_outcome(alerts=alerts, record=_complaint_chosen(alerts, actor, target), actor=actor)


def offer_leads(alerts: Sequence[Alert], user: User) -> list[tuple[str, str]]:
    """The open leads of the same project, which alerts may join instead of opening a new one."""
    rows = Lead.objects.filter(project__in=_projects(alerts), state__in=JOINABLE).order_by("-pk")
    return [(f"lead:{lead.pk}", str(lead)) for lead in rows[:OFFERED]]


def offer_complaints(alerts: Sequence[Alert], user: User) -> list[tuple[str, str]]:
    """The complaints about the same project that are being handled and that the user may see."""
    rows = Complaint.objects.visible_to(user).open().filter(project__in=_projects(alerts)).order_by("-pk")
    return [(f"complaint:{row.pk}", f"{row.number} {row.get_topic_display()}") for row in rows[:OFFERED]]


def _projects(alerts: Sequence[Alert]) -> set[int]:
    return {alert.project_id for alert in alerts if alert.project_id}


def _lead_chosen(alerts: list[Alert], actor: User, target: str) -> Lead:
    if target not in dict(offer_leads(alerts, actor)):
        raise Refusal(_("Lead: choose one of the open leads of this project."), field="target")
    return Lead.objects.get(pk=target.partition(":")[2])


def _complaint_chosen(alerts: list[Alert], actor: User, target: str) -> Complaint:
    if target not in dict(offer_complaints(alerts, actor)):
        raise Refusal(
            _("Complaint: choose the complaint about this project; without one, the alert becomes a lead."),
            field="target",
        )
    return Complaint.objects.get(pk=target.partition(":")[2])


def _new_lead(alerts: list[Alert], actor: User, reason: str) -> Lead:
    """One lead for all: the gravest alert gives its title, every alert its sentence to the facts."""
    first, parties = alerts[0], {alert.party_id for alert in alerts if alert.party_id}
    findings = "\n".join(f"{sentence(alert)}（规则{alert.rule_id}）" for alert in alerts)
    more = f"等{len(alerts)}条预警" if len(alerts) > 1 else ""
    return create_lead(
        actor=actor,
        source=Source.ALERT,
        title=f"{first.rule_title}：{first.subject_label}{more}",
        facts=f"{findings}\n研判意见：{reason}",
        origin=first,
        source_key=_source_key(first),
        project=first.project,
        lot=first.lot if len({alert.lot_id for alert in alerts}) == 1 else None,
        party=first.party if len(parties) == 1 else party_of_alert(first),
        violation_code=first.violation_code,
        conduct_date=min((alert.conduct_date for alert in alerts if alert.conduct_date), default=None),
        severity=str(first.severity),
        by_system=True,
    )


def _source_key(alert: Alert) -> str:
    """One lead an alert, and another one when it came back after the first was finished."""
    key = f"{alert._meta.label_lower}:{alert.pk}"
    finished = Lead.objects.filter(source_key__startswith=key).filter(
        Q(source_key=key) | Q(source_key__startswith=f"{key}:"), state__in=Lead.get_procedure().final_states
    )
    return f"{key}:{times + 1}" if (times := finished.count()) else key


def _add_machine_evidence(lead: Lead, alert: Alert) -> None:
    title = f"预警数据 {alert.rule_id}"
    if Evidence.objects.filter(lead=lead, title=title, content__contains=f'"alert": {alert.pk},').exists():
        return
    add_machine_evidence(
        lead=lead,
        title=title,
        proves=f"{alert.rule_title}的事实线索（规则结果本身不作为认定依据，须经查证）",
        origin="本平台监测预警",
        seen={
            "alert": alert.pk,
            "rule": alert.rule_id,
            "version": alert.rule_version,
            "subject": [alert.subject_kind, alert.subject_id, alert.subject_label],
            "value": alert.value,
            "threshold": alert.threshold,
            "evidence": alert.evidence,
            "raised_at": alert.raised_at,
            "last_seen_at": alert.last_seen_at,
        },
    )


@receiver(matter_referred, dispatch_uid="cases.matter_referred")
def lead_from_matter(*, matter: Any, actor: User | None, summary: str, **given: Any) -> None:
    """A matter of a complaint or tip-off becomes a lead; only the masked summary goes with it (REFERENCE D.9)."""
    project, kind = given.get("project"), given.get("kind", "")
    create_lead(
        actor=actor,
        source=Source.COMPLAINT if kind == "complaint" else Source.TIP_OFF,
        title=f"{'投诉' if kind == 'complaint' else '举报'}转线索（{matter.number}）",
        facts=summary,
        origin=matter,
        project=project,
        party=given.get("party"),
        violation_code=given.get("violation_code", ""),
        by_system=True,
    )


@receiver(similarity_filed, dispatch_uid="cases.similarity_filed")
def lead_from_similarity(*, finding: SimilarityFinding, actor: User, reason: str, **kwargs: Any) -> None:
    """What bids have in common becomes a lead when a head has so decided; the filing of a case follows its own steps."""
    parties = [party for party in parties_of(finding) if isinstance(party, Party)]
    lead = create_lead(
        actor=actor,
        source=Source.ANALYSIS,
        title=f"{finding.title}：{finding.bidder_names}",
        facts=f"{finding.title}：{finding.value}（{finding.get_level_display()}）\n决定理由：{reason}",
        origin=finding,
        project=finding.project,
        lot=finding.lot,
        party=parties[0] if len(parties) == 1 else None,
        violation_code=COLLUSION,
        severity="红" if finding.level == "deemed" else "橙",
        by_system=True,
    )
    link_similarity(finding=finding, record=lead)
    bundle = finding.bundles.first()
    add_machine_evidence(
        lead=lead,
        title=f"投标文件比对 {finding.check_code}",
        proves=f"{finding.title}的事实线索（比对结果本身不作为认定依据，须经查证）",
        origin="本平台投标文件比对",
        seen={
            "finding": finding.pk,
            "check": finding.check_code,
            "article": finding.article,
            "subjects": finding.subjects,
            "value": finding.value,
            "exclusions": finding.exclusions,
            "evidence": finding.evidence,
            "bundle": {"number": bundle.number, "sm3": bundle.sm3, "sha256": bundle.sha256}
            if bundle
            else None,
        },
    )


def party_of_alert(alert: Alert) -> Party | None:
    """Return the party that the violation is of, as far as the dossier tells: the tenderer of a bid, else the procuring entity."""
    if alert.subject_kind == SubjectKind.PARTY and alert.subject_id.isdigit():
        return Party.objects.filter(pk=alert.subject_id).first()
    if alert.subject_kind == SubjectKind.BID and alert.subject_id.isdigit():
        bid = Bid.objects.filter(pk=alert.subject_id).select_related("tenderer").first()
        return bid.tenderer if bid else None
    row = violations().get(alert.violation_code)
    procurer = row is None or any(word in row.offender for word in PROCURER_SIDE)
    if alert.subject_kind == SubjectKind.CONTRACT and alert.subject_id.isdigit() and not procurer:
        contract = Contract.objects.filter(pk=alert.subject_id).select_related("supplier").first()
        return contract.supplier if contract else None
    if not procurer:
        return None
    entity = alert.lot.tender.procuring_entity if alert.lot else None
    return entity or (alert.project.owner if alert.project else None)


@receiver(post_save, sender=ProcedureStep, dispatch_uid="cases.tip_off_follows")
def tip_off_follows(instance: ProcedureStep, created: bool, **kwargs: Any) -> None:
    """What a lead came to is what its tip-off came to (REFERENCE D.7)."""
    if not created or instance.content_type.model_class() is not Lead:
        return
    lead = Lead.objects.get(pk=instance.object_id)
    tip_off = lead.origin
    if isinstance(tip_off, TipOff):
        follow_lead(
            tip_off=tip_off,
            event=instance.event,
            state=instance.to_state,
            actor=instance.actor,
            note=instance.note,
        )


@receiver(tip_off_moved, dispatch_uid="cases.tip_off_moved")
def lead_follows(*, tip_off: TipOff, event: str, actor: User, note: str, **kwargs: Any) -> None:
    """Flexible handling is decided on the page of the tip-off; its lead takes the same steps."""
    content_type = ContentType.objects.get_for_model(tip_off)
    lead = Lead.objects.filter(content_type=content_type, object_id=tip_off.pk).first()
    if lead is None or lead.get_procedure().transition(event, lead.state) is None:
        return
    step = apply_event(subject=lead, event=event, actor=actor, note=note, verb="cases.lead_step_taken")
    follow_step(subject=lead, step=step, actor=actor)
