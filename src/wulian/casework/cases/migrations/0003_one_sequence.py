from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Numbers go on from the last one given."""
    sequences = apps.get_model("config", "NumberSequence")
    for row in apps.get_model("cases", "NumberSequence").objects.all():
        sequences.objects.create(scope=row.scope, period=str(row.year), last=row.last)


class Migration(migrations.Migration):
    dependencies = [("config", "0001_initial"), ("cases", "0002_source_analysis")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel("NumberSequence"),
    ]
