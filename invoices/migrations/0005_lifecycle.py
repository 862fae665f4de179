import django.db.models.deletion
import freightbridge.tenancy.tenant_foreign_key
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0004_messages'),
        ('stored_files', '0001_initial'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='invoice',
            name='replaces',
            field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='invoices.invoice'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=freightbridge.tenancy.tenant_foreign_key.TenantForeignKey(field='replaces', name='invoices_invoice_replaces_key'),
        ),
    ]
