from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="NumberSequence",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("scope", models.CharField(max_length=64, verbose_name="scope")),
                ("period", models.CharField(max_length=10, verbose_name="year or day")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="last number")),
            ],
            options={
                "verbose_name": "number sequence",
                "verbose_name_plural": "number sequences",
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "period"), name="one_number_sequence_a_period")
                ],
            },
        ),
    ]
