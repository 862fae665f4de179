"""
What was given up says nothing of a shipment any more: its charges are free, and what became of them counts. It stood
before "in Xero", so a shipment sent anew after one was given up would never have come to be in Xero.
"""

from django.db import migrations

RANK = """
CREATE OR REPLACE FUNCTION accounting_state_rank(state text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'attention' THEN 1 WHEN 'unknown' THEN 2 WHEN 'sending' THEN 3 WHEN 'queued' THEN 4
        WHEN 'do not send' THEN 5 WHEN 'not ready' THEN 6 WHEN 'ready' THEN 7
        WHEN 'in xero' THEN 9 WHEN 'voided' THEN 10 WHEN 'cancelled' THEN 12 ELSE 11 END
$$
"""
RANK_BEFORE = """
CREATE OR REPLACE FUNCTION accounting_state_rank(state text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state
        WHEN 'attention' THEN 1 WHEN 'unknown' THEN 2 WHEN 'sending' THEN 3 WHEN 'queued' THEN 4
        WHEN 'do not send' THEN 5 WHEN 'not ready' THEN 6 WHEN 'ready' THEN 7 WHEN 'cancelled' THEN 8
        WHEN 'in xero' THEN 9 WHEN 'voided' THEN 10 ELSE 11 END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("integrations", "0004_ledger_breaks")]

    operations = [migrations.RunSQL(RANK, RANK_BEFORE)]
