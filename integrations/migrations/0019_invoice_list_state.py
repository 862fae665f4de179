"""
Keeps `list_state` of invoices at their status and, once they are approved, at the state of their document.

The list of invoices has tabs of both, and is ordered by the invoice's day: joined, a tab that holds few would read
every document of the tenant. PostgreSQL keeps it, as it keeps the shipments' states (0002).
"""

from django.db import migrations

LIST_STATE = """
CREATE FUNCTION list_state_of(status text, document_state text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE status WHEN 'approved' THEN COALESCE(document_state, status) ELSE status END
$$
"""
REFRESH = """
CREATE FUNCTION refresh_invoices(invoices bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH states AS MATERIALIZED (
        SELECT invoice.id, list_state_of(invoice.status, document.state) AS list_state
        FROM invoices_invoice invoice LEFT JOIN integrations_xerodocument document ON document.invoice_id = invoice.id
        WHERE invoice.id = ANY (invoices)
    )
    UPDATE invoices_invoice invoice SET list_state = states.list_state
    FROM states WHERE invoice.id = states.id AND invoice.list_state <> states.list_state
$$
"""
OF_CHANGED_DOCUMENTS = """
CREATE FUNCTION refresh_invoices_of_new_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_invoices(ARRAY(SELECT added.invoice_id FROM added WHERE added.invoice_id IS NOT NULL));
    RETURN NULL;
END $$;
CREATE TRIGGER refresh_invoices_of_new AFTER INSERT ON integrations_xerodocument
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refresh_invoices_of_new_documents();

CREATE FUNCTION refresh_invoices_of_changed_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_invoices(ARRAY(
        SELECT unnest(ARRAY[before.invoice_id, after.invoice_id])
        FROM after JOIN before ON before.id = after.id
            AND (before.state, before.invoice_id) IS DISTINCT FROM (after.state, after.invoice_id)
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER refresh_invoices_of_changed AFTER UPDATE ON integrations_xerodocument
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION refresh_invoices_of_changed_documents()
"""
# A new invoice has no document yet.
OF_INVOICE = """
CREATE FUNCTION refresh_own_list_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.list_state := list_state_of(
        NEW.status,
        CASE WHEN TG_OP = 'UPDATE' AND NEW.status = 'approved' THEN
            (SELECT document.state FROM integrations_xerodocument document WHERE document.invoice_id = NEW.id)
        END
    );
    RETURN NEW;
END $$;
CREATE TRIGGER refresh_own_list_state BEFORE INSERT OR UPDATE OF status ON invoices_invoice
    FOR EACH ROW EXECUTE FUNCTION refresh_own_list_state()
"""
# Forced row-level security binds the owner as well: tenant after tenant.
OF_WHAT_STANDS = """
DO $$
DECLARE
    tenant bigint;
BEGIN
    FOR tenant IN SELECT id FROM tenancy_tenant LOOP
        PERFORM set_config('app.tenant', tenant::text, true);
        PERFORM refresh_invoices(ARRAY(SELECT id FROM invoices_invoice WHERE tenant_id = tenant));
        IF EXISTS (
            SELECT FROM invoices_invoice invoice
            LEFT JOIN integrations_xerodocument document ON document.invoice_id = invoice.id
            WHERE invoice.tenant_id = tenant AND invoice.list_state <> list_state_of(invoice.status, document.state)
        ) THEN
            RAISE EXCEPTION 'Not every invoice of tenant % has its state in the list.', tenant;
        END IF;
    END LOOP;
    PERFORM set_config('app.tenant', '', true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("integrations", "0018_log_search"), ("invoices", "0014_list_indexes")]

    operations = [
        migrations.RunSQL(LIST_STATE, "DROP FUNCTION list_state_of"),
        migrations.RunSQL(REFRESH, "DROP FUNCTION refresh_invoices"),
        migrations.RunSQL(
            OF_CHANGED_DOCUMENTS,
            "DROP FUNCTION refresh_invoices_of_new_documents, refresh_invoices_of_changed_documents CASCADE",
        ),
        migrations.RunSQL(OF_INVOICE, "DROP FUNCTION refresh_own_list_state CASCADE"),
        migrations.RunSQL(OF_WHAT_STANDS, migrations.RunSQL.noop),
    ]
