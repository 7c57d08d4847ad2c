"""The sequencer and the checkpoints."""

import json
import threading
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from wulian import crypto
from wulian.core.accounts.models import Department, User
from wulian.core.audit import canonical, checkpoint_files, services, verification
from wulian.core.audit.models import AuditCheckpoint, AuditEvent, AuditHead, AuditLink

from .conftest import FILED

pytestmark = pytest.mark.django_db


def test_positions_run_from_one_and_each_link_names_the_one_before(chain: list[int]) -> None:
    links = list(AuditLink.objects.order_by("position"))
    assert [link.position for link in links] == list(range(1, 10))
    assert [link.event_id for link in links] == chain
    assert [link.prev_hash for link in links] == ["0" * 64, *(link.link_hash for link in links[:-1])]
    assert AuditHead.objects.get().link_hash == links[-1].link_hash


def test_the_hashes_can_be_recomputed_by_hand(chain: list[int]) -> None:
    """Written out with json and SM3 alone, as an outside auditor would."""
    event = AuditEvent.objects.select_related("link").get(pk=chain[3])
    values = {name: getattr(event, name) for name in canonical.CHAINED_FIELDS}
    values["uid"] = str(event.uid)
    values["occurred_at"] = event.occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
    text = "wulian-audit-1\n" + json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    link = event.link
    assert crypto.hexdigest(text.encode()) == link.event_hash
    joined = "\n".join([link.prev_hash, "4", link.event_hash, link.field_marks])
    assert crypto.hexdigest(joined.encode()) == link.link_hash


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
        ),
    )
)
def test_a_normalised_value_is_stable(value: object) -> None:
    once = canonical.normalise(value)
    assert canonical.normalise(once) == once
    assert json.loads(json.dumps(once)) == once


def test_sequencing_twice_chains_nothing_new(chain: list[int]) -> None:
    assert services.sequence_events() == 0
    assert AuditLink.objects.count() == 9


def test_batches_make_the_same_chain(own_var: Path, officer: User) -> None:
    for number in range(7):
        services.record_event(actor=officer, verb=FILED, summary=str(number))
    assert services.sequence_events(batch=3) == 7
    assert verification.verify().ok


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_chained_although_its_id_is_smaller(
    own_var: Path, officer: User
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: no transaction can commit late")
    written, may_commit = threading.Event(), threading.Event()
    late: list[int] = []

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                late.append(services.record_event(actor=None, verb=FILED, summary="慢").pk)
                written.set()
                assert may_commit.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert written.wait(20)
    early = services.record_event(actor=officer, verb=FILED, summary="快").pk
    assert late[0] < early
    assert services.sequence_events() == 1
    may_commit.set()
    thread.join(20)
    assert services.sequence_events() == 1
    assert list(AuditLink.objects.order_by("position").values_list("event_id", flat=True)) == [early, late[0]]
    assert verification.verify().ok


@pytest.mark.django_db(transaction=True)
def test_several_sequencers_and_writers_at_once_make_one_chain(own_var: Path, officer: User) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("a SQLite database in memory is one connection")
    failures: list[BaseException] = []

    def guarded(work) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                failures.append(error)
            finally:
                connections.close_all()

        return threading.Thread(target=run)

    def write() -> None:
        for number in range(25):
            with transaction.atomic():
                services.record_event(actor=None, verb=FILED, summary=str(number))

    def sequence() -> None:
        for _ in range(10):
            services.sequence_events(batch=7)

    threads = [guarded(write) for _ in range(3)] + [guarded(sequence) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    services.sequence_events()
    assert failures == []
    assert AuditLink.objects.count() == 75
    assert verification.verify().ok


@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditlink", "audit_auditcheckpoint"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_or_delete_a_row(chain: list[int], table: str, statement: str) -> None:
    column = {
        "audit_auditevent": "summary",
        "audit_auditlink": "prev_hash",
        "audit_auditcheckpoint": "link_hash",
    }
    sql = statement.format(table=table, column=column[table])
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert verification.verify().ok


@pytest.mark.parametrize(
    "table", ["audit_auditevent", "audit_auditlink", "audit_auditcheckpoint", "audit_audithead"]
)
def test_postgresql_refuses_to_empty_a_table_even_as_a_replica(chain: list[int], table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        superuser = cursor.fetchone()[0]
    for replica in (False, True) if superuser else (False,):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            if replica:
                cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_sqlite_refuses_insert_or_replace(chain: list[int]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    columns = [field.column for field in AuditEvent._meta.concrete_fields]
    forged = ", ".join("'伪造'" if column == "summary" else column for column in columns)
    by_id = f"INSERT OR REPLACE INTO audit_auditevent ({', '.join(columns)}) SELECT {forged} FROM audit_auditevent"
    by_uid = by_id.replace("SELECT id,", "SELECT id + 1000,")
    assert by_uid != by_id
    for sql in (by_id, by_uid):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_the_end_of_the_chain_cannot_go_back(chain: list[int]) -> None:
    for sql in ("UPDATE audit_audithead SET position = position - 1", "DELETE FROM audit_audithead"):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_a_checkpoint_stands_in_the_database_and_signed_in_a_file(own_var: Path, chain: list[int]) -> None:
    row = AuditCheckpoint.objects.get()
    assert (row.number, row.position, row.count) == (1, 6, 6)
    assert row.link_hash == AuditLink.objects.get(position=6).link_hash
    (line,) = checkpoint_files.read_lines()
    assert line.path.parent == own_var / "checkpoints"
    assert line.content == checkpoint_files.as_line(row)
    assert checkpoint_files.signature_holds(line.content)
    assert not checkpoint_files.signature_holds({**line.content, "position": 5})
    algorithms = [signature["algorithm"] for signature in row.signatures]
    assert algorithms == (["ed25519", "sm2"] if crypto.sm2_available() else ["ed25519"])


def test_a_checkpoint_is_written_only_when_the_chain_has_grown(chain: list[int]) -> None:
    assert services.write_checkpoint().number == 2
    assert services.write_checkpoint().number == 2
    assert len(list(checkpoint_files.read_lines())) == 2
    assert verification.verify().ok


def test_without_events_there_is_no_checkpoint(own_var: Path, db: None) -> None:
    assert services.write_checkpoint() is None
    assert verification.verify().ok


def test_a_line_lost_between_commit_and_file_is_added_by_the_next_call(
    own_var: Path, chain: list[int]
) -> None:
    services.write_checkpoint()
    (path,) = (own_var / "checkpoints").iterdir()
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0])
    first = verification.verify().first
    assert (first.kind, first.table, first.row) == ("file", "checkpoint", 2)
    services.write_checkpoint()
    assert path.read_text() == "".join(lines)
    assert verification.verify().ok


def test_the_sequencer_does_not_start_a_second_chain_when_its_end_is_gone(
    chain: list[int], officer: User, department: Department, tampered
) -> None:
    with tampered("DELETE FROM audit_audithead"):
        services.record_event(actor=officer, verb=FILED, subject=department)
        with pytest.raises(services.ChainBroken):
            services.sequence_events()
