"""
Checks that found nothing new stand in the accounting log too, and apart from the rest: lists leave them out.

They alone may be removed, when they are ninety days old. The search for words is told of them, as of the filters (0023).
"""

from importlib import import_module

from django.db import migrations, models

from freightbridge.tenancy.row_level_security import AppendOnly

BEFORE = import_module("integrations.migrations.0023_log_direction")
SEARCH = (
    BEFORE.SEARCH.replace("way text\n", "way text, with_quiet boolean\n")
    .replace("AND ($10 IS NULL OR direction = $10)", "AND ($10 IS NULL OR direction = $10) AND ($11 OR has_news)")
    .replace("highest_status, way;", "highest_status, way, with_quiet;")
)
DROP = BEFORE.DROP_BEFORE


class Migration(migrations.Migration):
    dependencies = [("integrations", "0026_list_reads")]

    operations = [
        migrations.AddField(
            model_name="accountinglogentry",
            name="has_news",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RemoveIndex(model_name="accountinglogentry", name="accounting_log_newest"),
        migrations.AddIndex(
            model_name="accountinglogentry",
            index=models.Index(
                models.F("tenant"), models.F("at").desc(), models.F("id").desc(), models.F("has_news"),
                name="accounting_log_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="accountinglogentry",
            index=models.Index(
                models.F("tenant"), models.F("at"), condition=models.Q(has_news=False), name="accounting_log_quiet"
            ),
        ),
        migrations.RemoveConstraint(model_name="accountinglogentry", name="accounting_log_append_only"),
        migrations.AddConstraint(
            model_name="accountinglogentry",
            constraint=AppendOnly(
                name="accounting_log_append_only",
                forgets="NOT OLD.has_news AND OLD.at <= clock_timestamp() - interval '90 days'",
            ),
        ),
        migrations.RunSQL(DROP, BEFORE.SEARCH),
        migrations.RunSQL(SEARCH, DROP),
    ]  # fmt: skip
