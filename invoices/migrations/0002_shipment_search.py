"""
Search for a piece of a number or a reference, by a trigram index.

Under row-level security PostgreSQL may use an index only for operators that leak nothing, and LIKE is not among
them: it would read every row of the tenant. So the search is a function of the tables' owner, which names the
tenant of the scope itself. FORCE binds the owner too; the policy lets him read shipments, which he could grant
himself anyway, and through which nothing is ever served (`tenancy/app_role.py` refuses to).
"""

from django.db import migrations

FUNCTION = r"""
CREATE FUNCTION search_shipments(wanted text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM public.invoices_shipment
    WHERE tenant_id = NULLIF(current_setting('app.tenant', true), '')::bigint
      AND search_text LIKE '%' || replace(replace(replace(lower(wanted), '\', '\\'), '%', '\%'), '_', '\_') || '%'
    LIMIT 500
$$
"""


class Migration(migrations.Migration):
    dependencies = [("invoices", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX shipment_search ON invoices_shipment USING gin (tenant_id, search_text gin_trgm_ops)",
            "DROP INDEX shipment_search",
        ),
        migrations.RunSQL(
            "CREATE POLICY search_read ON invoices_shipment FOR SELECT TO CURRENT_USER USING (true)",
            "DROP POLICY search_read ON invoices_shipment",
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION search_shipments"),
    ]
