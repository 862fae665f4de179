"""
The bytes of a call and its answer are kept for ninety days, then its summary alone.

Until then the database refuses to change either; after it, it lets go of both at once, and of nothing else. What nobody
knows the end of, and what an unfinished job stands behind, is kept whatever its age.
"""

from django.db import migrations, models

CALL_IS_KEPT = """
CREATE FUNCTION refuse_other_call() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.raw_removed_at IS NULL AND NEW.raw_removed_at IS NOT NULL
        AND length(NEW.body) = 0 AND NEW.answer = ''
        AND NEW.body_sha256 = OLD.body_sha256 AND NEW.sent_at = OLD.sent_at
        AND OLD.finished_at IS NOT NULL AND OLD.sent_at <= clock_timestamp() - interval '90 days'
        AND NOT EXISTS (
            SELECT FROM integrations_attemptmember member
            JOIN integrations_syncjob job ON job.tenant_id = member.tenant_id AND job.id = member.job_id
            WHERE member.tenant_id = OLD.tenant_id AND member.attempt_id = OLD.id
                AND job.state NOT IN ('done', 'cancelled')
        ) THEN
        RETURN NEW;
    END IF;
    IF NEW.body <> OLD.body OR NEW.body_sha256 <> OLD.body_sha256 OR NEW.sent_at <> OLD.sent_at
        OR NEW.raw_removed_at IS DISTINCT FROM OLD.raw_removed_at
        OR (NEW.answer <> OLD.answer AND (OLD.answer <> '' OR OLD.raw_removed_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'A call is kept as it was sent and answered (attempt %).', OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER call_is_kept BEFORE UPDATE OF body, body_sha256, sent_at, raw_removed_at ON integrations_syncattempt
    FOR EACH ROW EXECUTE FUNCTION refuse_other_call();
CREATE TRIGGER answer_is_kept BEFORE UPDATE OF answer ON integrations_syncattempt
    FOR EACH ROW WHEN (OLD.answer <> '' OR OLD.raw_removed_at IS NOT NULL) EXECUTE FUNCTION refuse_other_call();
"""
WITHOUT = "DROP FUNCTION refuse_other_call CASCADE"


class Migration(migrations.Migration):
    dependencies = [("integrations", "0021_connection_test")]

    operations = [
        migrations.AddField(model_name="syncattempt", name="raw_removed_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="syncattempt",
            index=models.Index(
                fields=["tenant", "sent_at"], condition=models.Q(raw_removed_at=None), name="sync_attempt_in_full"
            ),
        ),
        migrations.RunSQL(CALL_IS_KEPT, WITHOUT),
    ]
