from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def carry_over(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Numbers go on from the last one given."""
    sequences = apps.get_model("config", "NumberSequence")
    for row in apps.get_model("credit", "FileSequence").objects.all():
        sequences.objects.create(scope=f"credit-file:{row.authority_code}", period=str(row.day), last=row.last)


class Migration(migrations.Migration):
    dependencies = [("config", "0001_initial"), ("credit", "0001_initial")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.DeleteModel("FileSequence"),
    ]
