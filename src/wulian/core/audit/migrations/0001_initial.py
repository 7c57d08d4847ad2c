import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditCheckpoint',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('created_at', models.DateTimeField(verbose_name='time')),
                ('position', models.PositiveBigIntegerField(verbose_name='position in the chain')),
                ('link_hash', models.CharField(max_length=64, verbose_name='hash of the link')),
                ('count', models.PositiveBigIntegerField(verbose_name='chained events')),
                ('previous', models.CharField(max_length=64, verbose_name='hash of the previous checkpoint')),
                ('key_id', models.CharField(max_length=64, verbose_name='signing key')),
                ('signatures', models.JSONField(verbose_name='signatures')),
            ],
            options={
                'verbose_name': 'checkpoint',
                'verbose_name_plural': 'checkpoints',
                'ordering': ['-number'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveBigIntegerField(default=0, verbose_name='position in the chain')),
                ('link_hash', models.CharField(max_length=64, verbose_name='hash of the link')),
            ],
            options={
                'verbose_name': 'end of the chain',
                'verbose_name_plural': 'end of the chain',
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, unique=True, verbose_name='event number')),
                ('schema', models.PositiveSmallIntegerField(default=1, verbose_name='format version')),
                ('occurred_at', models.DateTimeField(verbose_name='time')),
                ('actor_name', models.CharField(blank=True, max_length=150, verbose_name='name of the actor')),
                ('actor_department', models.CharField(blank=True, max_length=200, verbose_name='department of the actor')),
                ('verb', models.CharField(max_length=80, verbose_name='action')),
                ('subject_type', models.CharField(blank=True, max_length=100, verbose_name='kind of record')),
                ('subject_id', models.CharField(blank=True, max_length=64, verbose_name='number of the record')),
                ('subject_label', models.CharField(blank=True, max_length=300, verbose_name='record')),
                ('summary', models.TextField(blank=True, verbose_name='summary')),
                ('changes', models.JSONField(default=dict, verbose_name='changes')),
                ('data', models.JSONField(default=dict, verbose_name='details')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='request number')),
                ('remote_address', models.CharField(blank=True, max_length=45, verbose_name='network address')),
                ('seal', models.CharField(max_length=73, verbose_name='seal')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='actor')),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit events',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='audit_event_subject'), models.Index(fields=['verb', 'id'], name='audit_event_verb'), models.Index(fields=['actor', 'id'], name='audit_event_actor'), models.Index(fields=['occurred_at', 'id'], name='audit_event_time'), models.Index(fields=['actor_name', 'id'], name='audit_event_actor_name')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='AuditLink',
            fields=[
                ('position', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='position in the chain')),
                ('prev_hash', models.CharField(max_length=64, verbose_name='hash of the previous link')),
                ('event_hash', models.CharField(max_length=64, verbose_name='hash of the event')),
                ('field_marks', models.CharField(max_length=600, verbose_name='marks of the fields')),
                ('link_hash', models.CharField(max_length=64, unique=True, verbose_name='hash of the link')),
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='link', to='audit.auditevent', verbose_name='audit event')),
            ],
            options={
                'verbose_name': 'chain link',
                'verbose_name_plural': 'chain links',
                'ordering': ['position'],
                'indexes': [models.Index(fields=['prev_hash'], name='audit_link_prev')],
                'constraints': [],
            },
        ),
    ]
