from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Numbers go on from the last one given."""
    sequences = apps.get_model("config", "NumberSequence")
    for row in apps.get_model("intake", "IntakeSequence").objects.all():
        sequences.objects.create(scope=f"intake:{row.kind}", period=str(row.year), last=row.last)


class Migration(migrations.Migration):
    dependencies = [("config", "0001_initial"), ("intake", "0002_registration")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel("IntakeSequence"),
    ]
