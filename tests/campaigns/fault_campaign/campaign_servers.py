"""A PostgreSQL and a Valkey of the campaign's own: it crashes, empties and kills them as it likes."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from freightbridge.database_roles import make_roles_and_database
from freightbridge.local_servers.places import free_port, new_password
from freightbridge.local_servers.postgres_programs import run_program
from freightbridge.local_servers.postgres_server import PostgresServer
from freightbridge.local_servers.valkey_server import ValkeyServer
from tests.own_postgres import own_postgres, url_of

DATABASE = "campaign"


class BackupFailedError(Exception):
    """No backup was taken; the message is what pg_basebackup said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignServers:
    postgres: PostgresServer
    valkey: ValkeyServer

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": url_of(self.postgres, "fb_app", DATABASE),
            "DATABASE_OWNER_URL": url_of(self.postgres, "fb_owner", DATABASE),
            "REDIS_URL": self.valkey.url,
        }

    def crash_database(self) -> None:
        """As if it had been killed: nothing is written any more, and the next start recovers."""
        run_program("pg_ctl", "stop", "-m", "immediate", "-D", str(self.postgres.home / "data"))

    def start_database(self) -> None:
        """Unless it runs. Raises LocalServerError."""
        if not self.postgres.is_running():
            self.postgres.start()

    def take_backup(self) -> None:
        """Beside everything that goes on. Raises BackupFailedError, for one where the server crashes meanwhile."""
        what = ("--dbname", self.postgres.superuser_url, "--checkpoint=fast", "--no-sync")
        done = run_program("pg_basebackup", "--pgdata", str(self._backup), *what)
        if done.returncode != 0:
            raise BackupFailedError(done.stdout)

    def restore_backup(self) -> None:
        """What was written since the backup is gone; and so is the backup. Raises LocalServerError."""
        self.postgres.stop()
        shutil.rmtree(self.postgres.home / "data")
        self._backup.rename(self.postgres.home / "data")
        self.postgres.start()

    @property
    def _backup(self) -> Path:
        return self.postgres.home / "backup"

    def flush_redis(self) -> None:
        Redis.from_url(self.valkey.url).flushall()

    def kill_redis(self) -> None:
        os.kill(Redis.from_url(self.valkey.url).info()["process_id"], signal.SIGKILL)

    def start_redis(self) -> None:
        """Unless it runs. Raises LocalServerError."""
        if not self.valkey.is_running():
            self.valkey.start()


@contextmanager
def campaign_servers(folder: Path) -> Iterator[CampaignServers]:
    """Running, with roles and an empty database; `folder` keeps what they say. Stopped and removed at the end."""
    valkey = ValkeyServer(home=folder / "valkey", port=free_port(), password=new_password())
    with own_postgres() as postgres:
        servers = CampaignServers(postgres=postgres, valkey=valkey)
        try:
            servers.start_redis()
            servers.start_database()
            _prepare(servers)
            yield servers
        finally:
            valkey.stop()
            shutil.copy(postgres.home / "log", folder / "postgres.log")


def _prepare(servers: CampaignServers) -> None:
    superuser = servers.postgres.superuser_url
    urls = servers.environment
    make_roles_and_database(superuser_url=superuser, app_url=urls["DATABASE_URL"], owner_url=urls["DATABASE_OWNER_URL"])
