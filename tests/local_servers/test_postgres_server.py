"""A server of its own for this test: made, started, stopped, started again, as root too."""

from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from freightbridge.local_servers import places
from freightbridge.local_servers import postgres_server as module
from freightbridge.local_servers.postgres_server import LocalServerError, PostgresServer, local_postgres
from tests.own_postgres import ask, own_postgres


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with own_postgres() as made:
        yield made


def test_server_is_made_started_and_stopped(server: PostgresServer) -> None:
    before = server.is_running()

    server.start()
    running = server.is_running()
    ((version,),) = ask(server.superuser_url, "SHOW server_version_num")
    settings = [
        ask(server.superuser_url, f"SHOW {name}")[0][0]
        for name in ("listen_addresses", "unix_socket_directories", "timezone")
    ]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask(server.superuser_url.replace(server.password, "wrong"), "SELECT 1")
    server.stop()

    assert (before, running, server.is_running()) == (False, True, False)
    assert int(str(version)) >= 150000
    assert settings == ["127.0.0.1", "", "UTC"]
    assert sorted(path.name for path in server.home.iterdir()) == ["data", "log"]


def test_server_that_cannot_start_says_what_it_said_itself(server: PostgresServer) -> None:
    server.start()
    server.stop()
    (server.home / "data" / "postgresql.conf").write_text("work_mem = 'much'\n")

    with pytest.raises(LocalServerError, match="did not start") as refused:
        server.start()

    assert "work_mem" in str(refused.value)


def test_server_whose_password_was_removed_with_the_local_folder_begins_anew(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server.start()
    ask(server.superuser_url, "CREATE DATABASE of_before")
    monkeypatch.setattr(places, "LOCAL", tmp_path)
    monkeypatch.setattr(module, "postgres_home", lambda: server.home.parent)

    anew = local_postgres()
    anew.start()
    databases = ask(anew.superuser_url, "SELECT count(*) FROM pg_database WHERE datname = 'of_before'")
    again = local_postgres()

    try:
        assert databases == [(0,)]
        assert (again.password, again.is_running()) == (anew.password, True)
        assert sorted(path.name for path in server.home.iterdir()) == ["data", "data-before", "log"]
    finally:
        anew.stop()
