"""How close the rows of lists stand is a person's own choice, the same in every company and on every list."""

from django.db import migrations

# Forced row-level security binds the owner as well: tenant after tenant.
CARRY_OVER = """
DO $$
DECLARE
    tenant bigint;
BEGIN
    FOR tenant IN SELECT id FROM tenancy_tenant LOOP
        PERFORM set_config('app.tenant', tenant::text, true);
        UPDATE access_user SET is_compact = true FROM access_membership member
        JOIN invoices_listchoice choice ON choice.member_id = member.id AND choice.tenant_id = member.tenant_id
        WHERE choice.is_compact AND member.tenant_id = tenant AND access_user.id = member.user_id;
    END LOOP;
    PERFORM set_config('app.tenant', '', true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_density"), ("invoices", "0017_list_reads")]

    operations = [
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.RemoveField("listchoice", "is_compact"),
    ]
