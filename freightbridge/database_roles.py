"""Makes the two roles, the database and its extensions: the owner of the tables, and the app, which owns nothing."""

from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection  # noqa: N812 it is a class

from freightbridge.database_url import read_database_url

EXTENSIONS = ("pg_trgm", "btree_gin")
END_OUR_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user
"""
ROLE_ATTRIBUTES = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE"


def make_roles_and_database(*, superuser_url: str, app_url: str, owner_url: str) -> None:
    """
    Safe to repeat: what exists already is brought to what it should be.

    Raises psycopg2.Error where `superuser_url` is no superuser's or the server does not answer.
    """
    app, owner = read_database_url(app_url), read_database_url(owner_url)
    with _connect(superuser_url) as connection:
        _make_role(connection, owner["USER"], owner["PASSWORD"], "CREATEDB")
        _make_role(connection, app["USER"], app["PASSWORD"], "NOCREATEDB")
        _make_database(connection, name=owner["NAME"], owner=owner["USER"])
    with _connect(_with_database(superuser_url, owner["NAME"])) as connection:
        for extension in EXTENSIONS:
            _run(connection, "CREATE EXTENSION IF NOT EXISTS {}", extension)
        _run(connection, "GRANT USAGE ON SCHEMA public TO {}", app["USER"])
        _run(connection, "GRANT CREATE ON SCHEMA public TO {}", owner["USER"])


def make_database(*, owner_url: str) -> None:
    """A further database of the same owner, such as the demo's scratch one; its extensions are trusted ones."""
    owner = read_database_url(owner_url)
    with _connect(_with_database(owner_url, "postgres")) as connection:
        _make_database(connection, name=owner["NAME"], owner=owner["USER"])
    with _connect(owner_url) as connection:
        for extension in EXTENSIONS:
            _run(connection, "CREATE EXTENSION IF NOT EXISTS {}", extension)


def drop_database(*, owner_url: str) -> None:
    """
    Without WITH (FORCE), which fails while PostgreSQL vacuums there: it takes that for a session that only a superuser
    may end. Bare, it ends the vacuum itself, and gives everybody else five seconds to go.
    """
    name = read_database_url(owner_url)["NAME"]
    with _connect(_with_database(owner_url, "postgres")) as connection:
        with connection.cursor() as cursor:
            cursor.execute(END_OUR_SESSIONS, [name])
        _run(connection, "DROP DATABASE IF EXISTS {}", name)


class _Autocommit:
    """CREATE DATABASE refuses a transaction, and psycopg2's own `with` would open one."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg2.connect(url)
        self._connection.autocommit = True

    def __enter__(self) -> Connection:
        return self._connection

    def __exit__(self, *_exception: object) -> None:
        self._connection.close()


def _connect(url: str) -> _Autocommit:
    return _Autocommit(url)


def _make_role(connection: Connection, name: str, password: str, attribute: str) -> None:
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        _run(connection, "CREATE ROLE {}", name)
    _run(connection, f"ALTER ROLE {{}} {ROLE_ATTRIBUTES} {attribute}", name)
    if password:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(name)), [password])


def _make_database(connection: Connection, *, name: str, owner: str) -> None:
    if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        _run(connection, "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0", name, owner)


def _exists(connection: Connection, query: str, value: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query, [value])
        return cursor.fetchone() is not None


def _run(connection: Connection, statement: str, *names: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _with_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()
