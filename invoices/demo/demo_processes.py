"""The processes of a running FreightBridge, started and stopped together; each writes a log of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from django.conf import settings

from freightbridge.environment import CHECKOUT

LOGS = CHECKOUT / ".local" / "logs"
STOP_SECONDS = 30
SANDBOX = "sandbox"
SANDBOX_PREFIX = "Xero sandbox on "
WORKER = ("-A", "freightbridge.celery", "worker", "--loglevel=warning", "--without-gossip", "--without-mingle")


class DemoProcessError(Exception):
    """A process did not start, or died; the message ends with the last lines of its log."""


@dataclass(slots=True)
class DemoProcesses:
    """
    `environment` is what the processes get beside this one's; `logs`: where they write, which two sets that run at the
    same time must not share. A context manager that stops them all.
    """

    environment: dict[str, str]
    logs: Path = LOGS
    _running: dict[str, subprocess.Popen[str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """The sandbox last: what workers have begun they finish while everything they need still stands."""
        sandbox = {SANDBOX: self._running.pop(SANDBOX)} if SANDBOX in self._running else {}
        _stop(self._running)
        _stop(sandbox)

    def start(self, name: str, module: str, *arguments: str) -> None:
        log = self._log(name).open("w")
        self._running[name] = subprocess.Popen(  # noqa: S603 our own programs
            [sys.executable, "-m", module, *arguments],
            cwd=CHECKOUT,
            env=self.full_environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
            # Ctrl-C reaches this process alone, which then stops the others in their order.
            start_new_session=True,
        )
        log.close()

    @property
    def full_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def run(self, command: str, *arguments: str) -> None:
        """A command of manage.py, to its end. Raises subprocess.CalledProcessError."""
        program = [sys.executable, "manage.py", command, *arguments]
        subprocess.run(program, check=True, cwd=CHECKOUT, env=self.full_environment)  # noqa: S603 our own commands

    def start_sandbox(self, *options: str) -> str:
        """Returns its address, under the name that the consent page may be redirected from."""
        self.start(SANDBOX, "integrations.xero_sandbox", *options)
        line = self._wait_for_line(SANDBOX, SANDBOX_PREFIX)
        return line.removeprefix(SANDBOX_PREFIX).replace("127.0.0.1", "localhost")

    def start_worker(self, name: str, queues: Iterable[str], *, children: int) -> None:
        self.start(name, "celery", *WORKER, "-Q", ",".join(queues), "-c", str(children), "-n", f"{name}@%h")

    def start_web(self, *, port: int) -> None:
        bind = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--access-logfile", "/dev/null"]
        self.start("web", "gunicorn", "freightbridge.wsgi", *bind)
        deadline = time.monotonic() + STOP_SECONDS
        while is_port_free(port):
            self.check()
            if time.monotonic() > deadline:
                raise DemoProcessError(f"The web server did not start.\n{self._tail('web')}")
            time.sleep(0.1)

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._running.items()}

    def check(self) -> None:
        """Raises DemoProcessError when one of them has died."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise DemoProcessError(f"{name} ended with code {process.returncode}.\n{self._tail(name)}")

    def _wait_for_line(self, name: str, prefix: str) -> str:
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            self.check()
            for line in self._log(name).read_text().splitlines():
                if line.startswith(prefix):
                    return line
            time.sleep(0.05)
        raise DemoProcessError(f"{name} did not start.\n{self._tail(name)}")

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _tail(self, name: str) -> str:
        log = self._log(name)
        return "\n".join(log.read_text().splitlines()[-20:]) if log.exists() else ""


def is_port_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def forget_wakeups() -> None:
    """Of an earlier run: they mean nothing, and a thousand of them only keep the workers busy."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    for key in client.scan_iter(f"{prefix}*"):
        client.delete(key)
    client.close()


def _stop(running: dict[str, subprocess.Popen[str]]) -> None:
    """All at once."""
    for process in running.values():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for name, process in running.items():
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            print(f"{name} had to be killed.", file=sys.stderr)  # noqa: T201 the demo speaks to a terminal
