import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProcedureStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='number of the record')),
                ('procedure', models.CharField(max_length=16, verbose_name='procedure')),
                ('event', models.CharField(max_length=40, verbose_name='event')),
                ('from_state', models.CharField(max_length=16, verbose_name='from state')),
                ('to_state', models.CharField(max_length=16, verbose_name='to state')),
                ('actor_role', models.CharField(max_length=20, verbose_name='acting as')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('data', models.JSONField(default=dict, verbose_name='details')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'verbose_name': 'procedure step',
                'verbose_name_plural': 'procedure steps',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['content_type', 'object_id', 'id'], name='procedure_step_subject'), models.Index(fields=['actor', '-at'], name='procedure_step_actor')],
                'constraints': [],
            },
        ),
    ]
