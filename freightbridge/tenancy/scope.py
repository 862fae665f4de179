"""The only way to a tenant's rows: one transaction and one tenant, known to the ORM and to PostgreSQL alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from django.db import connection, transaction
from django_scopes import get_scope, scope

_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)
# What PostgreSQL answers to a write in a transaction that only reads (its manual, appendix A).
READ_ONLY_SQL_TRANSACTION = "25006"


class HasId(Protocol):
    """A tenant, or what stands for one in a migration."""

    id: int


class TenantScopeError(Exception):
    """Rows of a tenant were asked for outside a scope, or one scope was opened inside another."""


@contextmanager
def tenant_scope(tenant: HasId | int) -> Iterator[None]:
    """
    Everything inside is one transaction that sees and writes the rows of this tenant only.

    Raises TenantScopeError inside another scope: a tenant is never switched halfway.
    """
    tenant_id = tenant if isinstance(tenant, int) else tenant.id
    with _transaction_with("app.tenant", str(tenant_id)), scope(tenant=tenant_id):
        yield


@contextmanager
def directory_scope() -> Iterator[None]:
    """
    Read the directory tables over all tenants, to learn whose scope to open; nothing can be written in it.

    Raises TenantScopeError inside another scope.
    """
    with _transaction_with("app.directory", "on"), scope(directory=True):
        yield


@contextmanager
def only_reading() -> Iterator[None]:
    """In the scopes that are opened inside, PostgreSQL itself refuses to write, whoever asks for it."""
    token = _only_reads.set(True)
    try:
        yield
    finally:
        _only_reads.reset(token)


def is_refused_write(error: Exception) -> bool:
    """Whether PostgreSQL raised it because a scope of `only_reading` was written in."""
    return getattr(error.__cause__, "pgcode", "") == READ_ONLY_SQL_TRANSACTION


def current_tenant_id() -> int:
    """Raises TenantScopeError outside `tenant_scope`."""
    tenant_id = get_scope().get("tenant")
    if tenant_id is None:
        raise TenantScopeError("No tenant: this needs `with tenant_scope(tenant):` around it.")
    return int(tenant_id)


def is_in_tenant_scope() -> bool:
    return get_scope().get("tenant") is not None


def require_directory_scope() -> None:
    if not get_scope().get("directory"):
        raise TenantScopeError("This reads over all tenants and needs `with directory_scope():` around it.")


@contextmanager
def _transaction_with(setting: str, value: str) -> Iterator[None]:
    if get_scope():
        raise TenantScopeError(f"A scope inside a scope: {get_scope()} is open already.")
    with transaction.atomic():
        if _only_reads.get():
            _refuse_writes()
        _set(setting, value)
        yield
    # Only inside a test's own transaction does PostgreSQL still remember the setting here.
    if connection.in_atomic_block:
        _set(setting, "")


def _refuse_writes() -> None:
    """Until the transaction ends; inside it nothing takes this back."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def _set(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])
