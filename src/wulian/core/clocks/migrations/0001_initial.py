import django.core.validators
import django.db.models.deletion
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
            name='CalendarYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, validators=[django.core.validators.MinValueValidator(1999), django.core.validators.MaxValueValidator(2199)], verbose_name='year')),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=16, verbose_name='status')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('confidence', models.CharField(default='S', max_length=1, verbose_name='confidence')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
            ],
            options={
                'verbose_name': 'calendar year',
                'verbose_name_plural': 'calendar years',
                'ordering': ['-year'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(unique=True, verbose_name='date')),
                ('kind', models.CharField(choices=[('off', 'Day off'), ('working', 'Make-up working day')], max_length=16, verbose_name='kind')),
                ('note', models.CharField(blank=True, max_length=40, verbose_name='holiday')),
                ('calendar_year', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='clocks.calendaryear', verbose_name='calendar year')),
            ],
            options={
                'verbose_name': 'calendar day',
                'verbose_name_plural': 'calendar days',
                'ordering': ['date'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='record')),
                ('kind', models.CharField(max_length=64, verbose_name='kind')),
                ('label', models.CharField(max_length=100, verbose_name='period')),
                ('basis', models.CharField(max_length=200, verbose_name='legal basis')),
                ('started_on', models.DateField(verbose_name='started on')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('n', models.PositiveIntegerField(verbose_name='length')),
                ('unit', models.CharField(choices=[('calendar_day', 'calendar days'), ('working_day', 'working days'), ('month', 'months'), ('year', 'years'), ('hour', 'hours')], max_length=16, verbose_name='unit')),
                ('rule', models.CharField(blank=True, max_length=8, verbose_name='counting rule')),
                ('roll_forward', models.BooleanField(default=True, verbose_name='rolls forward from a day off')),
                ('state', models.CharField(choices=[('running', 'Running'), ('stopped', 'Stopped')], default='running', max_length=16, verbose_name='state')),
                ('stopped_on', models.DateField(blank=True, null=True, verbose_name='stopped on')),
                ('outcome', models.CharField(blank=True, choices=[('met', 'Done in time'), ('overdue', 'Done late'), ('void', 'Void')], max_length=16, verbose_name='outcome')),
                ('due_raw', models.DateField(blank=True, null=True, verbose_name='last day before roll-forward')),
                ('due', models.DateField(blank=True, null=True, verbose_name='due on')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='due at')),
                ('provisional', models.BooleanField(default=False, verbose_name='provisional')),
                ('calendar_revisions', models.JSONField(default=dict, verbose_name='calendar revisions used')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='contenttypes.contenttype', verbose_name='record type')),
            ],
            options={
                'verbose_name': 'clock',
                'verbose_name_plural': 'clocks',
                'ordering': ['started_on', 'pk'],
                'indexes': [models.Index(fields=['content_type', 'object_id'], name='clock_subject'), models.Index(fields=['state', 'due'], name='clock_state_due'), models.Index(fields=['kind', 'state'], name='clock_kind_state')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'running')), fields=('content_type', 'object_id', 'kind'), name='one_running_clock_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='ClockProjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('old_raw', models.DateField(blank=True, null=True, verbose_name='old last day')),
                ('old_due', models.DateField(blank=True, null=True, verbose_name='old due date')),
                ('old_provisional', models.BooleanField(default=False, verbose_name='was provisional')),
                ('new_raw', models.DateField(blank=True, null=True, verbose_name='new last day')),
                ('new_due', models.DateField(blank=True, null=True, verbose_name='new due date')),
                ('new_provisional', models.BooleanField(default=False, verbose_name='is provisional')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('batch', models.UUIDField(blank=True, db_index=True, null=True, verbose_name='batch')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projections', to='clocks.clock', verbose_name='clock')),
            ],
            options={
                'verbose_name': 'projection',
                'verbose_name_plural': 'projections',
                'ordering': ['pk'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_on', models.DateField(verbose_name='suspended from')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='suspended until')),
                ('reason_code', models.CharField(choices=[('inspection', 'Inspection of goods or works'), ('testing', 'Testing'), ('appraisal', 'Expert appraisal'), ('expert_review', 'Review by an expert panel'), ('objection_reply', 'Reply to an objection'), ('hearing', 'Hearing'), ('announcement', 'Service by public announcement'), ('other', 'Other ground named in the note')], max_length=24, verbose_name='reason')),
                ('document_no', models.CharField(blank=True, max_length=80, verbose_name='commissioning letter')),
                ('institute', models.CharField(blank=True, max_length=120, verbose_name='institute')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded at')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='clocks.clock', verbose_name='clock')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'suspension',
                'verbose_name_plural': 'suspensions',
                'ordering': ['started_on', 'pk'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('clock',), name='one_open_suspension'), models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('started_on')), _connector='OR'), name='ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='CalendarRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='revision')),
                ('days', models.JSONField(verbose_name='days')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('confidence', models.CharField(max_length=1, verbose_name='confidence')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('published_at', models.DateTimeField(verbose_name='published at')),
                ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
                ('calendar_year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='clocks.calendaryear', verbose_name='calendar year')),
            ],
            options={
                'verbose_name': 'calendar revision',
                'verbose_name_plural': 'calendar revisions',
                'ordering': ['-calendar_year__year', '-number'],
                'constraints': [models.UniqueConstraint(fields=('calendar_year', 'number'), name='one_number_per_revision')],
                'indexes': [],
            },
        ),
    ]
