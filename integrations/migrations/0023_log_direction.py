"""
Which way an entry of the accounting log came: from us to Xero, by a webhook, or by a check of payments.

Entries are never changed, so PostgreSQL works it out while it adds the column: what Xero told so far counts as a check
of payments, since nobody wrote down more. The search for words is told of it, as of the other filters (0020).
"""

from importlib import import_module

from django.db import migrations, models

SEARCH_BEFORE = import_module("integrations.migrations.0020_log_filters").SEARCH
DROP_BEFORE = import_module("integrations.migrations.0020_log_filters").DROP
SEARCH = SEARCH_BEFORE.replace(
    "lowest_status integer, highest_status integer\n", "lowest_status integer, highest_status integer, way text\n"
).replace(
    "            AND ($8 IS NULL OR EXISTS (", "            AND ($10 IS NULL OR direction = $10)\n            AND ($8 IS NULL OR EXISTS ("
).replace("lowest_status, highest_status;", "lowest_status, highest_status, way;")  # fmt: skip
ADD = """
ALTER TABLE integrations_accountinglogentry ADD COLUMN direction varchar(10)
    GENERATED ALWAYS AS (CASE WHEN actor = 'Xero' THEN 'poll' ELSE 'out' END) STORED;
ALTER TABLE integrations_accountinglogentry ALTER COLUMN direction DROP EXPRESSION;
ALTER TABLE integrations_accountinglogentry
    ALTER COLUMN direction SET DEFAULT 'out', ALTER COLUMN direction SET NOT NULL;
"""
REMOVE = "ALTER TABLE integrations_accountinglogentry DROP COLUMN direction"


class Migration(migrations.Migration):
    dependencies = [("integrations", "0022_old_calls")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ADD, REMOVE)],
            state_operations=[
                migrations.AddField(
                    model_name="accountinglogentry",
                    name="direction",
                    field=models.CharField(
                        choices=[("out", "out"), ("webhook", "webhook"), ("poll", "poll")],
                        db_default="out", default="out", max_length=10,
                    ),
                )
            ],
        ),
        migrations.AddIndex(
            model_name="accountinglogentry",
            index=models.Index(
                models.F("tenant"), models.F("direction"), models.F("at").desc(), models.F("id").desc(),
                condition=models.Q(direction__in=["webhook", "poll"]), name="accounting_log_came_in",
            ),
        ),
        migrations.RunSQL(DROP_BEFORE, SEARCH_BEFORE),
        migrations.RunSQL(SEARCH, DROP_BEFORE),
    ]  # fmt: skip
