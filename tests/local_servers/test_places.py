import socket
import stat
from pathlib import Path
from typing import Any

import pytest

from freightbridge.local_servers import local_secrets as module
from freightbridge.local_servers import places
from freightbridge.local_servers.local_secrets import local_secrets
from freightbridge.local_servers.places import free_port, is_port_free, new_password, remembered, write_private


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / ".local"
    monkeypatch.setattr(places, "LOCAL", folder)
    monkeypatch.setattr(module, "LOCAL", folder)
    return folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_value_is_remembered_from_the_first_time_on(local: Path) -> None:
    first = remembered("server", {"port": 1, "password": "a"})
    second = remembered("server", {"port": 2, "password": "b"})

    assert first == second == {"port": 1, "password": "a"}


def test_remembered_value_is_nobody_elses_to_read(local: Path) -> None:
    remembered("server", {"password": "a"})

    assert mode(local / "server.json") == 0o600
    assert [path.name for path in local.iterdir()] == ["server.json"]


def test_private_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.conf"
    write_private(path, "old")
    write_private(path, "new")

    assert (path.read_text(), mode(path)) == ("new", 0o600)


def test_secrets_of_an_installation_stay_the_same(local: Path) -> None:
    first, second = local_secrets(), local_secrets()

    assert first == second
    assert set(first) == {"SECRET_KEY", "FB_KEYRING"}
    assert len(first["SECRET_KEY"]) > 50
    assert first["FB_KEYRING"].startswith("local:")


def test_port_that_somebody_listens_at_is_not_free() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        assert not is_port_free(server.getsockname()[1])
    assert is_port_free(free_port())


def test_passwords_are_not_alike() -> None:
    passwords: Any = {new_password() for _ in range(50)}

    assert len(passwords) == 50
    assert min(map(len, passwords)) >= 32
