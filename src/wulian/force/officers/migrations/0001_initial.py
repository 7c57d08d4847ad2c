import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Officer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.CharField(blank=True, max_length=60, verbose_name='civil service rank')),
                ('secondment_from', models.DateField(blank=True, null=True, verbose_name='secondment from')),
                ('secondment_to', models.DateField(blank=True, null=True, verbose_name='secondment to')),
                ('secondment_document', models.CharField(blank=True, max_length=120, verbose_name='secondment document')),
                ('legal_qualification_no', models.CharField(blank=True, max_length=60, verbose_name='legal profession qualification number')),
                ('legal_qualification_date', models.DateField(blank=True, null=True, verbose_name='legal profession qualification date')),
                ('is_hearing_host', models.BooleanField(default=False, verbose_name='hearing host')),
                ('is_auxiliary', models.BooleanField(default=False, verbose_name='auxiliary staff')),
                ('is_active', models.BooleanField(default=True, verbose_name='in service')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='officers', to='accounts.department', verbose_name='authority')),
                ('seconded_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seconded_officers', to='accounts.department', verbose_name='seconded to')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='officer', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'enforcement officer',
                'verbose_name_plural': 'enforcement officers',
                'ordering': ['authority_id', 'id'],
                'indexes': [models.Index(fields=['authority', 'is_auxiliary', 'id'], name='officers_by_authority')],
                'constraints': [models.CheckConstraint(condition=models.Q(('seconded_to', None), models.Q(('secondment_from__isnull', False), models.Q(('secondment_document', ''), _negated=True)), _connector='OR'), name='officers_secondment_is_documented')],
            },
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='certificate number')),
                ('issuer', models.CharField(max_length=120, verbose_name='issuer')),
                ('sectors', models.JSONField(default=list, verbose_name='sectors')),
                ('region_code', models.CharField(max_length=12, verbose_name='region code')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(db_index=True, verbose_name='valid to')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed time')),
                ('revoked_on', models.DateField(blank=True, null=True, verbose_name='revoked on')),
                ('revocation_reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the revocation')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='officers.officer', verbose_name='officer')),
            ],
            options={
                'verbose_name': 'enforcement certificate',
                'verbose_name_plural': 'enforcement certificates',
                'ordering': ['-valid_to', '-id'],
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__gte', models.F('valid_from'))), name='officers_certificate_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='CertificateSuspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='to')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='officers.certificate', verbose_name='certificate')),
            ],
            options={
                'verbose_name': 'suspension of a certificate',
                'verbose_name_plural': 'suspensions of certificates',
                'ordering': ['-starts_on', '-id'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled time')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='officers.officer', verbose_name='officer')),
            ],
            options={
                'verbose_name': 'leave',
                'verbose_name_plural': 'leaves',
                'ordering': ['-starts_on', '-id'],
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='officers_leave_ends_after_start')],
            },
        ),
        migrations.CreateModel(
            name='RecusalDeclaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party_name', models.CharField(max_length=300, verbose_name='party')),
                ('party_uscc', models.CharField(blank=True, db_index=True, max_length=18, verbose_name='unified social credit code')),
                ('relation', models.CharField(choices=[('relative', 'A relative works there'), ('former_employer', 'Former employer'), ('shareholding', 'Shareholding'), ('service', 'Paid service'), ('other', 'Other relation that may affect fairness')], max_length=20, verbose_name='relation')),
                ('explanation', models.CharField(blank=True, max_length=500, verbose_name='explanation')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('declared_at', models.DateTimeField(auto_now_add=True, verbose_name='declared time')),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declared by')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='officers.officer', verbose_name='officer')),
            ],
            options={
                'verbose_name': 'recusal declaration',
                'verbose_name_plural': 'recusal declarations',
                'ordering': ['-valid_from', '-id'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='TrainingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='course')),
                ('organiser', models.CharField(blank=True, max_length=120, verbose_name='organiser')),
                ('held_on', models.DateField(verbose_name='date')),
                ('hours', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='training hours')),
                ('score', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='examination score')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trainings', to='officers.officer', verbose_name='officer')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'training',
                'verbose_name_plural': 'trainings',
                'ordering': ['-held_on', '-id'],
                'indexes': [],
                'constraints': [models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='officers_training_has_hours')],
            },
        ),
    ]
