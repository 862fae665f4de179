"""
Uploads of messages: what is kept of them, the charge codes of carriers, and shipments looked up by references.

A search looks for pieces; bills name thousands of shipments by whole references, so these have an index of their
own. As in 0002, row-level security would keep the index unused, so a function of the tables' owner names the tenant.
"""

import django.db.models.deletion
import freightbridge.tenancy.row_level_security
import freightbridge.tenancy.tenant_foreign_key
import uuid
from django.db import migrations, models

# Each reference, one a line in `search_text`, without what people put between its letters.
REFERENCES = r"string_to_array(translate(search_text, ' -_/.:#', ''), E'\n')"
FUNCTION = rf"""
CREATE FUNCTION shipments_with_references(wanted text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM public.invoices_shipment
    WHERE tenant_id = NULLIF(current_setting('app.tenant', true), '')::bigint AND {REFERENCES} && wanted
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('invoices', '0003_updated_since'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='form',
            field=models.CharField(choices=[('table', 'Table'), ('messages', 'Messages')], default='table', max_length=10),
        ),
        migrations.AddField(
            model_name='upload',
            name='messages',
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name='ChargeCodeMatch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('carrier', models.CharField(max_length=100)),
                ('code', models.CharField(max_length=30)),
                ('charge_code', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='invoices.chargecode')),
                ('tenant', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'carrier', 'code'), name='charge_code_match_once'), models.UniqueConstraint(fields=('tenant', 'id'), name='invoices_chargecodematch_tenant_id'), models.UniqueConstraint(fields=('tenant', 'public_id'), name='invoices_chargecodematch_public_id'), freightbridge.tenancy.row_level_security.RowLevelSecurity(is_directory=False, name='invoices_chargecodematch_rows'), freightbridge.tenancy.tenant_foreign_key.TenantForeignKey(field='charge_code', name='invoices_chargecodematch_charge_code_key')],
            },
        ),
        migrations.RunSQL(
            f"CREATE INDEX shipment_references ON invoices_shipment USING gin (tenant_id, ({REFERENCES}))",
            "DROP INDEX shipment_references",
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION shipments_with_references"),
    ]
