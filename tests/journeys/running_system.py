"""FreightBridge as it runs: web and worker processes over the database of the tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.db import connection

from tests.addresses import app_url, owner_url

ROOT = Path(__file__).parents[2]
START_SECONDS = 30
HOSTS = ("LOGIN", "IDENTITY", "API", "WEB")
WORKER = (
    "celery",
    "-A",
    "freightbridge.celery",
    "worker",
    "--loglevel=warning",
    "--without-gossip",
    "--without-mingle",
)

BUSY = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


@contextmanager
def web(*, xero_url: str) -> Iterator[str]:
    """Its address, under the name localhost."""
    port = _free_port()
    address = f"http://localhost:{port}"
    command = ("gunicorn", "freightbridge.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4")
    with _process(command, xero_url=xero_url, public_url=address) as (process, log):
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            assert process.poll() is None, _tail(log)
            assert time.monotonic() < deadline, _tail(log)
            time.sleep(0.05)
        yield address


@contextmanager
def worker(*, xero_url: str, public_url: str) -> Iterator[None]:
    command = (*WORKER, "-Q", "interactive,bulk,render,poll", "-c", "2")
    with _process(command, xero_url=xero_url, public_url=public_url) as (process, log):
        yield
        assert process.poll() is None, _tail(log)


def wait_until_idle() -> None:
    """No process is at work in the database of the tests: what a closed window had asked for is answered."""
    deadline = time.monotonic() + START_SECONDS
    with connection.cursor() as cursor:
        while _count_busy(cursor):
            assert time.monotonic() < deadline, "the database is never idle"
            time.sleep(0.02)


def _count_busy(cursor: Any) -> int:
    cursor.execute(BUSY)
    count: int = cursor.fetchone()[0]
    return count


@contextmanager
def _process(
    command: tuple[str, ...], *, xero_url: str, public_url: str
) -> Iterator[tuple["subprocess.Popen[bytes]", IO[bytes]]]:
    with TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=os.environ | _environment(xero_url, public_url),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process, log
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _environment(xero_url: str, public_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": app_url(),
        "DATABASE_OWNER_URL": owner_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "FB_KEYRING": ",".join(settings.FB_KEYRING),
        "PUBLIC_BASE_URL": public_url,
        "DEBUG": "0",
        **{f"XERO_{host}_BASE_URL": xero_url for host in HOSTS},
        "REPLAY_SANDBOX_URL": xero_url,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _tail(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read()[-3000:].decode(errors="replace")
