"""A role that could step around row-level security is not served at all."""

from collections.abc import Iterator
from copy import deepcopy
from urllib.parse import unquote, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.utils import ProgrammingError

from freightbridge.database_roles import make_roles_and_database
from freightbridge.local_servers.postgres_server import PostgresServer
from tests.own_postgres import PASSWORD, ask, own_postgres, superuser_url, url_of


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """With the two roles, and a table that the owner owns."""
    with own_postgres() as made:
        made.start()
        owner = url_of(made, "fb_owner", "freight")
        make_roles_and_database(
            superuser_url=made.superuser_url, app_url=url_of(made, "fb_app", "freight"), owner_url=owner
        )
        ask(owner, "CREATE TABLE theirs (id int)")
        yield made


@pytest.fixture
def role(server: PostgresServer) -> Iterator[str]:
    """Another role that may log in and nothing else."""
    everything = superuser_url(server, "freight")
    ask(everything, f"CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'")
    yield "clerk"
    ask(everything, "DROP OWNED BY clerk CASCADE; DROP ROLE clerk")


def log_in(url: str, alias: str = "default") -> None:
    parts = urlsplit(url)
    wrapper = connections["default"].copy(alias)
    wrapper.settings_dict = deepcopy(wrapper.settings_dict) | {
        "USER": parts.username, "PASSWORD": unquote(parts.password or ""), "HOST": parts.hostname,
        "PORT": str(parts.port), "NAME": parts.path[1:],
    }  # fmt: skip
    try:
        wrapper.connect()
    finally:
        wrapper.close()


@pytest.mark.django_db
@pytest.mark.parametrize("user", ["fb_app", "clerk"])
def test_plain_role_is_served(server: PostgresServer, role: str, user: str) -> None:
    log_in(url_of(server, user, "freight"))


@pytest.mark.django_db
def test_superuser_is_refused(server: PostgresServer) -> None:
    with pytest.raises(ImproperlyConfigured, match="'postgres', which owns tables or bypasses row-level security"):
        log_in(superuser_url(server, "freight"))


@pytest.mark.django_db
def test_owner_of_the_tables_is_refused_but_where_he_migrates(server: PostgresServer) -> None:
    owner = url_of(server, "fb_owner", "freight")

    with pytest.raises(ImproperlyConfigured, match=r"Run `manage\.py prepare_database"):
        log_in(owner)
    log_in(owner, alias="owner")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER ROLE clerk BYPASSRLS",
        "ALTER ROLE clerk SUPERUSER",
        "CREATE TABLE mine (id int); ALTER TABLE mine OWNER TO clerk",
        "CREATE VIEW seen AS SELECT 1 AS id; ALTER VIEW seen OWNER TO clerk",
        "GRANT fb_owner TO clerk",
        "GRANT postgres TO clerk",
    ],
)
def test_role_that_may_too_much_is_refused(server: PostgresServer, role: str, statement: str) -> None:
    ask(superuser_url(server, "freight"), statement)

    with pytest.raises(ImproperlyConfigured):
        log_in(url_of(server, role, "freight"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE stored_files_storedfile",
        "ALTER TABLE stored_files_storedfile DISABLE ROW LEVEL SECURITY",
        "DROP POLICY tenant_isolation ON stored_files_storedfile",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE audit_auditevent DISABLE TRIGGER append_only",
        "SET session_replication_role = replica",
        "SET ROLE {owner}",
    ],
)
def test_app_cannot_loosen_what_binds_it(statement: str) -> None:
    owner = connections["owner"].settings_dict["USER"]

    with pytest.raises(ProgrammingError), connections["default"].cursor() as cursor:
        cursor.execute(statement.format(owner=owner))
