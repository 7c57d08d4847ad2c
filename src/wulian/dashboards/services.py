"""Writes of the data-analysis meeting: the report, the leads opened from it, the consultation about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import Source
from wulian.casework.cases.models import Evidence, Lead
from wulian.casework.cases.services import create_lead
from wulian.casework.cases.services.evidence import add_machine_evidence
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department, User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.services import issue_document
from wulian.core.ui.notifications import notify
from wulian.dashboards.briefing.content import compute_content
from wulian.dashboards.briefing.document import report_document
from wulian.dashboards.briefing.indices import CAUTION
from wulian.dashboards.choices import ReportState
from wulian.dashboards.models import BriefingReport, digest_of
from wulian.dashboards.permissions import PREPARERS
from wulian.dashboards.tasks import generate_report
from wulian.information.registry.models import Party
from wulian.office.consultations.choices import ConsultationType
from wulian.office.consultations.models import Consultation
from wulian.office.consultations.services import propose_consultation

LONGEST = 366


def request_report(*, actor: User, start: dt.date, end: dt.date) -> BriefingReport:
    """Ask for the report of the days from `start` to `end`, both included; it is computed in the background.

    Raises Forbidden for others than the coordinating office, Refusal for days that are not over or in the wrong order.
    """
    require_role(actor, *PREPARERS)
    if end < start:
        raise Refusal(_("Last day: expected not before the first day."), field="end")
    if end > timezone.localdate():
        raise Refusal(_("Last day: expected today or earlier."), field="end")
    if (end - start).days >= LONGEST:
        raise Refusal(_("Last day: expected at most a year after the first day."), field="end")
    with transaction.atomic():
        report = BriefingReport.objects.create(start=start, end=end, requested_by=actor)
        record_event(actor=actor, verb="dashboards.report_requested", subject=report, summary=str(report))
        generate_report.enqueue(report.pk)
    return report


def write_report(*, report: BriefingReport) -> BriefingReport:
    """Compute, freeze and issue a report that waits; one that is ready stays as it is."""
    actor = report.requested_by
    if actor.department is None:
        raise Refusal(_("Whoever prepares a report belongs to a department."))
    # Before the transaction: nobody else shall wait to write while the numbers are worked out.
    content = {} if report.is_ready else compute_content(actor, report.start, report.end)
    with transaction.atomic():
        report = BriefingReport.objects.select_for_update().get(pk=report.pk)
        if report.is_ready:
            return report
        report.content = content
        report.digest, report.generated_at = digest_of(report.content), timezone.now()
        report.state, report.error = ReportState.READY, ""
        report.save()
        issue_document(
            template="数据分析报告", subject=report, authority=actor.department, actor=actor,
            context=report_document(report),
        )  # fmt: skip
        record_event(
            actor=actor,
            verb="dashboards.report_written",
            subject=report,
            summary=str(report),
            data={"digest": report.digest},
        )
        notify(users=[actor], title=str(report), url=report.get_absolute_url())
    return report


def fail_report(*, report: BriefingReport, reason: str) -> None:
    """Say on the report why it could not be computed."""
    BriefingReport.objects.filter(pk=report.pk).exclude(state=ReportState.READY).update(
        state=ReportState.FAILED, error=reason[:300]
    )


def open_lead(*, actor: User, report: BriefingReport, key: str) -> tuple[Lead, bool]:
    """Open a lead from one row of a report, with the row as its evidence; also says whether the lead is new.

    The same subject of the same index has one lead at a time: while it is being worked on, a later report adds its row to it.
    """
    require_role(actor, *PREPARERS)
    found = report.find_row(key) if report.is_ready else None
    if found is None:
        raise Refusal(_("The report has no such row."), field="key")
    if not report.is_intact:
        raise Refusal(_("The report is not the one that was computed: its SM3 digest differs."))
    index, row = found
    reasons = "；".join(f"{label}：{value}" for label, value in row["components"])
    with transaction.atomic():
        source_key, is_new = _source_key(key)
        lead = create_lead(
            actor=actor,
            source=Source.ANALYSIS,
            source_key=source_key,
            title=f"{index['title']}：{row['subject']}",
            facts=f"{report}提示：{row['subject']}，{index['title']}，指数{row['value']}。{reasons}。{index['formula']}（{CAUTION}）",
            origin=report,
            party=Party.objects.filter(pk=row["party"]).first() if row["party"] else None,
        )
        _attach(lead, report, index, row)
        record_event(
            actor=actor,
            verb="dashboards.lead_opened",
            subject=report,
            summary=f"{row['subject']} → {lead.lead_no}",
            data={"lead": lead.pk, "key": key, "new": is_new},
        )
    return lead, is_new


def _source_key(key: str) -> tuple[str, bool]:
    """The key of the live lead of a subject, or of the next one after those that are finished."""
    name = f"dashboards:{key}"[:110]
    leads = Lead.objects.filter(Q(source_key=name) | Q(source_key__startswith=f"{name}#")).order_by("-pk")
    live = leads.exclude(state__in=Lead.get_procedure().final_states).first()
    if live:
        return live.source_key, False
    return (f"{name}#{leads.count() + 1}" if leads.exists() else name), True


def _attach(lead: Lead, report: BriefingReport, index: dict[str, Any], row: dict[str, Any]) -> None:
    title = f"数据分析例会报告第{report.pk}号：{index['title']}"
    if Evidence.objects.filter(lead=lead, title=title).exists():
        return
    add_machine_evidence(
        lead=lead,
        title=title,
        proves=f"{row['subject']}的统计线索（{CAUTION}，须经查证）",
        origin="本平台数据分析",
        seen={
            "report": report.pk,
            "digest": report.digest,
            "days": [report.start, report.end],
            "window": report.content["window"],
            **{
                name: index[name]
                for name in ("code", "title", "source", "formula", "minimum", "caution", "tested")
            },
            "row": row,
        },
    )


def propose_meeting(
    *, actor: User, report: BriefingReport, title: str, departments: Iterable[Department], disputes: str = ""
) -> Consultation:
    """Put a report before a consultation of the kind data-analysis meeting; its members then read the report."""
    require_role(actor, *PREPARERS)
    if not report.is_ready:
        raise Refusal(_("The report is not ready yet."))
    content = report.content
    facts = [f"{item['label']}{item['now']}（上一同长期间{item['before']}）" for item in content["summary"]]
    rows = sum(len(index["rows"]) for index in content["indices"])
    return propose_consultation(
        actor=actor,
        type=ConsultationType.DATA,
        title=title,
        facts=f"{report}：{'，'.join(facts)}。统计线索{rows}条，规则建议{len(content['proposals'])}条（{CAUTION}）。",
        departments=departments,
        subject=report,
        disputes=disputes,
        materials=f"{report}（SM3 {report.digest}）",
    )


def seed_briefing(*, actor: User, months: int = 3) -> BriefingReport:
    """Request and write at once the report of the last `months` full months, for a demonstration."""
    end = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    number = end.year * 12 + end.month - months
    report = request_report(actor=actor, start=dt.date(number // 12, number % 12 + 1, 1), end=end)
    return write_report(report=report)
