"""
Refreshes the lists' states only where something changed that they tell of.

Every call to Xero writes documents, and every PDF an invoice; mostly the states stay as they are. To plan the refresh
took longer than to find that there is nothing to do, and a row that is written again has a place in each of the list's
two dozen indexes.
"""

from importlib import import_module

from django.db import migrations

FIRST = import_module("integrations.migrations.0002_shipment_read_model")
INVOICES_BEFORE = import_module("integrations.migrations.0019_invoice_list_state")
SHIPMENTS_BEFORE = import_module("integrations.migrations.0026_list_reads")
# In SQL, which is planned anew at each call: a plan that is kept from when there were few rows reads all of a tenant's.
REFRESH_SHIPMENTS = """
CREATE OR REPLACE FUNCTION refresh_shipments(shipments bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH states AS MATERIALIZED (SELECT * FROM states_of_shipments(shipments)),
    standing AS (
        SELECT states.*, shipment.readiness_problems AS problems,
            own_accounting_state(shipment.readiness, shipment.do_not_send_reason) AS own
        FROM states JOIN invoices_shipment shipment ON shipment.id = states.shipment_id
    ),
    stated AS (SELECT standing.*, shown_accounting_state(worst, own) AS state FROM standing),
    shown AS MATERIALIZED (SELECT stated.*, shipment_cause(state, problems, stopped_by) AS cause FROM stated)
    UPDATE invoices_shipment shipment SET
        accounting_state = shown.state, money_state = shown.money,
        cause = shown.cause,
        first_exported_at = shown.first_exported_at, last_exported_at = shown.last_exported_at,
        is_in_file = shown.is_in_file
    FROM shown WHERE shipment.id = shown.shipment_id AND (
        shipment.accounting_state, shipment.money_state, shipment.cause,
        shipment.first_exported_at, shipment.last_exported_at, shipment.is_in_file
    ) IS DISTINCT FROM (
        shown.state, shown.money, shown.cause,
        shown.first_exported_at, shown.last_exported_at, shown.is_in_file
    )
$$
"""
REFRESH_SHIPMENTS_OF = """
CREATE FUNCTION refresh_shipments_of(invoices bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF cardinality(invoices) > 0 THEN
        PERFORM refresh_shipments(ARRAY(
            SELECT DISTINCT line.shipment_id FROM invoices_invoiceline line WHERE line.invoice_id = ANY (invoices)
        ));
    END IF;
END $$
"""
INVOICES_OF_CHANGED_DOCUMENTS = """
CREATE OR REPLACE FUNCTION refresh_invoices_of_changed_documents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint[] := ARRAY(
        SELECT unnest(ARRAY[before.invoice_id, after.invoice_id])
        FROM after JOIN before ON before.id = after.id
            AND (before.state, before.invoice_id) IS DISTINCT FROM (after.state, after.invoice_id)
    );
BEGIN
    IF cardinality(changed) > 0 THEN
        PERFORM refresh_invoices(changed);
    END IF;
    RETURN NULL;
END $$
"""
OF_NEW_DOCUMENTS = """
CREATE OR REPLACE FUNCTION refresh_shipments_of_new_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_shipments_of(ARRAY(SELECT added.invoice_id FROM added WHERE added.invoice_id IS NOT NULL));
    RETURN NULL;
END $$
"""
OF_CHANGED_DOCUMENTS = """
CREATE OR REPLACE FUNCTION refresh_shipments_of_changed_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_shipments_of(ARRAY(
        SELECT after.invoice_id
        FROM after JOIN before ON before.id = after.id
            AND (before.state, before.money_state, before.problem_code, before.sent_at, before.exported_at)
                IS DISTINCT FROM (after.state, after.money_state, after.problem_code, after.sent_at, after.exported_at)
    ));
    RETURN NULL;
END $$
"""
OF_VOIDED_INVOICES = """
CREATE OR REPLACE FUNCTION refresh_shipments_of_voided_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_shipments_of(ARRAY(
        SELECT after.id
        FROM after JOIN before ON before.id = after.id AND (before.status = 'voided') <> (after.status = 'voided')
    ));
    RETURN NULL;
END $$
"""
OF_SHIPMENT = """
CREATE OR REPLACE FUNCTION refresh_own_accounting_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    worst text;
    stopped_by text;
    told record;
BEGIN
    -- A new one has no documents.
    IF TG_OP = 'UPDATE' THEN
        SELECT states.* INTO told FROM states_of_shipments(ARRAY[NEW.id]) states;
        worst := told.worst;
        stopped_by := told.stopped_by;
        -- A copy of the row that was read before a payment came must not take it back.
        NEW.money_state := COALESCE(told.money, '');
        NEW.first_exported_at := told.first_exported_at;
        NEW.last_exported_at := told.last_exported_at;
        NEW.is_in_file := COALESCE(told.is_in_file, false);
    END IF;
    NEW.accounting_state := shown_accounting_state(worst, own_accounting_state(NEW.readiness, NEW.do_not_send_reason));
    NEW.cause := shipment_cause(NEW.accounting_state, NEW.readiness_problems, stopped_by);
    RETURN NEW;
END $$
"""


def _again(sql: str) -> str:
    """The functions that an earlier migration made, in the place of those that stand; the triggers stay."""
    functions = [part.partition("CREATE TRIGGER")[0] for part in sql.split("CREATE FUNCTION")[1:]]
    return "".join(f"CREATE OR REPLACE FUNCTION{function}" for function in functions)


class Migration(migrations.Migration):
    dependencies = [("integrations", "0027_quiet_checks")]

    operations = [
        migrations.RunSQL(REFRESH_SHIPMENTS, SHIPMENTS_BEFORE.REFRESH),
        migrations.RunSQL(REFRESH_SHIPMENTS_OF, "DROP FUNCTION refresh_shipments_of"),
        migrations.RunSQL(INVOICES_OF_CHANGED_DOCUMENTS, _again(INVOICES_BEFORE.OF_CHANGED_DOCUMENTS)),
        migrations.RunSQL(OF_NEW_DOCUMENTS, _again(FIRST.OF_CHANGED_DOCUMENTS)),
        migrations.RunSQL(OF_CHANGED_DOCUMENTS, SHIPMENTS_BEFORE.OF_CHANGED_DOCUMENTS),
        migrations.RunSQL(OF_VOIDED_INVOICES, _again(SHIPMENTS_BEFORE.OF_VOIDED_INVOICES)),
        migrations.RunSQL(OF_SHIPMENT, _again(SHIPMENTS_BEFORE.OF_SHIPMENT)),
    ]
