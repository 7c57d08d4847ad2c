import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('officers', '0001_initial'),
        ('registry', '0002_full_text'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnnualPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=16, verbose_name='state')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='in this state since')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('ratio', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='ratio in per cent')),
                ('frequency_cap', models.PositiveSmallIntegerField(verbose_name='inspections of one object a year, at most')),
                ('items', models.TextField(verbose_name='inspection items')),
                ('basis', models.TextField(blank=True, verbose_name='legal basis')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created time')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published time')),
                ('published_url', models.CharField(blank=True, max_length=300, verbose_name='public address')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('departments', models.ManyToManyField(related_name='inspection_plans', to='accounts.department', verbose_name='departments')),
            ],
            options={
                'verbose_name': 'annual inspection plan',
                'verbose_name_plural': 'annual inspection plans',
                'ordering': ['-year', '-id'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('year', 'title'), name='inspection_one_plan_of_a_title'), models.CheckConstraint(condition=models.Q(('ratio__gt', 0), ('ratio__lte', 100)), name='inspection_ratio_in_range')],
            },
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('sector', models.CharField(max_length=16, verbose_name='sector')),
                ('region_code', models.CharField(max_length=12, verbose_name='region code')),
                ('object_kind', models.CharField(choices=[('supplier', 'Winning bidders'), ('agency', 'Procurement agencies')], max_length=16, verbose_name='inspected parties')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('state', models.CharField(choices=[('frozen', 'Pool frozen, waiting for the public seed'), ('seeded', 'Public seed entered, waiting for the draw'), ('drawn', 'Drawn'), ('withdrawn', 'Withdrawn')], db_index=True, default='frozen', max_length=12, verbose_name='state')),
                ('pool', models.JSONField(verbose_name='frozen pool')),
                ('pool_hash', models.CharField(max_length=64, verbose_name='SM3 digest of the pool')),
                ('commitment', models.CharField(max_length=64, verbose_name='draw commitment')),
                ('sealed_secret', models.BinaryField(verbose_name='sealed secret')),
                ('signature', models.JSONField(default=dict, verbose_name='digital signature')),
                ('frozen_at', models.DateTimeField(verbose_name='frozen time')),
                ('public_seed', models.CharField(blank=True, max_length=300, verbose_name='public seed')),
                ('seed_source', models.CharField(blank=True, max_length=300, verbose_name='source of the public seed')),
                ('seed_published_at', models.DateTimeField(blank=True, null=True, verbose_name='public since')),
                ('witnesses', models.JSONField(default=list, verbose_name='witnesses')),
                ('seeded_at', models.DateTimeField(blank=True, null=True, verbose_name='seed entered time')),
                ('drawn_at', models.DateTimeField(blank=True, null=True, verbose_name='drawn time')),
                ('record', models.JSONField(blank=True, null=True, verbose_name='published record')),
                ('record_digest', models.CharField(blank=True, max_length=64, verbose_name='SM3 digest of the record')),
                ('withdrawal_reason', models.CharField(blank=True, choices=[('dissolved', 'Object dissolved'), ('not_operating', 'Object no longer operating'), ('force_majeure', 'Force majeure'), ('recusal', 'Recusal of inspectors'), ('pool_wrong', 'Pool was wrong')], max_length=16, verbose_name='reason of the withdrawal')),
                ('withdrawal_note', models.CharField(blank=True, max_length=300, verbose_name='note on the withdrawal')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='competent authority')),
                ('drawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='drawn by')),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='frozen by')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draws', to='inspection.annualplan', verbose_name='plan')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='inspection.draw', verbose_name='replaces')),
                ('seeded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='seed entered by')),
            ],
            options={
                'verbose_name': 'draw',
                'verbose_name_plural': 'draws',
                'ordering': ['-frozen_at', '-id'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='inspection_draw_number'), models.CheckConstraint(condition=models.Q(models.Q(('drawn_at__isnull', False), ('record__isnull', False), ('state__in', ['drawn', 'withdrawn'])), models.Q(models.Q(('state', 'drawn'), _negated=True), ('drawn_at', None)), _connector='OR'), name='inspection_drawn_has_record')],
            },
        ),
        migrations.CreateModel(
            name='InspectionTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=16, verbose_name='state')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='in this state since')),
                ('position', models.PositiveIntegerField(verbose_name='place in the draw')),
                ('how', models.CharField(choices=[('random', 'Pure random place'), ('weighted', 'Weighted place')], max_length=12, verbose_name='how drawn')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='competent authority')),
                ('draw', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='inspection.draw', verbose_name='draw')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='registry.party', verbose_name='inspected party')),
            ],
            options={
                'verbose_name': 'inspection',
                'verbose_name_plural': 'inspections',
                'ordering': ['-year', '-draw_id', 'position'],
                'indexes': [models.Index(fields=['party', 'year'], name='inspection_party_year'), models.Index(fields=['authority', 'state'], name='inspection_authority_state'), models.Index(fields=['-year', '-draw', 'position'], name='inspection_order')],
                'constraints': [models.UniqueConstraint(fields=('draw', 'position'), name='inspection_one_task_a_place'), models.UniqueConstraint(fields=('draw', 'party'), name='inspection_one_task_an_object')],
            },
        ),
        migrations.CreateModel(
            name='TaskInspector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('certificate_no', models.CharField(max_length=60, verbose_name='certificate number')),
                ('is_lead', models.BooleanField(default=False, verbose_name='leads')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='officers.officer', verbose_name='inspector')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inspectors', to='inspection.inspectiontask')),
            ],
            options={
                'verbose_name': 'inspector',
                'verbose_name_plural': 'inspectors',
                'ordering': ['-is_lead', 'id'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('task', 'officer'), name='inspection_officer_once'), models.UniqueConstraint(condition=models.Q(('is_lead', True)), fields=('task',), name='inspection_one_lead')],
            },
        ),
    ]
