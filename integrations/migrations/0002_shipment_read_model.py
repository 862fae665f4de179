"""
Keeps `accounting_state` and `money_state` of shipments at what their documents and their readiness say.

Lists of shipments filter by them with one index. PostgreSQL keeps them, so that no code path can forget to,
and so that `integrations` need not know the freight's models.
"""

from django.db import migrations

RANK = """
CREATE FUNCTION accounting_state_rank(state text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'attention' THEN 1 WHEN 'unknown' THEN 2 WHEN 'sending' THEN 3 WHEN 'queued' THEN 4
        WHEN 'do not send' THEN 5 WHEN 'not ready' THEN 6 WHEN 'ready' THEN 7 WHEN 'cancelled' THEN 8
        WHEN 'in xero' THEN 9 WHEN 'voided' THEN 10 ELSE 11 END
$$
"""
# What a shipment shows apart from its documents.
OWN_STATE = """
CREATE FUNCTION own_accounting_state(readiness text, do_not_send_reason text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN do_not_send_reason = '' THEN readiness ELSE 'do not send' END
$$
"""
# The worst of each shipment's documents, and how its money stands; only shipments that have documents.
OF_DOCUMENTS = """
CREATE FUNCTION states_of_shipments(shipments bigint[])
RETURNS TABLE (shipment_id bigint, worst text, money text) LANGUAGE sql STABLE AS $$
    WITH pairs AS MATERIALIZED (
        SELECT DISTINCT line.shipment_id, line.invoice_id FROM invoices_invoiceline line
        WHERE line.shipment_id = ANY (shipments)
    )
    SELECT pairs.shipment_id,
        (array_agg(document.state ORDER BY accounting_state_rank(document.state)))[1],
        CASE
            WHEN bool_and(document.money_state = 'unpaid') FILTER (WHERE counts) THEN 'unpaid'
            WHEN bool_and(document.money_state = 'credited') FILTER (WHERE counts) THEN 'credited'
            WHEN bool_and(document.money_state IN ('paid', 'credited')) FILTER (WHERE counts) THEN 'paid'
            WHEN bool_or(counts) THEN 'part-paid'
            ELSE '' END
    FROM pairs JOIN integrations_xerodocument document ON document.invoice_id = pairs.invoice_id,
    LATERAL (SELECT document.money_state <> '' AND document.state = 'in xero' AS counts) money
    GROUP BY pairs.shipment_id
$$
"""
# MATERIALIZED: found once. Where the planner does not know yet how many rows there are, it would
# otherwise find them anew for every shipment of the tenant.
REFRESH = """
CREATE FUNCTION refresh_shipments(shipments bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH states AS MATERIALIZED (SELECT * FROM states_of_shipments(shipments))
    UPDATE invoices_shipment shipment SET
        accounting_state = CASE
            WHEN accounting_state_rank(states.worst)
                <= accounting_state_rank(own_accounting_state(shipment.readiness, shipment.do_not_send_reason))
            THEN states.worst
            ELSE own_accounting_state(shipment.readiness, shipment.do_not_send_reason) END,
        money_state = states.money
    FROM states WHERE shipment.id = states.shipment_id
$$
"""
OF_CHANGED_DOCUMENTS = """
CREATE FUNCTION refresh_shipments_of_new_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_shipments(ARRAY(
        SELECT DISTINCT line.shipment_id FROM added JOIN invoices_invoiceline line ON line.invoice_id = added.invoice_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER refresh_shipments_of_new AFTER INSERT ON integrations_xerodocument
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refresh_shipments_of_new_documents();

CREATE FUNCTION refresh_shipments_of_changed_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_shipments(ARRAY(
        SELECT DISTINCT line.shipment_id
        FROM after JOIN before ON before.id = after.id
            AND (before.state, before.money_state) IS DISTINCT FROM (after.state, after.money_state)
        JOIN invoices_invoiceline line ON line.invoice_id = after.invoice_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER refresh_shipments_of_changed AFTER UPDATE ON integrations_xerodocument
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION refresh_shipments_of_changed_documents()
"""
OF_SHIPMENT = """
CREATE FUNCTION refresh_own_accounting_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own text := own_accounting_state(NEW.readiness, NEW.do_not_send_reason);
    worst text;
    money text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT states.worst, states.money INTO worst, money FROM states_of_shipments(ARRAY[NEW.id]) states;
        -- A copy of the row that was read before a payment came must not take it back.
        NEW.money_state := COALESCE(money, '');
    END IF;
    NEW.accounting_state :=
        CASE WHEN worst IS NOT NULL AND accounting_state_rank(worst) <= accounting_state_rank(own) THEN worst ELSE own END;
    RETURN NEW;
END $$;
CREATE TRIGGER refresh_own_accounting_state BEFORE INSERT OR UPDATE OF readiness, do_not_send_reason
    ON invoices_shipment FOR EACH ROW EXECUTE FUNCTION refresh_own_accounting_state()
"""


class Migration(migrations.Migration):
    dependencies = [("integrations", "0001_initial"), ("invoices", "0001_initial")]

    operations = [
        migrations.RunSQL(RANK, "DROP FUNCTION accounting_state_rank"),
        migrations.RunSQL(OWN_STATE, "DROP FUNCTION own_accounting_state"),
        migrations.RunSQL(OF_DOCUMENTS, "DROP FUNCTION states_of_shipments"),
        migrations.RunSQL(REFRESH, "DROP FUNCTION refresh_shipments"),
        migrations.RunSQL(
            OF_CHANGED_DOCUMENTS,
            "DROP FUNCTION refresh_shipments_of_new_documents, refresh_shipments_of_changed_documents CASCADE",
        ),
        migrations.RunSQL(OF_SHIPMENT, "DROP FUNCTION refresh_own_accounting_state CASCADE"),
    ]
