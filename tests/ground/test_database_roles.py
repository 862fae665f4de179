"""The two roles, the database and its extensions, made on the real server, twice."""

import time
from collections.abc import Iterator

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from freightbridge.database_roles import drop_database, make_database, make_roles_and_database
from freightbridge.local_servers.postgres_server import PostgresServer
from tests.own_postgres import ask, own_postgres, url_of

# One page after another, with a pause for each.
SLOW_VACUUM = (
    "autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_cost_limit = 1, "
    "autovacuum_vacuum_cost_delay = 100"
)
VACUUMING = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND datname = 'second'"


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with own_postgres() as made:
        made.start()
        yield made


@pytest.fixture
def urls(server: PostgresServer) -> tuple[str, str]:
    """The database as the app's role and as the owner's, both made."""
    app, owner = url_of(server, "fb_app", "freight"), url_of(server, "fb_owner", "freight")
    make_roles_and_database(superuser_url=server.superuser_url, app_url=app, owner_url=owner)
    return app, owner


def test_roles_and_database_are_made_and_made_again(server: PostgresServer, urls: tuple[str, str]) -> None:
    app, owner = urls

    make_roles_and_database(superuser_url=server.superuser_url, app_url=app, owner_url=owner)

    rights = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
    roles = ask(app, f"SELECT rolname, {rights} FROM pg_roles WHERE rolname LIKE 'fb_%' ORDER BY rolname")  # noqa: S608 names of ours
    extensions = {row[0] for row in ask(owner, "SELECT extname FROM pg_extension")}
    assert roles == [("fb_app", False, False, False, False), ("fb_owner", False, False, False, True)]
    assert {"pg_trgm", "btree_gin"} <= extensions


def test_app_may_make_no_table(urls: tuple[str, str]) -> None:
    app, owner = urls

    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(app, "CREATE TABLE mine (id int)")
    ask(owner, "CREATE TABLE IF NOT EXISTS theirs (id int)")


def test_role_that_became_too_mighty_is_brought_back(server: PostgresServer, urls: tuple[str, str]) -> None:
    app, owner = urls
    ask(server.superuser_url, "ALTER ROLE fb_app SUPERUSER BYPASSRLS")

    make_roles_and_database(superuser_url=server.superuser_url, app_url=app, owner_url=owner)

    assert ask(app, "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'fb_app'") == [(False, False)]


def test_changed_password_is_taken_over(server: PostgresServer, urls: tuple[str, str]) -> None:
    app, owner = (url.replace("a-password", "another-password") for url in urls)

    make_roles_and_database(superuser_url=server.superuser_url, app_url=app, owner_url=owner)

    assert ask(app, "SELECT 1") == [(1,)]


def test_further_database_is_made_and_dropped_by_its_owner(server: PostgresServer, urls: tuple[str, str]) -> None:
    second = url_of(server, "fb_owner", "second")

    make_database(owner_url=second)
    stood = ask(second, "SELECT 1")
    drop_database(owner_url=second)
    drop_database(owner_url=second)

    assert stood == [(1,)]
    with pytest.raises(psycopg2.OperationalError, match="does not exist"):
        ask(second, "SELECT 1")


def test_database_is_dropped_while_it_is_vacuumed_and_its_owner_connected(
    server: PostgresServer, urls: tuple[str, str]
) -> None:
    second = url_of(server, "fb_owner", "second")
    make_database(owner_url=second)
    ask(server.superuser_url, "ALTER SYSTEM SET autovacuum_naptime = 1")
    ask(server.superuser_url, "SELECT pg_reload_conf()")
    ask(second, f"CREATE TABLE rubbish (number int) WITH ({SLOW_VACUUM})")
    ask(second, "INSERT INTO rubbish SELECT generate_series(1, 100000)")
    ask(second, "DELETE FROM rubbish")
    connected = psycopg2.connect(second)
    deadline = time.monotonic() + 60
    while not ask(server.superuser_url, VACUUMING):
        assert time.monotonic() < deadline, "no vacuum began"
        time.sleep(0.05)

    drop_database(owner_url=second)

    assert ask(server.superuser_url, "SELECT 1 FROM pg_database WHERE datname = 'second'") == []
    connected.close()


def test_command_says_what_is_wrong_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, server: PostgresServer
) -> None:
    wrong = server.superuser_url.replace("postgres:", "nobody-there:", 1)
    monkeypatch.setenv("DATABASE_URL", url_of(server, "fb_app", "freight"))
    monkeypatch.setenv("DATABASE_OWNER_URL", url_of(server, "fb_owner", "freight"))

    with pytest.raises(CommandError, match="nobody-there"):
        call_command("prepare_database", superuser_url=wrong)


def test_command_names_the_address_that_is_missing(monkeypatch: pytest.MonkeyPatch, server: PostgresServer) -> None:
    monkeypatch.setenv("DATABASE_URL", "")

    with pytest.raises(CommandError, match="no database URL"):
        call_command("prepare_database", superuser_url=server.superuser_url)
