"""
Keeps on shipments why they do not go, and when something of them went to accounting, as 0002 keeps their states.

The list filters by both. Found from the documents, each filter would read those of every shipment of the tenant that
does not have what is asked for.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("integrations.migrations.0002_shipment_read_model")
DOCUMENTS_BEFORE = import_module("integrations.migrations.0006_kinds").OF_DOCUMENTS
# Where nobody said what is wrong, something is missing: FB-401.
CAUSE = """
CREATE FUNCTION shipment_cause(state text, problems jsonb, stopped_by text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN state = 'not ready' THEN COALESCE(problems -> 0 ->> 'code', 'FB-401')
        WHEN state = 'attention' THEN COALESCE(NULLIF(stopped_by, ''), 'FB-401')
        WHEN state IN ('ready', 'cancelled') THEN 'ready'
        WHEN state IN ('queued', 'sending', 'unknown') THEN 'moving'
        ELSE '' END
$$
"""
SHOWN = """
CREATE FUNCTION shown_accounting_state(worst text, own text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN worst IS NOT NULL AND accounting_state_rank(worst) <= accounting_state_rank(own)
        THEN worst ELSE own END
$$
"""
# As 0006 has it, and what the first document that was stopped says, and when those that count went to accounting.
OF_DOCUMENTS = """
CREATE FUNCTION states_of_shipments(shipments bigint[])
RETURNS TABLE (
    shipment_id bigint, worst text, money text, stopped_by text,
    first_exported_at timestamptz, last_exported_at timestamptz, is_in_file boolean
) LANGUAGE sql STABLE AS $$
    WITH pairs AS MATERIALIZED (
        SELECT line.shipment_id, line.invoice_id, min(line.id) AS first_line FROM invoices_invoiceline line
        WHERE line.shipment_id = ANY (shipments) GROUP BY line.shipment_id, line.invoice_id
    )
    SELECT pairs.shipment_id,
        (array_agg(document.state ORDER BY accounting_state_rank(document.state)))[1],
        CASE
            WHEN bool_and(document.money_state = 'unpaid') FILTER (WHERE counts) THEN 'unpaid'
            WHEN bool_and(document.money_state = 'credited') FILTER (WHERE counts) THEN 'credited'
            WHEN bool_and(document.money_state IN ('paid', 'credited')) FILTER (WHERE counts) THEN 'paid'
            WHEN bool_or(counts) THEN 'part-paid'
            ELSE '' END,
        (array_agg(document.problem_code ORDER BY pairs.first_line) FILTER (WHERE document.state = 'attention'))[1],
        min(least(document.exported_at, document.sent_at)) FILTER (WHERE stands),
        max(greatest(document.exported_at, document.sent_at)) FILTER (WHERE stands),
        COALESCE(bool_or(document.exported_at IS NOT NULL) FILTER (WHERE stands), false)
    FROM pairs JOIN integrations_xerodocument document ON document.invoice_id = pairs.invoice_id
    JOIN invoices_invoice invoice ON invoice.id = pairs.invoice_id,
    LATERAL (
        SELECT document.money_state <> '' AND document.state = 'in xero'
                AND document.kind NOT IN ('bill', 'bill credit note') AS counts,
            invoice.status <> 'voided' AS stands
    ) told
    GROUP BY pairs.shipment_id
$$
"""
REFRESH = """
CREATE OR REPLACE FUNCTION refresh_shipments(shipments bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH states AS MATERIALIZED (SELECT * FROM states_of_shipments(shipments)),
    shown AS MATERIALIZED (
        SELECT states.*, shipment.readiness_problems AS problems,
            shown_accounting_state(worst, own_accounting_state(shipment.readiness, shipment.do_not_send_reason)) AS state
        FROM states JOIN invoices_shipment shipment ON shipment.id = states.shipment_id
    )
    UPDATE invoices_shipment shipment SET
        accounting_state = shown.state, money_state = shown.money,
        cause = shipment_cause(shown.state, shown.problems, shown.stopped_by),
        first_exported_at = shown.first_exported_at, last_exported_at = shown.last_exported_at,
        is_in_file = shown.is_in_file
    FROM shown WHERE shipment.id = shown.shipment_id
$$
"""
OF_CHANGED_DOCUMENTS = """
CREATE OR REPLACE FUNCTION refresh_shipments_of_changed_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_shipments(ARRAY(
        SELECT DISTINCT line.shipment_id
        FROM after JOIN before ON before.id = after.id
            AND (before.state, before.money_state, before.problem_code, before.sent_at, before.exported_at)
                IS DISTINCT FROM (after.state, after.money_state, after.problem_code, after.sent_at, after.exported_at)
        JOIN invoices_invoiceline line ON line.invoice_id = after.invoice_id
    ));
    RETURN NULL;
END $$
"""
OF_VOIDED_INVOICES = """
CREATE FUNCTION refresh_shipments_of_voided_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_shipments(ARRAY(
        SELECT DISTINCT line.shipment_id
        FROM after JOIN before ON before.id = after.id
            AND (before.status = 'voided') <> (after.status = 'voided')
        JOIN invoices_invoiceline line ON line.invoice_id = after.id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER refresh_shipments_of_voided AFTER UPDATE ON invoices_invoice
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION refresh_shipments_of_voided_invoices()
"""
OF_SHIPMENT = """
CREATE FUNCTION refresh_own_accounting_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told record;
BEGIN
    -- A copy of the row that was read before a payment came must not take it back; a new one has no documents.
    SELECT states.* INTO told
    FROM states_of_shipments(CASE WHEN TG_OP = 'UPDATE' THEN ARRAY[NEW.id] ELSE ARRAY[]::bigint[] END) states;
    IF TG_OP = 'UPDATE' THEN
        NEW.money_state := COALESCE(told.money, '');
        NEW.first_exported_at := told.first_exported_at;
        NEW.last_exported_at := told.last_exported_at;
        NEW.is_in_file := COALESCE(told.is_in_file, false);
    END IF;
    NEW.accounting_state :=
        shown_accounting_state(told.worst, own_accounting_state(NEW.readiness, NEW.do_not_send_reason));
    NEW.cause := shipment_cause(NEW.accounting_state, NEW.readiness_problems, told.stopped_by);
    RETURN NEW;
END $$;
CREATE TRIGGER refresh_own_accounting_state
    BEFORE INSERT OR UPDATE OF readiness, do_not_send_reason, readiness_problems
    ON invoices_shipment FOR EACH ROW EXECUTE FUNCTION refresh_own_accounting_state()
"""
# Forced row-level security binds the owner as well: tenant after tenant. Those without documents are told by their own.
OF_WHAT_STANDS = """
DO $$
DECLARE
    tenant bigint;
BEGIN
    FOR tenant IN SELECT id FROM tenancy_tenant LOOP
        PERFORM set_config('app.tenant', tenant::text, true);
        UPDATE invoices_shipment SET cause = shipment_cause(accounting_state, readiness_problems, '')
        WHERE tenant_id = tenant AND cause <> shipment_cause(accounting_state, readiness_problems, '');
        PERFORM refresh_shipments(ARRAY(SELECT id FROM invoices_shipment WHERE tenant_id = tenant));
    END LOOP;
    PERFORM set_config('app.tenant', '', true);
END $$
"""
DROP_OF_SHIPMENT = "DROP FUNCTION refresh_own_accounting_state CASCADE"
DROP_OF_DOCUMENTS = "DROP FUNCTION states_of_shipments"
CHANGED_BEFORE = BEFORE.OF_CHANGED_DOCUMENTS.split("CREATE FUNCTION refresh_shipments_of_changed_documents")[1]


class Migration(migrations.Migration):
    dependencies = [("integrations", "0025_log_by_support_code"), ("invoices", "0017_list_reads")]

    operations = [
        migrations.RunSQL(CAUSE, "DROP FUNCTION shipment_cause"),
        migrations.RunSQL(SHOWN, "DROP FUNCTION shown_accounting_state"),
        migrations.RunSQL(DROP_OF_SHIPMENT, BEFORE.OF_SHIPMENT),
        migrations.RunSQL(DROP_OF_DOCUMENTS, DOCUMENTS_BEFORE),
        migrations.RunSQL(OF_DOCUMENTS, DROP_OF_DOCUMENTS),
        migrations.RunSQL(REFRESH, BEFORE.REFRESH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(
            OF_CHANGED_DOCUMENTS,
            "CREATE OR REPLACE FUNCTION refresh_shipments_of_changed_documents"
            + CHANGED_BEFORE.split("CREATE TRIGGER")[0],
        ),
        migrations.RunSQL(OF_VOIDED_INVOICES, "DROP FUNCTION refresh_shipments_of_voided_invoices CASCADE"),
        migrations.RunSQL(OF_SHIPMENT, DROP_OF_SHIPMENT),
        migrations.RunSQL(OF_WHAT_STANDS, migrations.RunSQL.noop),
    ]
