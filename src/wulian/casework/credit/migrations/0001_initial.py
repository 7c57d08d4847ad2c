import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('cases', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='FileSequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority_code', models.CharField(max_length=18, verbose_name='code of the authority')),
                ('day', models.DateField(verbose_name='day')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='last number')),
            ],
            options={
                'verbose_name': 'file sequence',
                'verbose_name_plural': 'file sequences',
                'constraints': [models.UniqueConstraint(fields=('authority_code', 'day'), name='credit_one_sequence_a_day')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='OutboxRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority_code', models.CharField(max_length=18, verbose_name='code of the authority')),
                ('decision_no', models.CharField(max_length=64, verbose_name='number of the decision')),
                ('state', models.CharField(choices=[('draft', 'Waits for approval'), ('pending', 'To be pushed'), ('pushed', 'Pushed'), ('returned', 'Returned'), ('correcting', 'Correction to be pushed'), ('withdrawing', 'Withdrawal to be pushed'), ('withdrawn', 'Withdrawn'), ('not_published', 'Not publicised')], default='draft', max_length=16, verbose_name='state')),
                ('gravity', models.CharField(blank=True, choices=[('minor', 'Minor: not publicised'), ('ordinary', 'Ordinary: three months to one year'), ('serious', 'Serious: one to three years')], max_length=16, verbose_name='class of the information')),
                ('version', models.PositiveSmallIntegerField(default=0, verbose_name='version')),
                ('payload', models.JSONField(blank=True, default=dict, verbose_name='record')),
                ('prepared_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='prepared at')),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='approved at')),
                ('return_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was returned')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='publication approved by')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='credit_record', to='cases.case', verbose_name='case')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
            ],
            options={
                'verbose_name': 'credit record',
                'verbose_name_plural': 'credit records',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['state', '-id'], name='credit_record_state'), models.Index(fields=['-prepared_at'], name='credit_record_prepared')],
                'constraints': [models.UniqueConstraint(fields=('authority_code', 'decision_no'), name='credit_one_record_a_decision'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='credit_record_second_person')],
            },
        ),
        migrations.CreateModel(
            name='OutboxFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('action', models.CharField(max_length=16, verbose_name='action')),
                ('payload', models.JSONField(default=dict, verbose_name='record')),
                ('name', models.CharField(blank=True, max_length=60, verbose_name='file name')),
                ('csv_hash', models.CharField(blank=True, max_length=64, verbose_name='digest of the CSV file')),
                ('json_hash', models.CharField(blank=True, max_length=64, verbose_name='digest of the JSON file')),
                ('written_at', models.DateTimeField(blank=True, null=True, verbose_name='written at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('accepted', models.BooleanField(blank=True, null=True, verbose_name='accepted')),
                ('receipt_no', models.CharField(blank=True, max_length=80, verbose_name='receipt of the platform')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='answered on')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='credit.outboxrecord', verbose_name='credit record')),
            ],
            options={
                'verbose_name': 'file of a credit record',
                'verbose_name_plural': 'files of credit records',
                'ordering': ['-version'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('record', 'version'), name='credit_one_file_a_version'), models.UniqueConstraint(condition=models.Q(('name', ''), _negated=True), fields=('name',), name='credit_file_name_once')],
            },
        ),
        migrations.CreateModel(
            name='PointEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(max_length=32, verbose_name='kind of subject')),
                ('violation_code', models.CharField(max_length=16, verbose_name='violation')),
                ('rule_code', models.CharField(max_length=16, verbose_name='point item')),
                ('points', models.PositiveSmallIntegerField(verbose_name='points')),
                ('basis', models.CharField(max_length=300, verbose_name='basis')),
                ('is_trial', models.BooleanField(default=True, verbose_name='trial')),
                ('fact', models.TextField(verbose_name='fact')),
                ('fact_key', models.CharField(max_length=120, verbose_name='key of the fact')),
                ('source', models.CharField(choices=[('penalty', 'Penalty'), ('inspection', 'Inspection'), ('complaint', 'Complaint'), ('monitoring', 'Monitoring')], default='penalty', max_length=16, verbose_name='source')),
                ('decision_no', models.CharField(max_length=64, verbose_name='number of the decision')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('notified', 'Notified'), ('confirmed', 'Confirmed'), ('dismissed', 'Dismissed'), ('revoked', 'Revoked')], default='proposed', max_length=16, verbose_name='state')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed at')),
                ('notified_on', models.DateField(blank=True, null=True, verbose_name='notified on')),
                ('objection', models.TextField(blank=True, verbose_name='statement of the party')),
                ('objection_result', models.TextField(blank=True, verbose_name='answer to the statement')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='effective on')),
                ('expires_on', models.DateField(blank=True, null=True, verbose_name='expires on')),
                ('public_until', models.DateField(blank=True, null=True, verbose_name='public until')),
                ('repaired_on', models.DateField(blank=True, null=True, verbose_name='repaired on')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='dismissed or revoked on')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the end')),
                ('reported_on', models.DateField(blank=True, null=True, verbose_name='reported to the province on')),
                ('report_receipt', models.CharField(blank=True, max_length=80, verbose_name='receipt of the province')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='point_events', to='cases.case', verbose_name='case')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='points confirmed by')),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.lot', verbose_name='lot')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='point_events', to='registry.party', verbose_name='party')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='point_events', to='registry.project', verbose_name='project')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='points proposed by')),
            ],
            options={
                'verbose_name': 'point event',
                'verbose_name_plural': 'point events',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['party', 'state', 'effective_on'], name='credit_party_account'), models.Index(fields=['state', '-id'], name='credit_event_state'), models.Index(fields=['violation_code', '-id'], name='credit_event_violation'), models.Index(fields=['-effective_on', '-id'], name='credit_event_effective')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['confirmed', 'notified', 'proposed'])), fields=('party', 'violation_code', 'fact_key'), name='credit_one_event_a_fact'), models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='credit_second_person'), models.CheckConstraint(condition=models.Q(('points__gt', 0)), name='credit_points_above_zero')],
            },
        ),
    ]
