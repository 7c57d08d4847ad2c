"""Somebody who holds the database changes it by SQL; verification names the row and the field."""

import base64
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from django.utils import translation

from wulian.core.accounts.models import User
from wulian.core.audit import canonical, checkpoint_files, keys, services, verification
from wulian.core.audit.models import AuditCheckpoint, AuditEvent, AuditHead, AuditLink

from .conftest import DECIDED

pytestmark = pytest.mark.django_db

EVENT_VALUES = {
    "uid": None,  # written per database below
    "schema": "2",
    "occurred_at": "'2024-01-02 03:04:05.678901'",
    "actor_id": None,
    "actor_name": "'王五'",
    "actor_department": "'随县'",
    "verb": f"'{DECIDED}'",
    "subject_type": "'accounts.user'",
    "subject_id": "'77'",
    "subject_label": "'随州市财政局'",
    "summary": "summary || ' '",
    "changes": """'{"state": ["线索", "结案"], "points": [0, 5]}'""",
    "data": """'{"amount": "12500.01", "lots": [1, 2], "urgent": false}'""",
    "request_id": "'f'",
    "remote_address": "'10.0.0.1'",
    "seal": "'00000000:' || substr(seal, 10)",
}
LINK_VALUES = {
    "prev_hash": "substr(prev_hash, 1, 63) || 'x'",
    "event_hash": "substr(event_hash, 1, 63) || 'x'",
    "field_marks": "substr(field_marks, 1, 271) || 'x'",
    "link_hash": "substr(link_hash, 1, 63) || 'x'",
}
CHECKPOINT_VALUES = {
    "created_at": "'2024-01-02 03:04:05.678901'",
    "position": "5",
    "link_hash": "substr(link_hash, 1, 63) || 'x'",
    "count": "5",
    "previous": "substr(previous, 1, 63) || 'x'",
    "key_id": "'00'",
    "signatures": "'[]'",
}


def columns_of(model) -> set[str]:
    return {field.column for field in model._meta.concrete_fields}


def test_every_column_is_tampered_with_below() -> None:
    """A new column must come with its own tampering."""
    assert columns_of(AuditEvent) == {"id", *EVENT_VALUES}
    assert columns_of(AuditLink) == {"position", "event_id", *LINK_VALUES}
    assert columns_of(AuditCheckpoint) == {"number", *CHECKPOINT_VALUES}
    assert columns_of(AuditHead) == {"id", "position", "link_hash"}


def first_finding() -> verification.Finding:
    found = verification.verify().first
    assert found is not None, "the tampering was not found"
    return found


def named(found: verification.Finding) -> tuple[str, str, int | str, str]:
    return found.kind, found.table, found.row, found.field


def test_an_untouched_chain_is_whole(chain: list[int]) -> None:
    report = verification.verify()
    assert report.findings == []
    assert (report.links, report.checkpoints, report.unchained) == (9, 1, 0)


@pytest.mark.parametrize("column", EVENT_VALUES)
@pytest.mark.parametrize("index", [0, 4, 8], ids=["first", "middle", "last"])
def test_a_changed_event_is_named_with_its_field(
    chain: list[int], other: User, tampered, column: str, index: int
) -> None:
    value = EVENT_VALUES[column]
    if column == "actor_id":
        value = str(other.pk)
    if column == "uid":
        value = "'" + ("0" * 32) + "'"
    with tampered(f"UPDATE audit_auditevent SET {column} = {value} WHERE id = {chain[index]}"):
        found = first_finding()
    name = "actor_id" if column == "actor_id" else column
    assert named(found) == ("changed", "event", chain[index], name)
    assert str(chain[index]) in found.message
    assert name in found.message
    assert verification.verify().ok


