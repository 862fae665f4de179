"""Starts the local servers where no URL names others, and stops them when the last process that uses them ends."""

import atexit
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from freightbridge.database_roles import make_roles_and_database
from freightbridge.local_servers.places import LOCAL, new_password, remembered
from freightbridge.local_servers.postgres_server import PostgresServer, local_postgres
from freightbridge.local_servers.shared_use import Use, alone
from freightbridge.local_servers.valkey_server import ValkeyServer, local_valkey

STARTING = LOCAL / "starting.lock"
DATABASE = "freightbridge"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseUrls:
    """The same database as two roles: `app` is bound by row-level security, `owner` migrates."""

    app: str
    owner: str


@cache
def local_database() -> DatabaseUrls:
    """The checkout's own PostgreSQL is running when this returns. Raises LocalServerError."""
    with alone(STARTING):
        server = local_postgres()
        _use(server, "postgres")
        urls = _urls(server)
        make_roles_and_database(superuser_url=server.superuser_url, app_url=urls.app, owner_url=urls.owner)
    return urls


@cache
def local_broker_url() -> str:
    """The checkout's own Valkey is running when this returns. Raises LocalServerError."""
    with alone(STARTING):
        server = local_valkey()
        _use(server, "valkey")
    return server.url


def _urls(server: PostgresServer) -> DatabaseUrls:
    passwords = remembered("database-roles", {"app": new_password(), "owner": new_password()})
    place = f"127.0.0.1:{server.port}/{DATABASE}"
    return DatabaseUrls(
        app=f"postgresql://fb_app:{passwords['app']}@{place}",
        owner=f"postgresql://fb_owner:{passwords['owner']}@{place}",
    )


def _use(server: PostgresServer | ValkeyServer, name: str) -> None:
    use = Use(LOCAL / f"{name}.use")
    if not server.is_running():
        server.start()
    atexit.register(_stop_if_last, use, server.stop)


def _stop_if_last(use: Use, stop: Callable[[], None]) -> None:
    """Nobody starts a server while this decides to stop it."""
    with alone(STARTING):
        if use.is_last():
            stop()
        use.end()
