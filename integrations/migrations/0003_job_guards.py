"""
What must never happen to a job, refused by the database too: a bug of ours then stops instead of sending twice.

The id that Xero gave is set once; a finished job stays finished, but for what people and restores may do; the fence
of a lane never falls, so a worker that lost its lease can never write again.
"""

from django.db import migrations

ID_IS_SET_ONCE = """
CREATE FUNCTION refuse_other_xero_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.xero_id IS NOT NULL AND NEW.xero_id IS DISTINCT FROM OLD.xero_id THEN
        RAISE EXCEPTION 'The id that Xero gave is set once (row % of %).', OLD.id, TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER xero_id_set_once BEFORE UPDATE OF xero_id ON integrations_syncjob
    FOR EACH ROW EXECUTE FUNCTION refuse_other_xero_id();
CREATE TRIGGER xero_id_set_once BEFORE UPDATE OF xero_id ON integrations_xerodocument
    FOR EACH ROW EXECUTE FUNCTION refuse_other_xero_id();
"""
ALLOWED_STATES = """
CREATE FUNCTION refuse_job_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('done', 'cancelled')
        OR (OLD.state = 'unknown' AND NEW.state = 'cancelled' AND OLD.cancel_requested_at IS NULL)
        OR (OLD.state IN ('rejected', 'attention') AND NEW.state = 'done') THEN
        RAISE EXCEPTION 'A job does not go from % to % (job %).', OLD.state, NEW.state, OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER job_transition BEFORE UPDATE OF state ON integrations_syncjob
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION refuse_job_transition();
"""
FENCE_RISES = """
CREATE FUNCTION refuse_lower_fence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The fence of lane % does not fall from % to %.', OLD.id, OLD.fence, NEW.fence;
END $$;
CREATE TRIGGER fence_never_falls BEFORE UPDATE OF fence ON integrations_organisationlane
    FOR EACH ROW WHEN (NEW.fence < OLD.fence) EXECUTE FUNCTION refuse_lower_fence();
"""
WITHOUT_IDS = "DROP FUNCTION refuse_other_xero_id CASCADE"
WITHOUT_STATES = "DROP FUNCTION refuse_job_transition CASCADE"
WITHOUT_FENCE = "DROP FUNCTION refuse_lower_fence CASCADE"


class Migration(migrations.Migration):
    dependencies = [("integrations", "0002_shipment_read_model")]

    operations = [
        migrations.RunSQL(ID_IS_SET_ONCE, WITHOUT_IDS),
        migrations.RunSQL(ALLOWED_STATES, WITHOUT_STATES),
        migrations.RunSQL(FENCE_RISES, WITHOUT_FENCE),
    ]