@pytest.mark.parametrize("column", ["occurred_at", "changes", "data", "uid"])
def test_a_value_that_can_no_longer_be_read_is_named_too(chain: list[int], tampered, column: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL does not store what it cannot read")
    sql = f"UPDATE audit_auditevent SET {column} = '不可读{{' WHERE id = {chain[4]}"
    if column in ("changes", "data"):
        with tampered("PRAGMA ignore_check_constraints = 1", sql):
            found = first_finding()
    else:
        with tampered(sql):
            found = first_finding()
    assert named(found) == ("changed", "event", chain[4], column)


def test_an_event_under_another_id_is_named(chain: list[int], tampered) -> None:
    with tampered(f"UPDATE audit_auditevent SET id = 9999 WHERE id = {chain[4]}"):
        assert named(first_finding()) == ("changed", "event", chain[4], "id")


@pytest.mark.parametrize("column", LINK_VALUES)
@pytest.mark.parametrize("position", [1, 5, 9])
def test_a_changed_link_is_named_with_its_field(
    chain: list[int], tampered, column: str, position: int
) -> None:
    with tampered(f"UPDATE audit_auditlink SET {column} = {LINK_VALUES[column]} WHERE position = {position}"):
        report = verification.verify()
    assert named(report.first) == ("changed", "link", position, column)
    assert {(item.table, item.row) for item in report.findings} <= {("link", position), ("head", 1)}


def test_a_link_under_another_position_is_named(chain: list[int], tampered) -> None:
    with tampered("UPDATE audit_auditlink SET position = 99 WHERE position = 5"):
        found = first_finding()
    assert named(found) == ("changed", "link", 5, "position")
    assert "99" in found.message


def test_a_link_that_points_to_another_event_is_named(chain: list[int], tampered) -> None:
    waiting = services.record_event(actor=None, verb=DECIDED).pk
    with tampered(f"UPDATE audit_auditlink SET event_id = {waiting} WHERE position = 5"):
        assert named(first_finding()) == ("changed", "link", 5, "event_id")


@pytest.mark.parametrize("index", [0, 4, 8], ids=["first", "middle", "last"])
def test_a_deleted_event_is_named(chain: list[int], tampered, index: int) -> None:
    with tampered(f"DELETE FROM audit_auditevent WHERE id = {chain[index]}"):
        assert named(first_finding()) == ("deleted", "event", chain[index], "id")


@pytest.mark.parametrize("index", [0, 4, 8], ids=["first", "middle", "last"])
def test_an_event_deleted_with_its_link_is_named(chain: list[int], tampered, index: int) -> None:
    with tampered(
        f"DELETE FROM audit_auditlink WHERE event_id = {chain[index]}",
        f"DELETE FROM audit_auditevent WHERE id = {chain[index]}",
    ):
        assert named(first_finding()) == ("deleted", "link", index + 1, "position")


def test_a_deletion_is_found_although_the_later_links_were_renumbered(chain: list[int], tampered) -> None:
    with tampered(
        "DELETE FROM audit_auditlink WHERE position = 5",
        "UPDATE audit_auditlink SET position = position + 100 WHERE position > 5",
        "UPDATE audit_auditlink SET position = position - 101 WHERE position > 100",
        "UPDATE audit_audithead SET position = 8",
    ):
        assert named(first_finding()) == ("deleted", "link", 5, "position")


def test_swapped_links_are_named(chain: list[int], tampered) -> None:
    for one, two in ((3, 6), (3, 4), (1, 9)):
        with tampered(
            f"UPDATE audit_auditlink SET position = 100 WHERE position = {one}",
            f"UPDATE audit_auditlink SET position = {one} WHERE position = {two}",
            f"UPDATE audit_auditlink SET position = {two} WHERE position = 100",
        ):
            found = first_finding()
        assert named(found) == ("reordered", "link", one, "position")
        assert str(two) in found.message


def test_events_swapped_between_links_are_named(chain: list[int], tampered) -> None:
    with tampered(
        "UPDATE audit_auditlink SET event_id = -1 WHERE position = 3",
        f"UPDATE audit_auditlink SET event_id = {chain[2]} WHERE position = 6",
        f"UPDATE audit_auditlink SET event_id = {chain[5]} WHERE position = 3",
    ):
        assert named(first_finding()) == ("changed", "link", 3, "event_id")


def copy_of_event(source: int, new: int) -> str:
    """Insert a copy of an event under another id and number, with another summary."""
    uid = f"'{'e' * 32}'"
    values = {"id": str(new), "uid": uid, "summary": "'伪造的决定'"}
    columns = [field.column for field in AuditEvent._meta.concrete_fields]
    chosen = ", ".join(values.get(column, column) for column in columns)
    return f"INSERT INTO audit_auditevent ({', '.join(columns)}) SELECT {chosen} FROM audit_auditevent WHERE id = {source}"


def forged_link(event: int, position: int, prev_hash: str) -> AuditLink:
    """Compute a link as the sequencer would: the algorithm is public."""
    values = AuditEvent.objects.filter(pk=event).values_list(*canonical.CHAINED_FIELDS).get()
    pieces = canonical.pieces_of(values)
    digest, marks = canonical.event_hash(pieces), canonical.field_marks(pieces)
    return AuditLink(
        position=position,
        event_id=event,
        prev_hash=prev_hash,
        event_hash=digest,
        field_marks=marks,
        link_hash=canonical.link_hash(prev_hash, position, digest, marks),
    )


def test_a_forged_event_is_found_before_and_after_it_is_chained(chain: list[int], tampered) -> None:
    with tampered(copy_of_event(chain[4], 5000)):
        found = first_finding()
        assert named(found) == ("inserted", "event", 5000, "seal")
        services.sequence_events()
        assert named(first_finding()) == ("inserted", "event", 5000, "seal")


def test_a_forged_event_with_a_forged_link_in_the_middle_is_found(chain: list[int], tampered) -> None:
    before = AuditLink.objects.get(position=4)
    with tampered(
        copy_of_event(chain[4], 5000),
        "UPDATE audit_auditlink SET position = position + 100 WHERE position > 4",
        "UPDATE audit_auditlink SET position = position - 99 WHERE position > 100",
        "UPDATE audit_audithead SET position = 10",
    ):
        forged_link(5000, 5, before.link_hash).save()
        assert named(first_finding()) == ("inserted", "event", 5000, "seal")


def test_a_link_put_in_twice_is_found(chain: list[int], tampered) -> None:
    """A genuine event (sealed, still waiting) is put into the middle of the chain."""
    waiting = services.record_event(actor=None, verb=DECIDED).pk
    before = AuditLink.objects.get(position=4)
    with tampered(
        "UPDATE audit_auditlink SET position = position + 100 WHERE position > 4",
        "UPDATE audit_auditlink SET position = position - 99 WHERE position > 100",
        "UPDATE audit_audithead SET position = 10",
    ):
        forged_link(waiting, 5, before.link_hash).save()
        assert named(first_finding()) == ("inserted", "link", 5, "position")


def test_an_event_rewritten_with_its_own_link_is_found(chain: list[int], tampered) -> None:
    before = AuditLink.objects.get(position=4)
    with tampered(
        f"UPDATE audit_auditevent SET summary = '不予立案' WHERE id = {chain[4]}",
        "DELETE FROM audit_auditlink WHERE position = 5",
    ):
        forged_link(chain[4], 5, before.link_hash).save()
        rows = {(item.table, item.row, item.field) for item in verification.verify().findings}
        assert ("event", chain[4], "seal") in rows
        assert ("link", 5, "link_hash") in rows


def rewrite_chain_from(position: int) -> None:
    """Recompute every link from a position on, and the end of the chain."""
    rows = list(
        AuditLink.objects.filter(position__gte=position)
        .order_by("position")
        .values_list("position", "event_id")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM audit_auditlink WHERE position >= {position}")
    prev = AuditLink.objects.get(position=position - 1).link_hash
    for place, event in rows:
        link = forged_link(event, place, prev)
        link.save()
        prev = link.link_hash
    AuditHead.objects.update(link_hash=prev)


def test_a_chain_rewritten_to_its_end_is_found_by_seal_and_checkpoint(chain: list[int], tampered) -> None:
    with tampered(f"UPDATE audit_auditevent SET summary = '不予立案' WHERE id = {chain[4]}"):
        rewrite_chain_from(5)
        report = verification.verify()
    assert named(report.first) == ("inserted", "event", chain[4], "seal")
    assert ("rollback", "checkpoint", 1, "link_hash") in [named(item) for item in report.findings]


def test_even_with_the_seal_key_a_rewritten_chain_contradicts_the_checkpoint(
    chain: list[int], tampered
) -> None:
    with tampered(f"UPDATE audit_auditevent SET summary = '不予立案' WHERE id = {chain[4]}"):
        values = AuditEvent.objects.filter(pk=chain[4]).values_list(*canonical.CHAINED_FIELDS).get()
        seal = keys.seal(canonical.sealed_text(canonical.pieces_of(values)))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE audit_auditevent SET seal = %s WHERE id = %s", [seal, chain[4]])
        rewrite_chain_from(5)
        found = first_finding()
    assert named(found) == ("rollback", "checkpoint", 1, "link_hash")


@pytest.mark.parametrize(("column", "value"), [("position", "8"), ("position", "12"), ("link_hash", "'x'")])
def test_a_changed_end_of_the_chain_is_found(chain: list[int], tampered, column: str, value: str) -> None:
    with tampered(f"UPDATE audit_audithead SET {column} = {value}"):
        found = first_finding()
    assert (found.table, found.row) in {("head", 1), ("link", 10)}


def test_a_deleted_end_of_the_chain_is_found(chain: list[int], tampered) -> None:
    with tampered("DELETE FROM audit_audithead"):
        assert named(first_finding()) == ("deleted", "head", 1, "id")


@pytest.mark.parametrize("column", CHECKPOINT_VALUES)
def test_a_changed_checkpoint_is_named_with_its_field(chain: list[int], tampered, column: str) -> None:
    with tampered(f"UPDATE audit_auditcheckpoint SET {column} = {CHECKPOINT_VALUES[column]}"):
        assert named(first_finding()) == ("changed", "checkpoint", 1, column)


def test_a_checkpoint_under_another_number_or_deleted_is_named(chain: list[int], tampered) -> None:
    for sql in ("UPDATE audit_auditcheckpoint SET number = 7", "DELETE FROM audit_auditcheckpoint"):
        with tampered(sql):
            assert named(first_finding()) == ("deleted", "checkpoint", 1, "number")


def test_tail_rows_deleted_without_a_trace_contradict_the_checkpoint(chain: list[int], tampered) -> None:
    services.write_checkpoint()
    with tampered(
        "DELETE FROM audit_auditcheckpoint WHERE number = 2",
        "DELETE FROM audit_auditlink WHERE position > 7",
        f"DELETE FROM audit_auditevent WHERE id > {chain[6]}",
        "UPDATE audit_audithead SET position = 7, link_hash = (SELECT link_hash FROM audit_auditlink WHERE position = 7)",
    ):
        found = first_finding()
        assert named(found) == ("rollback", "checkpoint", 2, "position")
        with translation.override("en"):
            assert "older than checkpoint 2" in first_finding().message
        with pytest.raises(services.ChainBroken, match="checkpoint 2"):
            services.write_checkpoint()


def file_of(own_var: Path) -> Path:
    (path,) = (own_var / "checkpoints").iterdir()
    return path


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", 5),
        ("count", 3),
        ("time", "2024-01-01"),
        ("link_hash", "0" * 64),
        ("previous", "1" * 64),
        ("number", 2),
    ],
)
def test_a_changed_line_of_the_file_is_named(
    own_var: Path, chain: list[int], field: str, value: object
) -> None:
    path = file_of(own_var)
    line = {**json.loads(path.read_text()), field: value}
    path.write_text(checkpoint_files.dumps(line) + "\n")
    assert named(first_finding()) == ("file", "file", f"{path.name}:1", "signatures")


