"""A PostgreSQL of our own, for machines that have none; initdb and pg_ctl are called directly so that root can too."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from freightbridge.local_servers.places import (
    free_port,
    is_port_free,
    is_remembered,
    is_root,
    new_password,
    postgres_home,
    remembered,
)
from freightbridge.local_servers.postgres_programs import give_to_server, run_program

SUPERUSER = "postgres"
# Safe against the death of any process, which is what tests and campaigns cause, but not against a power cut.
# Production has a server of its own.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "fsync": "off",
    "timezone": "UTC",
    "unix_socket_directories": "",
}


class LocalServerError(Exception):
    """A local server did not start; the message ends with what the server said itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """One cluster under `home`, reached over loopback with a password."""

    home: Path
    port: int
    password: str

    @property
    def superuser_url(self) -> str:
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def is_running(self) -> bool:
        return self._data.is_dir() and run_program("pg_ctl", "status", "-D", str(self._data)).returncode == 0

    def start(self) -> None:
        """Returns when the server takes connections. Raises LocalServerError."""
        if not (self._data / "PG_VERSION").exists():
            self._make_cluster()
        options = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "port": self.port}.items())
        log = self.home / "log"
        done = run_program("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(log), "-o", options)
        if done.returncode != 0:
            said = "\n".join(log.read_text().splitlines()[-15:]) if log.exists() else done.stdout
            raise LocalServerError(f"The local PostgreSQL did not start.\n{said}")

    def stop(self) -> None:
        run_program("pg_ctl", "stop", "-m", "fast", "-D", str(self._data))

    def set_aside(self) -> None:
        """
        A cluster whose password nobody knows any more, since `.local`, where it stood, was removed. It lies beside the
        new one until that happens again.
        """
        if self._data.is_dir():
            self.stop()
            aside = self.home / "data-before"
            shutil.rmtree(aside, ignore_errors=True)
            self._data.rename(aside)

    @property
    def _data(self) -> Path:
        return self.home / "data"

    def _make_cluster(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        password_file = self.home / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        give_to_server(password_file)
        where = ("-D", str(self._data), "-U", SUPERUSER, "--pwfile", str(password_file))
        done = run_program("initdb", *where, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync")
        password_file.unlink()
        if done.returncode != 0:
            raise LocalServerError(f"The local PostgreSQL could not be set up.\n{done.stdout}")


def local_postgres(name: str = "postgres") -> PostgresServer:
    """The checkout's own server. Raises LocalServerError where its port is another program's now."""
    home = postgres_home() / name
    _make_home(home)
    if not is_remembered(f"{name}-server"):
        PostgresServer(home=home, port=0, password="").set_aside()
    kept = remembered(f"{name}-server", {"port": free_port(), "password": new_password()})
    server = PostgresServer(home=home, port=int(kept["port"]), password=str(kept["password"]))
    if server.is_running() or is_port_free(server.port):
        return server
    raise LocalServerError(
        f"Port {server.port} of the local PostgreSQL is taken by another program: "
        f"stop that, or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def _make_home(home: Path) -> None:
    """`nobody` must pass through the outer folder to the inner one; no one else may look into either."""
    home.mkdir(parents=True, exist_ok=True)
    for folder in (home, home.parent) if is_root() else (home,):
        folder.chmod(0o700)
        give_to_server(folder)
