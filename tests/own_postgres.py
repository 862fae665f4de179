"""A PostgreSQL of a test's own, with its superuser: whatever server the other tests run against, they cannot be it."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from freightbridge.local_servers.places import free_port
from freightbridge.local_servers.postgres_programs import give_to_server
from freightbridge.local_servers.postgres_server import PostgresServer

PASSWORD = "a-password"


@contextmanager
def own_postgres() -> Iterator[PostgresServer]:
    """Not started yet, stopped and removed at the end."""
    outer = Path(tempfile.mkdtemp(prefix="fbtest-", dir="/var/tmp"))
    home = outer / "postgres"
    home.mkdir()
    for folder in (outer, home):
        folder.chmod(0o700)
        give_to_server(folder)
    server = PostgresServer(home=home, port=free_port(), password="a-superusers-password")
    try:
        yield server
    finally:
        if server.is_running():
            server.stop()
        shutil.rmtree(outer)


def url_of(server: PostgresServer, user: str, database: str) -> str:
    return f"postgresql://{user}:{PASSWORD}@127.0.0.1:{server.port}/{database}"


def superuser_url(server: PostgresServer, database: str = "postgres") -> str:
    return urlsplit(server.superuser_url)._replace(path=f"/{database}").geturl()


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """Commits at once; the rows, where there are any."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()
