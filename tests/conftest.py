"""A database of its own for each worker process; everything under test runs as the app's role."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from freightbridge.access.models import Membership, User
from freightbridge.database_roles import drop_database, make_database
from freightbridge.settle_memory import settle_memory
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from tests.addresses import owner_url
from tests.empty_tables import empty_tables

pytest_plugins = ["tests.xero_fixtures"]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "a long enough password"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take longer than others begins first, so that no core waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_collection_finish() -> None:
    """To look through what is loaded again and again takes a twentieth of the time."""
    settle_memory()


@pytest.fixture(scope="session")
def django_db_setup(worker_id: str, django_db_blocker: Any) -> Iterator[None]:
    name = f"test_{settings.DATABASES['owner']['NAME']}_{worker_id}"
    with django_db_blocker.unblock():
        for alias in connections:
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        drop_database(owner_url=owner_url())
        make_database(owner_url=owner_url())
        _commit_without_waiting(name)
        call_command("migrate", verbosity=0)
        connections["owner"].close()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        drop_database(owner_url=owner_url())


def _commit_without_waiting(name: str) -> None:
    """For the disk, which only a crash of the whole server would tell: tests that crash one have one of their own."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connections['owner'].ops.quote_name(name)} SET synchronous_commit = off")
    # The setting is for connections that are opened from now on.
    connections["owner"].close()


@pytest.fixture(scope="session", autouse=True)
def _empty_tables_as_their_owner() -> None:
    """Django empties them as the role under test, which rightly may not."""
    TransactionTestCase._fixture_teardown = _empty_after  # type: ignore[method-assign]
    # Django would close all connections besides, and each test would read the catalogue anew.
    TransactionTestCase._should_reload_connections = lambda _case: False  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def _hash_passwords_quickly() -> None:
    """One round in the place of a million: a third of a second for each person. Any process can check the hash."""
    PBKDF2PasswordHasher.iterations = 1


def _empty_after(_case: TransactionTestCase) -> None:
    connections["owner"].close()
    as_if_new(connections["default"])
    empty_tables(owner_url())


def as_if_new(connection: Any) -> None:
    """No transaction, no setting and no lock of its session is left; what it knows of the catalogue is kept."""
    if connection.connection is None or connection.in_atomic_block or not connection.is_usable():
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("DISCARD ALL")
    connection.init_connection_state()


def make_tenant(slug: str, **fields: Any) -> Tenant:
    return Tenant.objects.create(
        name=slug.replace("-", " ").title(), slug=slug, created_at=NOW, **{"time_zone": "Australia/Sydney", **fields}
    )


def make_member(tenant: Tenant, role: str) -> User:
    user = User.objects.create_user(f"{role}@{tenant.slug}.example", PASSWORD, name=f"{role} {tenant.name}".title())
    with tenant_scope(tenant):
        Membership.objects.create(user=user, role=role)
    return user


@pytest.fixture
def tenant(db: None) -> Tenant:
    return make_tenant("acme-freight")


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    return make_tenant("rival-lines")


@pytest.fixture
def in_tenant(tenant: Tenant) -> Iterator[Tenant]:
    with tenant_scope(tenant):
        yield tenant
