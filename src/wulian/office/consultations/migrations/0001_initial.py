import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(db_index=True, max_length=16, verbose_name='state')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='in this state since')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('type', models.CharField(choices=[('regular', 'Office meeting'), ('case', 'Case consultation'), ('data', 'Data analysis meeting'), ('urgent', 'Urgent consultation')], max_length=16, verbose_name='type')),
                ('title', models.CharField(max_length=200, verbose_name='agenda')),
                ('facts', models.TextField(verbose_name='basic facts')),
                ('disputes', models.TextField(blank=True, verbose_name='points in dispute')),
                ('law', models.TextField(blank=True, verbose_name='legal basis')),
                ('materials', models.TextField(blank=True, verbose_name='materials')),
                ('parties', models.JSONField(blank=True, default=list, verbose_name='parties concerned')),
                ('confidentiality', models.CharField(default='内部', max_length=100, verbose_name='who may know')),
                ('object_id', models.PositiveBigIntegerField(blank=True, null=True, verbose_name='number of the record')),
                ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='proposed time')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('held_at', models.DateTimeField(blank=True, null=True, verbose_name='held at')),
                ('conclusion_kind', models.CharField(blank=True, choices=[('一致', 'Unanimous'), ('多数', 'Majority'), ('保留', 'Reserved')], max_length=4, verbose_name='form of the conclusion')),
                ('conclusion', models.TextField(blank=True, verbose_name='conclusion')),
                ('dissent', models.TextField(blank=True, verbose_name='dissent')),
                ('minutes', models.TextField(blank=True, verbose_name='meeting minutes')),
                ('minutes_digest', models.CharField(blank=True, max_length=64, verbose_name='SM3 digest of the minutes')),
                ('content_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('convener', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='convener')),
                ('host', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='host')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposed_consultations', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('recorder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorder')),
            ],
            options={
                'verbose_name': 'consultation',
                'verbose_name_plural': 'consultations',
                'ordering': ['-year', '-number'],
                'indexes': [models.Index(fields=['content_type', 'object_id'], name='consultations_subject'), models.Index(fields=['type', '-year', '-number'], name='consultations_type'), models.Index(fields=['-held_at'], name='consultations_held')],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='consultations_one_number_a_year')],
            },
        ),
        migrations.CreateModel(
            name='ConsultationTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.CharField(max_length=300, verbose_name='task')),
                ('due', models.DateField(verbose_name='task due')),
                ('outcome', models.CharField(blank=True, choices=[('adopted', 'Adopted'), ('partly', 'Partly adopted'), ('not_adopted', 'Not adopted')], max_length=16, verbose_name='adoption')),
                ('receipt', models.TextField(blank=True, verbose_name='feedback')),
                ('receipt_at', models.DateTimeField(blank=True, null=True, verbose_name='feedback time')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='consultations.consultation')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='responsible department')),
                ('receipt_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='feedback by')),
            ],
            options={
                'verbose_name': 'task of a consultation',
                'verbose_name_plural': 'tasks of consultations',
                'ordering': ['due', 'id'],
                'indexes': [models.Index(fields=['department', 'receipt_at', 'due'], name='consultations_task_open')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_observer', models.BooleanField(default=False, verbose_name='observer')),
                ('is_absent', models.BooleanField(default=False, verbose_name='absent')),
                ('recused_at', models.DateTimeField(blank=True, null=True, verbose_name='recused time')),
                ('recusal_reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the recusal')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='consultations.consultation')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='department')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person sent')),
            ],
            options={
                'verbose_name': 'invited department',
                'verbose_name_plural': 'invited departments',
                'ordering': ['id'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'department'), name='consultations_department_once')],
            },
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.CharField(choices=[('agrees', 'Agrees'), ('disagrees', 'Disagrees'), ('reserves', 'Reserves its opinion')], max_length=16, verbose_name='stance')),
                ('opinion', models.TextField(verbose_name='opinion given')),
                ('given_at', models.DateTimeField(auto_now_add=True, verbose_name='given time')),
                ('is_current', models.BooleanField(default=True, verbose_name='in effect')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='consultations.consultation')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='consultations.member')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person sent')),
            ],
            options={
                'verbose_name': 'opinion given',
                'verbose_name_plural': 'opinions given',
                'ordering': ['id'],
                'indexes': [],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('member',), name='consultations_one_current_opinion')],
            },
        ),
    ]
