import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=16, verbose_name='state')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='in this state since')),
                ('rule_id', models.CharField(max_length=16, verbose_name='rule')),
                ('rule_version', models.PositiveSmallIntegerField(verbose_name='rule version')),
                ('rule_title', models.CharField(max_length=100, verbose_name='finding')),
                ('node', models.CharField(max_length=3, verbose_name='node')),
                ('severity', models.CharField(choices=[('红', 'Red'), ('橙', 'Orange'), ('黄', 'Yellow'), ('蓝', 'Blue')], max_length=1, verbose_name='severity')),
                ('rank', models.PositiveSmallIntegerField(editable=False, verbose_name='rank')),
                ('subject_kind', models.CharField(choices=[('project', 'Project'), ('tender', 'Tender'), ('lot', 'Lot'), ('bid', 'Bid'), ('contract', 'Contract'), ('party', 'Party')], max_length=16, verbose_name='kind of subject')),
                ('subject_id', models.CharField(max_length=64, verbose_name='subject')),
                ('subject_label', models.CharField(max_length=300, verbose_name='subject')),
                ('value', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='value')),
                ('threshold', models.DecimalField(blank=True, decimal_places=6, max_digits=24, null=True, verbose_name='limit')),
                ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                ('conduct_date', models.DateField(blank=True, null=True, verbose_name='date of the conduct')),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='raised at')),
                ('last_seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last seen at')),
                ('cleared_at', models.DateTimeField(blank=True, null=True, verbose_name='no longer holds since')),
                ('department_reason', models.CharField(blank=True, max_length=300, verbose_name='why this department')),
                ('opinion', models.TextField(blank=True, verbose_name='opinion')),
                ('basis', models.CharField(blank=True, max_length=300, verbose_name='basis')),
                ('violation_code', models.CharField(blank=True, max_length=16, verbose_name='violation')),
                ('destination', models.CharField(blank=True, choices=[('lead', 'Lead'), ('inspection', 'Inspection'), ('complaint', 'Complaint handling')], max_length=16, verbose_name='goes to')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('escalation', models.PositiveSmallIntegerField(default=0, verbose_name='escalated at percent')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned_alerts', to=settings.AUTH_USER_MODEL, verbose_name='assignee')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='accounts.department', verbose_name='department')),
                ('first_officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='judged by')),
                ('lot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alerts', to='registry.lot', verbose_name='lot')),
                ('project', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='alerts', to='registry.project', verbose_name='project')),
                ('second_officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
            ],
            options={
                'verbose_name': 'alert',
                'verbose_name_plural': 'alerts',
                'ordering': ['rank', '-raised_at', '-id'],
                'indexes': [models.Index(fields=['rank', '-raised_at', '-id'], name='alert_default_order'), models.Index(fields=['state', 'rank', '-id'], name='alert_state'), models.Index(fields=['severity', 'state'], name='alert_severity'), models.Index(fields=['department', 'state', 'rank'], name='alert_department'), models.Index(fields=['assignee', 'state'], name='alert_assignee'), models.Index(fields=['rule_id', 'state'], name='alert_rule'), models.Index(fields=['project', 'state'], name='alert_project'), models.Index(fields=['-raised_at'], name='alert_raised')],
                'constraints': [models.UniqueConstraint(fields=('rule_id', 'subject_kind', 'subject_id'), name='one_alert_per_rule_and_subject'), models.CheckConstraint(condition=models.Q(('second_officer', None), models.Q(('second_officer', models.F('first_officer')), _negated=True), _connector='OR'), name='alert_second_person')],
            },
        ),
        migrations.CreateModel(
            name='AlertChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('raised', 'Raised'), ('changed', 'Facts changed'), ('cleared', 'Rule no longer holds'), ('returned', 'Rule holds again')], max_length=16, verbose_name='kind of change')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('before', models.JSONField(default=dict, verbose_name='before')),
                ('after', models.JSONField(default=dict, verbose_name='after')),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='alerts.alert', verbose_name='alert')),
            ],
            options={
                'verbose_name': 'change of an alert',
                'verbose_name_plural': 'changes of alerts',
                'ordering': ['id'],
                'indexes': [models.Index(fields=['alert', 'id'], name='alert_change')],
                'constraints': [],
            },
        ),
    ]
