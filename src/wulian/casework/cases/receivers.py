"""What other rooms refer becomes a lead, in the same transaction: the lead exists or the referral did not happen."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from wulian.casework.cases.choices import Source
from wulian.casework.cases.models import Evidence
from wulian.casework.cases.services.evidence import add_machine_evidence
from wulian.casework.cases.services.leads import create_lead
from wulian.casework.intake.signals import matter_referred
from wulian.core.accounts.models import User
from wulian.information.alerts.choices import Destination, SubjectKind
from wulian.information.alerts.models import Alert
from wulian.information.alerts.presentation import sentence
from wulian.information.alerts.signals import alert_referred
from wulian.information.registry.models import Bid, Contract, Party
from wulian.law.violations import violations

PROCURER_SIDE = ("招标人", "建设单位")


@receiver(alert_referred, dispatch_uid="cases.alert_referred")
def lead_from_alert(*, alert: Alert, actor: User, reason: str, **kwargs: Any) -> None:
    """An alert that was judged becomes a lead, with what the rule saw as its first item of evidence."""
    if alert.destination != Destination.LEAD:
        return
    lead = create_lead(
        actor=actor,
        source=Source.ALERT,
        title=f"{alert.rule_title}：{alert.subject_label}",
        facts=f"{sentence(alert)}（规则{alert.rule_id}）\n研判意见：{reason}",
        origin=alert,
        project=alert.project,
        lot=alert.lot,
        party=party_of_alert(alert),
        violation_code=alert.violation_code,
        conduct_date=alert.conduct_date,
        severity=str(alert.severity),
        by_system=True,
    )
    if not Evidence.objects.filter(lead=lead).exists():
        add_machine_evidence(
            lead=lead,
            title=f"预警数据 {alert.rule_id}",
            proves=f"{alert.rule_title}的事实线索（规则结果本身不作为认定依据，须经查证）",
            origin="本平台监测预警",
            seen={
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
