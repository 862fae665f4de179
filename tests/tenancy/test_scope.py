import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError

from freightbridge.access.models import Membership
from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import (
    TenantScopeError,
    directory_scope,
    is_refused_write,
    only_reading,
    tenant_scope,
)
from tests.conftest import NOW, make_member

CONTENT = {"size": 3, "content_type": "text/plain", "content": b"abc", "stored_at": NOW}


def store(sha256: str) -> StoredFile:
    return StoredFile.objects.create(sha256=sha256, **CONTENT)


def count_rows_by_sql() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stored_files_storedfile")
        return int(cursor.fetchone()[0])


def test_rows_are_seen_in_their_tenants_scope_only(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        store("a")
        store("b")
    with tenant_scope(other_tenant):
        store("c")

    with tenant_scope(tenant):
        seen = sorted(StoredFile.objects.values_list("sha256", flat=True))
        seen_by_sql = count_rows_by_sql()

    assert seen == ["a", "b"]
    assert seen_by_sql == 2


def test_orm_outside_a_scope_raises(tenant: Tenant) -> None:
    with pytest.raises(TenantScopeError, match="needs `with tenant_scope"):
        StoredFile.objects.count()


def test_sql_outside_a_scope_sees_nothing(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        store("a")

    assert count_rows_by_sql() == 0


def test_row_of_another_tenant_cannot_be_written(tenant: Tenant, other_tenant: Tenant) -> None:
    with (
        tenant_scope(tenant),
        pytest.raises(ProgrammingError, match="violates row-level security policy"),
        transaction.atomic(),
    ):
        StoredFile.objects.create(sha256="a", tenant=other_tenant, **CONTENT)


def test_row_cannot_be_moved_to_another_tenant(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        store("a")
        with pytest.raises(ProgrammingError, match="violates row-level security policy"), transaction.atomic():
            StoredFile.objects.update(tenant=other_tenant)


def test_scopes_do_not_nest(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant), pytest.raises(TenantScopeError, match="inside a scope"), tenant_scope(other_tenant):
        pass


def test_directory_scope_reads_directory_tables_over_all_tenants(tenant: Tenant, other_tenant: Tenant) -> None:
    users = [make_member(tenant, "viewer"), make_member(other_tenant, "viewer")]

    with directory_scope():
        seen = set(Membership.directory.values_list("user", flat=True))

    assert seen == {user.pk for user in users}


def test_directory_scope_sees_no_other_table(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        store("a")

    with directory_scope():
        assert count_rows_by_sql() == 0


def test_directory_scope_writes_nothing(tenant: Tenant) -> None:
    make_member(tenant, "viewer")

    with directory_scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_membership SET role = 'admin'")
        assert cursor.rowcount == 0


def test_directory_outside_its_scope_raises(tenant: Tenant) -> None:
    with pytest.raises(TenantScopeError, match="directory_scope"):
        Membership.directory.count()


def test_scope_ends_with_its_block_even_inside_a_longer_transaction(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        store("a")

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        assert cursor.fetchone() == ("",)


def test_scope_that_only_reads_is_written_in_by_nobody(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        store("a")

    with only_reading(), tenant_scope(tenant):
        assert StoredFile.objects.count() == 1
        with pytest.raises(InternalError, match="read-only transaction") as raised, transaction.atomic():
            store("b")
        with pytest.raises(InternalError, match="read-write mode"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ WRITE")
    with tenant_scope(tenant):
        store("c")

    assert is_refused_write(raised.value)
    assert not is_refused_write(ValueError())
