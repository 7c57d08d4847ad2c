"""登记表 and 分办单 (REFERENCE D.6 C02, D.7): written by the worker, once a step, without the reporter."""

import pytest
from django_tasks_db.models import DBTaskResult

from wulian.casework.intake import services
from wulian.casework.intake.services.sheets import issue_sheets
from wulian.casework.intake.tasks import write_sheets
from wulian.casework.intake.tests import factories as make
from wulian.core.documents.models import EnforcementDocument

pytestmark = pytest.mark.django_db


def sheets(matter):
    return list(EnforcementDocument.objects.for_object(matter).order_by("pk"))


def test_registration_and_each_dispatch_leave_a_sheet_of_the_office_and_no_step_waits_for_it(
    people, examined
):
    assert sheets(examined) == []
    orders = DBTaskResult.objects.filter(task_path__endswith="write_sheets")
    assert [order.args_kwargs["args"] for order in orders] == [["intake.complaint", examined.pk]] * 2
    assert write_sheets.func("intake.complaint", examined.pk) == 2
    assert write_sheets.func("intake.complaint", examined.pk) == 0, "once each"
    register, dispatch = sheets(examined)
    assert (register.template, dispatch.template) == ("投诉登记表", "分办单")
    assert register.issued_by == people.clerk and dispatch.issued_by == people.dispatcher
    assert register.authority == people.office_head.department
    fields = dispatch.context["fields"]
    assert people.housing.name in str(fields) and "2026-10-09" in str(fields), "the admission is due"


def test_a_reassigned_complaint_has_a_second_dispatch_sheet(people, examined):
    issue_sheets(matter=examined)
    services.reassign_matter(
        actor=people.dispatcher, matter=examined, authority=people.transport, reason="会商明确由市交通局办理"
    )
    (second,) = issue_sheets(matter=examined)
    assert people.transport.name in str(second.context) and "会商明确" in str(second.context)


def test_no_sheet_names_the_reporter_or_repeats_the_letter(people, examined):
    issue_sheets(matter=examined)
    words = "".join(str(sheet.context) for sheet in sheets(examined))
    assert examined.alias in words
    for secret in (make.NAME, make.PHONE, make.ADDRESS, examined.facts):
        assert secret not in words


def test_a_tip_off_has_the_register_of_leads(people):
    matter = make.registered(make.tip_off(), people.clerk)
    (sheet,) = issue_sheets(matter=matter)
    assert sheet.template == "线索登记表" and "匿名" in str(sheet.context)
