"""
The accounting log by person and by the HTTP status of the call behind an entry.

The search for words is told of both, as of the other filters (0018): the newest five hundred of everything need hold
none of those.
"""

from importlib import import_module

from django.db import migrations, models

SEARCH_BEFORE = import_module("integrations.migrations.0018_log_search").FUNCTION
SEARCH = r"""
CREATE FUNCTION search_accounting_log(
    wanted text, since timestamptz, until timestamptz, of_result text, of_code text, of_actor text,
    lowest_status integer, highest_status integer
) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT id FROM public.integrations_accountinglogentry entry WHERE tenant_id = $1 AND lower(text) LIKE $2
            AND ($3 IS NULL OR at >= $3) AND ($4 IS NULL OR at < $4)
            AND ($5 IS NULL OR result = $5) AND ($6 IS NULL OR problem_code = $6)
            AND ($7 IS NULL OR actor = $7)
            AND ($8 IS NULL OR EXISTS (
                SELECT FROM public.integrations_syncattempt attempt
                WHERE attempt.tenant_id = $1 AND attempt.id = entry.attempt_id
                    AND COALESCE(attempt.http_status, 0) BETWEEN $8 AND $9
            ))
        ORDER BY at DESC, id DESC LIMIT 500'
    USING NULLIF(current_setting('app.tenant', true), '')::bigint,
        '%' || replace(replace(replace(lower(wanted), '\', '\\'), '%', '\%'), '_', '\_') || '%',
        since, until, of_result, of_code, of_actor, lowest_status, highest_status;
END $$
"""
DROP = "DROP FUNCTION search_accounting_log"


class Migration(migrations.Migration):
    dependencies = [("integrations", "0019_invoice_list_state")]

    operations = [
        migrations.AddIndex(
            model_name="accountinglogentry",
            index=models.Index(
                models.F("tenant"), models.F("actor"), models.F("at").desc(), models.F("id").desc(),
                name="accounting_log_by_actor",
            ),
        ),
        migrations.AddIndex(
            model_name="syncattempt",
            index=models.Index(
                models.F("tenant"), models.F("http_status"),
                condition=models.Q(http_status__isnull=True) | models.Q(http_status__gte=300),
                name="sync_attempt_not_accepted",
            ),
        ),
        migrations.RunSQL(DROP, SEARCH_BEFORE),
        migrations.RunSQL(SEARCH, DROP),
    ]  # fmt: skip
