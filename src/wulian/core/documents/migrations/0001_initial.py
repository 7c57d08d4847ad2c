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
            name='DocumentSequence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16, verbose_name='kind word')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('last', models.PositiveIntegerField(default=0, verbose_name='last number')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.department', verbose_name='authority')),
            ],
            options={
                'verbose_name': 'document sequence',
                'verbose_name_plural': 'document sequences',
                'constraints': [models.UniqueConstraint(fields=('authority', 'kind', 'year'), name='one_sequence_per_kind_and_year')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='EnforcementDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_no', models.CharField(max_length=64, unique=True, verbose_name='document number')),
                ('template', models.CharField(max_length=16, verbose_name='template')),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('kind', models.CharField(max_length=16, verbose_name='kind word')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='number of the record')),
                ('officers', models.JSONField(default=list, verbose_name='officers')),
                ('context', models.JSONField(default=dict, verbose_name='content')),
                ('template_version', models.CharField(max_length=16, verbose_name='template version')),
                ('docx_path', models.CharField(max_length=200, verbose_name='Word file')),
                ('docx_hash', models.CharField(max_length=64, verbose_name='digest of the Word file')),
                ('pdf_path', models.CharField(max_length=200, verbose_name='PDF file')),
                ('pdf_hash', models.CharField(max_length=64, verbose_name='digest of the PDF file')),
                ('prior_hash', models.CharField(blank=True, max_length=64, verbose_name='hash of the document before')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('state', models.CharField(choices=[('issued', 'Document issued'), ('voided', 'Document voided')], default='issued', max_length=8, verbose_name='state')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='issued at')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='voided at')),
                ('void_reason', models.CharField(blank=True, max_length=200, verbose_name='reason for voiding')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issued_documents', to='accounts.department', verbose_name='authority')),
                ('content_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='voided by')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['content_type', 'object_id', '-id'], name='document_subject'), models.Index(fields=['template', '-id'], name='document_template'), models.Index(fields=['-issued_at', '-id'], name='document_issued')],
                'constraints': [models.UniqueConstraint(fields=('authority', 'kind', 'year', 'number'), name='one_document_per_number')],
            },
        ),
    ]
