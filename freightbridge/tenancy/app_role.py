"""The role the app runs as: it may use the tables, owns none, and cannot step around row-level security."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TOO_MIGHTY = """
    SELECT rolsuper OR rolbypassrls OR EXISTS (
        SELECT 1 FROM pg_class WHERE pg_has_role(relowner, 'MEMBER') AND relkind IN ('r', 'p', 'v', 'm')
    ) FROM pg_roles WHERE rolname = current_user
"""


def refuse_a_mighty_role(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """
    Row-level security binds neither a superuser nor, unless forced, an owner, and who may act as the owner can
    take it off. A database that is served through such a role could mix its tenants without a word, so it is
    not served at all.
    """
    if connection.alias != "default":
        return
    with connection.cursor() as cursor:
        cursor.execute(TOO_MIGHTY)
        row = cursor.fetchone()
    if row and row[0]:
        connection.close()
        raise ImproperlyConfigured(
            f"DATABASE_URL logs in as {connection.settings_dict['USER']!r}, which owns tables or bypasses row-level "
            f"security. Run `manage.py prepare_database --as <superuser's URL>` and use the role it makes."
        )


def grant_to_app(*, using: str) -> None:
    """After every migrate: the app's role may read and write all rows that row-level security shows it."""
    role = connections[using].ops.quote_name(settings.DATABASES["default"]["USER"])
    with connections[using].cursor() as cursor:
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
