"""What is asked of every table: read from PostgreSQL itself, whatever the models say."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper

from freightbridge.tenancy.models import TenantModel

# Tables without a tenant: the list is the permission.
GLOBAL_TABLES = {
    "access_user", "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions",
    "auth_permission", "django_cache", "django_content_type", "django_migrations", "django_session",
    "integrations_appbudget", "integrations_heartbeat", "integrations_restoreepoch", "integrations_webhookevent",
    "mfa_authenticator", "tenancy_tenant",
}  # fmt: skip
# Unique over all tenants, on purpose.
GLOBAL_UNIQUES = {"connection_active_once", "integrations_oauthstate_state_sha256_key"}
TENANT_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
"""
ALL_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
SECURITY = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s"
POLICIES = "SELECT policyname, cmd, permissive, qual, with_check FROM pg_policies WHERE tablename = %s"
# Functions that run as the tables' owner, and the policies by which he reads for them. Each asks for the tenant itself.
OWNER_FUNCTIONS = ["search_accounting_log", "search_invoices", "search_shipments", "shipments_with_references"]
OWNER_READS = {
    ("integrations_accountinglogentry", "search_read"), ("invoices_invoice", "search_read"),
    ("invoices_shipment", "search_read"),
}  # fmt: skip
OF_OTHERS_THAN_OWNER = """
    SELECT FROM pg_policies JOIN pg_tables USING (schemaname, tablename)
    WHERE tablename = %s AND policyname = %s AND (cmd <> 'SELECT' OR roles <> ARRAY[tableowner])
"""
FOREIGN_KEYS = """
    SELECT con.conname, target.relname,
        ARRAY(SELECT attname::text FROM unnest(con.conkey) key
            JOIN pg_attribute ON attrelid = con.conrelid AND attnum = key)
    FROM pg_constraint con JOIN pg_class source ON source.oid = con.conrelid
    JOIN pg_class target ON target.oid = con.confrelid
    WHERE con.contype = 'f' AND source.relname = %s
"""
UNIQUES = """
    SELECT index.relname, a.attname FROM pg_index i JOIN pg_class source ON source.oid = i.indrelid
    JOIN pg_class index ON index.oid = i.indexrelid
    JOIN pg_attribute a ON a.attrelid = source.oid AND a.attnum = i.indkey[0]
    WHERE i.indisunique AND NOT i.indisprimary AND source.relname = %s
"""


def unlisted_global_tables(cursor: CursorWrapper) -> Iterator[str]:
    for table in _names(cursor, ALL_TABLES):
        if table not in _names(cursor, TENANT_TABLES) and table not in GLOBAL_TABLES:
            yield f"{table} has no tenant and is not on the list of tables that need none"


def open_tables(cursor: CursorWrapper) -> Iterator[str]:
    """Row-level security is on, is forced, and lets nobody see or write another tenant's rows."""
    for table in _names(cursor, TENANT_TABLES):
        cursor.execute(SECURITY, [table])
        if cursor.fetchone() != (True, True):
            yield f"{table} has no forced row-level security"
        cursor.execute(POLICIES, [table])
        policies = cursor.fetchall()
        if not any(_isolates(*policy) for policy in policies):
            yield f"{table} has no policy that isolates tenants"
        for name, *policy in policies:
            if (table, name) in OWNER_READS and _is_for_owner(cursor, table, name):
                continue
            if name != "tenant_isolation" and not _is_directory_read(*policy):
                yield f"{table} has the policy {name}, which is neither isolation nor a directory read"


def plain_foreign_keys(cursor: CursorWrapper) -> Iterator[str]:
    """Keys between tenant tables carry the tenant: a plain one accepts another tenant's id."""
    tenant_tables = set(_names(cursor, TENANT_TABLES))
    for table in sorted(tenant_tables):
        cursor.execute(FOREIGN_KEYS, [table])
        for name, target, columns in cursor.fetchall():
            if target in tenant_tables and "tenant_id" not in columns:
                yield f"{table}.{name} points to {target} without the tenant"


def uniques_over_tenants(cursor: CursorWrapper) -> Iterator[str]:
    """A unique key that does not begin with the tenant tells one tenant what another has."""
    for table in _names(cursor, TENANT_TABLES):
        cursor.execute(UNIQUES, [table])
        for name, first_column in cursor.fetchall():
            if first_column != "tenant_id" and name not in GLOBAL_UNIQUES and not _begins_with_tenant_row(first_column):
                yield f"{table}.{name} is unique over all tenants"


def missing_keys() -> Iterator[str]:
    """Every Django key between tenant models leaves the real one to its composite twin."""
    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            continue
        for field in model._meta.local_fields:
            is_inner = isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)
            if is_inner and field.db_constraint:
                yield f"{model.__name__}.{field.name} needs db_constraint=False, which makes the composite key"


def _names(cursor: CursorWrapper, query: str) -> list[str]:
    cursor.execute(query)
    return [name for (name,) in cursor.fetchall()]


def _isolates(_name: str, command: str, permissive: str, qual: str, with_check: str) -> bool:
    is_whole = command == "ALL" and permissive == "PERMISSIVE"
    return is_whole and all("app.tenant" in (expression or "") for expression in (qual, with_check))


def _is_directory_read(command: str, _permissive: str, qual: str, _with_check: str) -> bool:
    return command == "SELECT" and "app.directory" in qual


def _is_for_owner(cursor: CursorWrapper, table: str, policy: str) -> bool:
    cursor.execute(OF_OTHERS_THAN_OWNER, [table, policy])
    return cursor.fetchone() is None


def _begins_with_tenant_row(column: str) -> bool:
    """A one-to-one key is unique by itself, and what it points to belongs to one tenant."""
    return column.endswith("_id")
