"""Database triggers that make the audit tables append-only on SQLite and PostgreSQL.

There is deliberately no switch: no session setting, no "maintenance mode" that the application role could turn on unseen. To
get round the triggers one must drop or disable them, which on PostgreSQL takes the owner of the tables; a deployment
therefore migrates as the owner and serves as another role. They fire also under
`session_replication_role = replica` (ENABLE ALWAYS). Tests that empty tables drop them around the flush, in
`wulian.core.audit.testing`, which production never imports.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

APPEND_ONLY: Final = {
    "audit_auditevent": ("id", "uid"),
    "audit_auditlink": ("position", "event_id", "link_hash"),
    "audit_auditcheckpoint": ("number",),
}
HEAD: Final = "audit_audithead"
REFUSAL: Final = "audit rows are append-only"

_POSTGRESQL_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def _sqlite_statements() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    statements = []
    for table, unique in APPEND_ONLY.items():
        # INSERT OR REPLACE removes the old row without firing DELETE triggers, so it is refused before it begins.
        taken = " OR ".join(f"{column} = NEW.{column}" for column in unique)
        statements += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) {refuse}",
        ]
    return [
        *statements,
        f"CREATE TRIGGER {HEAD}_no_delete BEFORE DELETE ON {HEAD} {refuse}",
        f"CREATE TRIGGER {HEAD}_no_return BEFORE UPDATE ON {HEAD} WHEN NEW.position < OLD.position {refuse}",
    ]


def _sqlite_names() -> list[str]:
    return [statement.split()[2] for statement in _sqlite_statements()]


def _postgresql_statements() -> list[str]:
    statements = [_POSTGRESQL_FUNCTION]
    for table in APPEND_ONLY:
        statements.append(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
    statements += [
        f"CREATE TRIGGER {HEAD}_append_only BEFORE DELETE OR TRUNCATE ON {HEAD} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        f"CREATE TRIGGER {HEAD}_no_return BEFORE UPDATE ON {HEAD} FOR EACH ROW "
        "WHEN (NEW.position < OLD.position) EXECUTE FUNCTION audit_refuse()",
    ]
    return statements + [
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for table, name in _postgresql_triggers()
    ]


def _postgresql_triggers() -> list[tuple[str, str]]:
    return [(table, f"{table}_append_only") for table in (*APPEND_ONLY, HEAD)] + [(HEAD, f"{HEAD}_no_return")]


def create(connection: Any) -> None:
    """Create the triggers; raises NotImplementedError on another database."""
    makers = {"sqlite": _sqlite_statements, "postgresql": _postgresql_statements}
    if connection.vendor not in makers:
        raise NotImplementedError(f"no append-only triggers for {connection.vendor}")
    with connection.cursor() as cursor:
        for statement in makers[connection.vendor]():
            cursor.execute(statement)


def drop(connection: Any) -> None:
    """Drop the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in _sqlite_names():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for table, name in _postgresql_triggers():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")


@contextmanager
def dropped(connection: Any) -> Iterator[None]:
    """Drop the triggers for a while; only test support and a migration that alters these tables use it."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    drop(connection)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            create(connection)
