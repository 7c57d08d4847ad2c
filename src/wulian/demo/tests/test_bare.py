"""`wulian demo --bare`: dossiers alone, for measurements."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from wulian.core.accounts.models import User
from wulian.demo import services
from wulian.information.alerts.models import Alert
from wulian.information.registry.models import Bid, EvaluationScore, Project, SearchEntry

pytestmark = pytest.mark.django_db


def test_bare_dossiers_come_without_people_scores_and_alerts(monkeypatch):
    monkeypatch.setattr(services, "PROJECTS", 20)
    built = services.build_dossiers(bidders=(8, 9, 10))
    assert built.projects == Project.objects.count() == 20
    assert built.bids == Bid.objects.count() > 80
    assert not EvaluationScore.objects.exists()
    assert not Alert.objects.exists()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_not_left_with_a_refresh_for_each_chunk(monkeypatch):
    monkeypatch.setattr(services, "PROJECTS", 3)
    services.build_dossiers()
    assert SearchEntry.objects.exists(), "what follows a commit has happened"
    assert not DBTaskResult.objects.ready().filter(task_path__contains="alerts.tasks").exists()


def test_without_demonstration_accounts_the_logins_say_how_to_make_them():
    out = StringIO()
    call_command("demo_logins", stdout=out)
    assert "wulian demo" in out.getvalue()


def test_a_scale_below_one_is_refused():
    with pytest.raises(CommandError, match="--scale"):
        call_command("demo", "--scale", "0", stdout=StringIO())
