from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from freightbridge.local_servers.places import free_port
from freightbridge.local_servers.valkey_server import ValkeyServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ValkeyServer]:
    made = ValkeyServer(home=tmp_path / "valkey", port=free_port(), password="a-password")
    made.start()
    yield made
    made.stop()


def test_server_answers_to_its_password_only(server: ValkeyServer) -> None:
    client: Any = Redis.from_url(server.url)
    try:
        assert client.ping()
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
    finally:
        client.close()
    stranger = Redis(port=server.port)
    with pytest.raises(AuthenticationError):
        stranger.ping()
    stranger.close()


def test_server_that_was_stopped_can_be_started_again(server: ValkeyServer) -> None:
    before = server.is_running()

    server.stop()
    while server.is_running():
        pass
    stopped = server.is_running()
    server.start()

    assert (before, stopped, server.is_running()) == (True, False, True)


def test_stopping_a_server_that_does_not_run_is_no_trouble(tmp_path: Path) -> None:
    server = ValkeyServer(home=tmp_path, port=free_port(), password="x")

    server.stop()

    assert not server.is_running()
