"""
Search for a piece of an invoice's reference, and for a piece of a shipment's as 0002 has it, in another way.

What a search looks for stands in the statement, so that PostgreSQL plans for it: a piece that every row has is found
by reading the newest rows, a rare one by the trigrams. `search_path` names no schema in which anybody but a
superuser can make anything before the tables are named in full.
"""

from django.db import migrations

PATTERN = r"""'%' || replace(replace(replace(lower(wanted), '\', '\\'), '%', '\%'), '_', '\_') || '%'"""
FUNCTION = r"""
CREATE OR REPLACE FUNCTION {name}(wanted text) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM public.{table} WHERE tenant_id = $1 AND {text} LIKE $2 ORDER BY {day} DESC, id DESC LIMIT 500'
    USING NULLIF(current_setting('app.tenant', true), '')::bigint, {pattern};
END $$
"""
OF_SHIPMENTS = FUNCTION.format(
    name="search_shipments", table="invoices_shipment", text="search_text", day="list_date", pattern=PATTERN
)
OF_INVOICES = FUNCTION.format(
    name="search_invoices", table="invoices_invoice", text="lower(reference)", day="issue_date", pattern=PATTERN
)
# As 0002 has it.
OF_SHIPMENTS_BEFORE = f"""
CREATE FUNCTION search_shipments(wanted text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM public.invoices_shipment
    WHERE tenant_id = NULLIF(current_setting('app.tenant', true), '')::bigint AND search_text LIKE {PATTERN}
    LIMIT 500
$$
"""
NARROW = "ALTER FUNCTION shipments_with_references(text[]) SET search_path = pg_catalog, pg_temp"
WIDE = "ALTER FUNCTION shipments_with_references(text[]) SET search_path = pg_catalog, public"


class Migration(migrations.Migration):
    dependencies = [("invoices", "0014_list_indexes")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX invoice_search ON invoices_invoice USING gin (tenant_id, lower(reference) gin_trgm_ops)",
            "DROP INDEX invoice_search",
        ),
        migrations.RunSQL(
            "CREATE POLICY search_read ON invoices_invoice FOR SELECT TO CURRENT_USER USING (true)",
            "DROP POLICY search_read ON invoices_invoice",
        ),
        migrations.RunSQL(OF_INVOICES, "DROP FUNCTION search_invoices"),
        migrations.RunSQL(OF_SHIPMENTS, f"DROP FUNCTION search_shipments; {OF_SHIPMENTS_BEFORE}"),
        migrations.RunSQL(NARROW, WIDE),
    ]
