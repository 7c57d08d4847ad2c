"""The full-text index over ``SearchEntry.tokens``: GIN in PostgreSQL, FTS5 kept in step by triggers in SQLite."""

from django.db import migrations

SQLITE = """
CREATE VIRTUAL TABLE registry_search_fts USING fts5(tokens, content='registry_searchentry', content_rowid='id', tokenize='unicode61 remove_diacritics 0');
CREATE TRIGGER registry_search_insert AFTER INSERT ON registry_searchentry BEGIN
  INSERT INTO registry_search_fts(rowid, tokens) VALUES (new.id, new.tokens);
END;
CREATE TRIGGER registry_search_delete AFTER DELETE ON registry_searchentry BEGIN
  INSERT INTO registry_search_fts(registry_search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
END;
CREATE TRIGGER registry_search_update AFTER UPDATE ON registry_searchentry BEGIN
  INSERT INTO registry_search_fts(registry_search_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);
  INSERT INTO registry_search_fts(rowid, tokens) VALUES (new.id, new.tokens);
END;
"""
POSTGRESQL = "CREATE INDEX registry_search_words ON registry_searchentry USING gin (to_tsvector('simple', tokens));"


def create_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    with connection.cursor() as cursor:
        for statement in split_statements(SQLITE):
            cursor.execute(statement)


def split_statements(script):
    """Statements of ``script``; a trigger's body stays in one piece."""
    statement = ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        ends_trigger = line.strip() == "END;"
        if ends_trigger or (line.rstrip().endswith(";") and "CREATE TRIGGER" not in statement):
            yield statement
            statement = ""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunPython(create_index, migrations.RunPython.noop)]
