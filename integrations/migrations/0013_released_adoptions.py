"""
What was taken over as already in Xero, and nothing else, can be released: the id goes, and a finished job is undone.

The guards of 0003 stand as they are for everything that was sent.
"""

from django.db import migrations, models

ID_IS_SET_ONCE = """
CREATE OR REPLACE FUNCTION refuse_other_xero_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.xero_id IS NOT NULL AND NEW.xero_id IS DISTINCT FROM OLD.xero_id
        AND NOT (OLD.is_adopted AND NEW.xero_id IS NULL) THEN
        RAISE EXCEPTION 'The id that Xero gave is set once (row % of %).', OLD.id, TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""
ALLOWED_STATES = """
CREATE OR REPLACE FUNCTION refuse_job_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'done' AND NEW.state = 'cancelled' AND OLD.is_adopted THEN
        RETURN NEW;
    END IF;
    IF OLD.state IN ('done', 'cancelled')
        OR (OLD.state = 'unknown' AND NEW.state = 'cancelled' AND OLD.cancel_requested_at IS NULL)
        OR (OLD.state IN ('rejected', 'attention') AND NEW.state = 'done') THEN
        RAISE EXCEPTION 'A job does not go from % to % (job %).', OLD.state, NEW.state, OLD.id;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("integrations", "0012_unknown_texts")]

    operations = [
        migrations.AddField(model_name="adoptionmatch", name="released_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="syncjob", name="is_adopted", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="xerodocument", name="is_adopted", field=models.BooleanField(default=False)),
        migrations.RunSQL(ID_IS_SET_ONCE, migrations.RunSQL.noop),
        migrations.RunSQL(ALLOWED_STATES, migrations.RunSQL.noop),
    ]
