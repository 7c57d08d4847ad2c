"""The whole demonstration, built once: every page has something, every login works, every planted fact is found."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wulian.casework.cases.models import Case, Lead
from wulian.casework.credit.choices import OutboxState, PointState
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.casework.credit.services.files import folder as outbox_folder
from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.models import AuditEvent
from wulian.core.audit.verification import verify
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.ui.models import Notification
from wulian.core.ui.testing import sign_in
from wulian.demo.people import PASSWORD, logins, people
from wulian.demo.scenes.complaints import receipt_to_show
from wulian.demo.services import Built, build_demo
from wulian.force.officers.models import Officer
from wulian.force.officers.selectors import expiring_certificates
from wulian.information.alerts.models import Alert
from wulian.information.registry.models import ImportRun, Project
from wulian.information.supervision.demonstration import SCENES
from wulian.inspection.models import Draw, InspectionTask
from wulian.law.rules import all_rules
from wulian.office.consultations.models import Consultation

# The mark alone makes the test database: without it this module would meet the one of the developer.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Built]:
    """The demonstration in a transaction that all tests of this module share and none keeps."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_demo()
        transaction.set_rollback(True)


def test_every_planted_fact_has_its_alert_and_no_clean_dossier_has_one(demo):
    rules = {rule.id for rule in all_rules() if rule.enabled and rule.computed}
    of_rules = Alert.objects.filter(rule_id__in=rules)
    found = set(of_rules.filter(project__isnull=False).values_list("rule_id", "project__project_code"))
    must = {(fact.rule, fact.project_code) for fact in demo.planted if fact.told and fact.rule in rules}
    may = {(fact.rule, fact.project_code) for fact in demo.planted}
    assert len({rule for rule, _project in must}) >= 20
    assert must - found == set(), "planted and not found"
    assert found - may == set(), "found in a clean dossier"
    assert not of_rules.filter(project=None).exists()


def test_alerts_stand_in_every_state_that_people_bring_about(demo):
    assert set(Alert.objects.values_list("state", flat=True)) >= {
        "已分办", "研判中", "待复核", "已排除", "转线索", "转检查",
    }  # fmt: skip


def test_dossiers_changed_since_the_platform_began_and_say_so(demo):
    first, second = ImportRun.objects.order_by("pk")
    assert first.created_count > 250
    assert second.updated_count > 20
    assert demo.projects == 300
    assert Project.objects.count() == 300 + len(SCENES)


def test_one_case_went_all_the_way_to_the_province(demo):
    case = Case.objects.get(state="P18")
    assert case.decision.document_no
    assert case.decision.served_on
    assert PointEvent.objects.get(case=case).state == PointState.CONFIRMED
    record = OutboxRecord.objects.get(case=case)
    assert record.state == OutboxState.PUSHED
    for file in record.files.all():
        assert (outbox_folder() / f"{file.name}.csv").stat().st_size


def test_leads_and_cases_stand_at_different_steps(demo):
    assert 4 <= Lead.objects.count() <= 8
    assert {"P01", "P09", "P18"} <= set(Case.objects.values_list("state", flat=True))
    assert {"L02", "L10", "P01"} <= set(Lead.objects.values_list("state", flat=True))


def test_complaints_run_and_one_is_due_soon(demo):
    assert {"C01", "C03", "C06", "C90"} <= set(Complaint.objects.values_list("state", flat=True))
    assert TipOff.objects.count() == 8
    decisions = Clock.objects.running().filter(kind="complaint.decision")
    due = [clock.due for clock in decisions if clock.due is not None]
    assert 0 <= (min(due) - timezone.localdate()).days <= 7


def test_the_other_wings_have_something_to_show(demo):
    assert set(Consultation.objects.values_list("state", flat=True)) == {"K01", "K07"}
    draw = Draw.objects.get()
    assert draw.record is not None
    assert {"J03", "J04", "J07", "J08"} == set(InspectionTask.objects.values_list("state", flat=True))
    assert Notification.objects.count() > 50
    assert EnforcementDocument.objects.count() > 15


def test_officers_hold_certificates_one_runs_out_one_is_away_one_recused(demo):
    authorities = {officer.authority_id for officer in Officer.objects.all()}
    for authority in authorities:
        assert Officer.objects.filter(authority=authority, certificates__isnull=False).distinct().count() >= 2
    assert len(expiring_certificates(on=timezone.localdate())) == 1
    away = Officer.objects.filter(leaves__starts_on__lte=timezone.localdate(), leaves__cancelled_at=None)
    assert away.count() == 1
    assert Officer.objects.filter(recusals__isnull=False).count() == 1


def test_what_was_done_is_audited_in_the_order_of_time_and_the_chain_holds(demo):
    moments = list(AuditEvent.objects.order_by("pk").values_list("occurred_at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= timezone.now()
    assert (timezone.now() - moments[0]).days > 30
    assert verify().ok


def test_every_login_shown_lets_its_person_in(demo):
    shown = logins(timezone.now())
    assert {login.role for login in shown} == {str(role.label) for role in Role}
    for login in shown:
        client = Client()
        answer = client.post(
            reverse("accounts:login"), {"username": login.username, "password": PASSWORD}, follow=True
        )
        assert answer.status_code == 200, login
        if login.code:
            answer = client.post(reverse("accounts:verify"), {"token": login.code}, follow=True)
        assert answer.context["user"].username == login.username
        assert answer.context["user"].is_demo
        assert "_auth_user_id" in client.session


def test_everybody_sees_a_home_page_and_those_with_work_see_duties(demo):
    for username in (
        "window",
        "dispatcher",
        "director",
        "housing-officer1",
        "housing-head",
        "housing-section",
    ):
        page = sign_in(Client(), User.objects.get(username=username)).get(reverse("ui:home"))
        assert page.status_code == 200
        assert "剩" in page.content.decode() or "逾期" in page.content.decode(), username


def test_no_two_people_share_a_name_and_every_authority_is_staffed(demo):
    names = [person.full_name for person in people()]
    assert len(set(names)) == len(names)
    for code in ("housing", "transport", "water", "land", "authority", "zengdu", "suixian", "guangshui"):
        posts = ("officer1", "officer2", "section", "head", "legal")
        assert User.objects.filter(username__in=[f"{code}-{post}" for post in posts]).count() == len(posts)


def test_the_receipt_that_is_shown_is_stored(demo):
    number, code = receipt_to_show()
    assert number.startswith("随招收")
    assert len(code.replace("-", "")) == 28


def test_a_second_demo_changes_nothing(demo):
    before = (
        Project.objects.count(),
        User.objects.count(),
        AuditEvent.objects.count(),
        Alert.objects.count(),
    )
    out = StringIO()
    call_command("demo", "--if-empty", stdout=out)
    assert "nothing was done" in out.getvalue()
    with pytest.raises(Refusal):
        build_demo()
    with pytest.raises(CommandError, match="不为空"):
        call_command("demo", stdout=out)
    assert before == (
        Project.objects.count(), User.objects.count(), AuditEvent.objects.count(), Alert.objects.count(),
    )  # fmt: skip


def test_the_logins_are_printed_with_password_and_codes(demo):
    out = StringIO()
    call_command("demo_logins", stdout=out)
    shown = out.getvalue()
    assert PASSWORD in shown
    for login in logins(timezone.now()):
        assert login.username in shown
    assert "http://127.0.0.1:8000/" in shown
