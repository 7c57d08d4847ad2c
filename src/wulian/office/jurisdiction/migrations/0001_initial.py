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
            name='ListPublication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='number')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('published_at', models.DateTimeField(auto_now_add=True, verbose_name='published time')),
                ('url', models.CharField(max_length=300, verbose_name='public address')),
                ('items', models.JSONField(verbose_name='published items')),
                ('item_count', models.PositiveIntegerField(verbose_name='number of items')),
                ('digest', models.CharField(max_length=64, verbose_name='SM3 digest')),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by')),
            ],
            options={
                'verbose_name': 'publication of the jurisdiction list',
                'verbose_name_plural': 'publications of the jurisdiction list',
                'ordering': ['-number'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='JurisdictionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_no', models.CharField(db_index=True, max_length=40, verbose_name='item number')),
                ('item_name', models.CharField(max_length=300, verbose_name='item name')),
                ('type', models.CharField(choices=[('penalty', 'Administrative penalty'), ('complaint', 'Complaint handling'), ('inspection', 'Administrative inspection'), ('coercion', 'Administrative coercion'), ('supervision', 'Supervision matter'), ('other', 'Other matter')], max_length=16, verbose_name='type')),
                ('sector', models.CharField(choices=[('housing', 'Housing and municipal works'), ('transport', 'Transport works'), ('water', 'Water works'), ('land', 'Land and rural works'), ('other', 'Other works')], max_length=16, verbose_name='sector')),
                ('violation_code', models.CharField(blank=True, max_length=16, verbose_name='violation')),
                ('region_code', models.CharField(max_length=12, verbose_name='region code')),
                ('level', models.CharField(choices=[('city', 'City level'), ('county', 'County level')], max_length=8, verbose_name='level')),
                ('reach', models.CharField(choices=[('own', 'Own level only'), ('below', 'Also the counties without an item of their own')], default='own', max_length=8, verbose_name='jurisdiction rule')),
                ('handling_section', models.CharField(blank=True, max_length=100, verbose_name='handling section')),
                ('legal_basis', models.JSONField(default=list, verbose_name='legal basis')),
                ('office_role', models.CharField(choices=[('coordinates', 'Coordinates departments'), ('receives', 'Receives and forwards'), ('assists', 'Assists')], default='coordinates', max_length=16, verbose_name='role of the coordinating office')),
                ('entrusted_no', models.CharField(blank=True, max_length=60, verbose_name='number of the entrustment letter (W50)')),
                ('object', models.CharField(blank=True, max_length=200, verbose_name='whom it concerns')),
                ('trigger', models.CharField(blank=True, max_length=200, verbose_name='what sets it off')),
                ('documents', models.JSONField(blank=True, default=list, verbose_name='documents')),
                ('time_limits', models.JSONField(blank=True, default=list, verbose_name='time limits')),
                ('discretion_reference', models.CharField(blank=True, max_length=200, verbose_name='discretion standard')),
                ('needs_legal_review', models.BooleanField(default=False, verbose_name='legal review needed')),
                ('needs_hearing', models.BooleanField(default=False, verbose_name='hearing needed')),
                ('publication', models.CharField(blank=True, max_length=200, verbose_name='publication of the result')),
                ('interfaces', models.CharField(blank=True, max_length=300, verbose_name='interfaces with other departments')),
                ('responsibility', models.CharField(blank=True, max_length=300, verbose_name='responsibility')),
                ('valid_from', models.DateField(verbose_name='valid from')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='valid to')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the end')),
                ('published_url', models.CharField(blank=True, max_length=300, verbose_name='public address')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='demonstration only')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='entered time')),
                ('competent_authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jurisdiction_rules', to='accounts.department', verbose_name='competent authority')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'item of the jurisdiction list',
                'verbose_name_plural': 'jurisdiction list',
                'ordering': ['item_no', 'valid_from', 'id'],
                'indexes': [models.Index(fields=['type', 'violation_code', 'sector', 'region_code', 'valid_from'], name='jurisdiction_key'), models.Index(fields=['sector', 'item_no'], name='jurisdiction_sector'), models.Index(fields=['region_code', 'item_no'], name='jurisdiction_region'), models.Index(fields=['violation_code', 'item_no'], name='jurisdiction_violation'), models.Index(fields=['valid_from'], name='jurisdiction_from')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('type', 'violation_code', 'sector', 'region_code'), name='jurisdiction_one_open_item'), models.UniqueConstraint(fields=('type', 'violation_code', 'sector', 'region_code', 'valid_from'), name='jurisdiction_one_item_a_day'), models.CheckConstraint(condition=models.Q(('valid_to', None), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='jurisdiction_ends_after_start')],
            },
        ),
    ]