def test_a_line_that_is_not_a_checkpoint_is_named(own_var: Path, chain: list[int]) -> None:
    path = file_of(own_var)
    for text in ("{", "[]", "{}", '{"number": "1"}'):
        path.write_text(text + "\n")
        assert named(first_finding()) == ("file", "file", f"{path.name}:1", "content")


def test_a_line_signed_by_another_key_is_named(own_var: Path, chain: list[int]) -> None:
    path = file_of(own_var)
    line = json.loads(path.read_text())
    for signature in (b"\0" * 64, b"short"):
        line["signatures"][0]["signature"] = base64.b64encode(signature).decode()
        path.write_text(checkpoint_files.dumps(line) + "\n")
        assert first_finding().field == "signatures"
    line["signatures"] = []
    path.write_text(checkpoint_files.dumps(line) + "\n")
    assert first_finding().field == "signatures"


def test_a_line_taken_out_of_the_file_is_named(own_var: Path, chain: list[int]) -> None:
    services.write_checkpoint()
    services.record_event(actor=None, verb=DECIDED)
    services.write_checkpoint()
    path = file_of(own_var)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text(lines[0] + lines[2])
    assert named(first_finding()) == ("file", "file", f"{path.name}:2", "number")


def test_the_command_names_the_first_row_and_ends_with_one(chain: list[int], tampered, capsys) -> None:
    with translation.override("en"):
        call_command("audit", "verify")
        assert "The chain is whole: 9 links" in capsys.readouterr().out
        services.record_event(actor=None, verb=DECIDED)
        call_command("audit", "verify")
        assert "not yet chained: 1" in capsys.readouterr().out
        with (
            tampered(f"UPDATE audit_auditevent SET summary = 'x' WHERE id = {chain[2]}"),
            pytest.raises(CommandError, match=f"Event {chain[2]} at position 3, field summary") as caught,
        ):
            call_command("audit", "verify")
        assert caught.value.returncode == 1


