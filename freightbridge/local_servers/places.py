"""Where the local servers keep their data, and the few words they must agree on."""

import hashlib
import json
import os
import secrets
import socket
from pathlib import Path

from freightbridge.environment import CHECKOUT

LOCAL = CHECKOUT / ".local"

JsonObject = dict[str, str | int]


def is_root() -> bool:
    return os.geteuid() == 0


def postgres_home() -> Path:
    """
    PostgreSQL refuses to run as root, so root runs it as `nobody`, with the data where nobody may go:
    the checkout itself often lies under a folder closed to others.
    """
    if not is_root():
        return LOCAL / "postgres"
    name = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"freightbridge-{name}"  # noqa: S108 the folder is made with mode 700 and checked


def remembered(name: str, make: dict[str, str | int]) -> JsonObject:
    """The values kept in `.local/<name>.json` (mode 600); `make` is written there the first time."""
    path = LOCAL / f"{name}.json"
    if not path.exists():
        write_private(path, json.dumps(make))
    kept: JsonObject = json.loads(path.read_text())
    return kept


def is_remembered(name: str) -> bool:
    return (LOCAL / f"{name}.json").exists()


def write_private(path: Path, text: str) -> None:
    """Written beside and moved into place: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(text)
    beside.replace(path)


def new_password() -> str:
    return secrets.token_urlsafe(24)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_port_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex(("127.0.0.1", port)) != 0
