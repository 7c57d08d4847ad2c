"""Tables for the sample matters, and persons of every role."""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import RoleGrant, User
from wulian.core.procedures.tests.sample import MATTERS


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in MATTERS.values():
            editor.create_model(model)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for model in MATTERS.values():
            editor.delete_model(model)


@pytest.fixture(autouse=True)
def _content_types_of_this_test():
    # The sample matters get their content type inside the test's transaction; the next test must not remember it.
    ContentType.objects.clear_cache()


@pytest.fixture
def people(db):
    """One person for each role."""
    found = {}
    for role in Role:
        person = User.objects.create(username=role.value, full_name=f"随州{role.value}")
        RoleGrant.objects.create(user=person, role=role)
        found[role.value] = person
    return found