def test_the_number_of_findings_is_limited(chain: list[int], tampered) -> None:
    with tampered("UPDATE audit_auditevent SET summary = 'x'"):
        assert len(verification.verify(limit=3).findings) == 3
        assert len(verification.verify().findings) == 9


@pytest.mark.django_db(transaction=True)
def test_an_older_copy_of_a_sqlite_file_is_called_a_rollback(tmp_path: Path, own_var: Path) -> None:
    """A whole platform in a file of its own: copy, go on, put the copy back."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is not one file; see the test that deletes the tail")
    from django.db import connections

    file, copy = tmp_path / "live.sqlite3", tmp_path / "copy.sqlite3"
    standing = connections["default"]
    database = {**standing.settings_dict, "NAME": str(file)}
    connections["default"] = standing.__class__(database, "default")
    try:
        call_command("migrate", "audit", verbosity=0)
        services.record_event(actor=None, verb=DECIDED, summary="第一件")
        services.write_checkpoint()
        _copy(file, copy)
        services.record_event(actor=None, verb=DECIDED, summary="第二件")
        services.write_checkpoint()
        assert verification.verify().ok
        connections["default"].close()
        assert not list(tmp_path.glob("live.sqlite3-*"))
        shutil.copy(copy, file)
        assert named(first_finding()) == ("rollback", "checkpoint", 2, "position")
        # The copy goes on living: its new second event has another hash than the checkpoint saw.
        services.record_event(actor=None, verb=DECIDED, summary="另一件")
        services.sequence_events()
        assert named(first_finding()) == ("rollback", "checkpoint", 2, "link_hash")
    finally:
        connections["default"].close()
        connections["default"] = standing


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def test_events_sealed_elsewhere_are_told_apart(chain: list[int], tmp_path: Path) -> None:
    """The database was moved without its key folder."""
    with override_settings(VAR_DIR=tmp_path / "elsewhere"), translation.override("en"):
        found = first_finding()
    assert named(found) == ("inserted", "event", chain[0], "seal")
    assert "not the key of this installation" in found.message
