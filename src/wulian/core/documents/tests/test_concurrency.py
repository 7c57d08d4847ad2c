"""Several clerks at once: numbers without gaps and without doubles."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.tests.factories import decision

CLERKS, ROUNDS = 4, 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "connection.vendor == 'sqlite'", reason="SQLite in memory has one writer; threads need a server"
)
def test_numbers_taken_at_the_same_time_have_no_gap_and_no_double(issue):
    def clerk(_n):
        try:
            for turn in range(ROUNDS):
                if turn == 1:
                    with pytest.raises(Exception, match="court"):
                        issue(context=decision(court=""))
                issue()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CLERKS) as pool:
        list(pool.map(clerk, range(CLERKS)))
    numbers = sorted(EnforcementDocument.objects.values_list("number", flat=True))
    assert numbers == list(range(1, CLERKS * ROUNDS + 1))
    assert connection.vendor == "postgresql"
