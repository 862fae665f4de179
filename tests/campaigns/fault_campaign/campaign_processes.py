"""The campaign's processes: started, killed, stopped for a while, started again. Each appends to a log of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from freightbridge.environment import CHECKOUT

START_SECONDS = 40.0
# More than a call to Xero takes, whose minute is a second here.
STOP_SECONDS = 5.0
SANDBOX_LINE = "Xero sandbox on "
WORKER = ("-A", "freightbridge.celery", "worker", "--loglevel=warning", "--without-gossip", "--without-mingle")


class CampaignProcessError(Exception):
    """A process did not start; the message ends with the last lines of its log."""


@dataclass(slots=True)
class CampaignProcesses:
    """`environment`: what they get beside this process's. A context manager that kills them all, the last one first."""

    environment: dict[str, str]
    logs: Path
    _programs: dict[str, list[str]] = field(default_factory=dict)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for name in reversed(list(self._running)):
            self.kill(name)

    def begin(self, name: str, module: str, *arguments: str) -> None:
        self._programs[name] = [sys.executable, "-m", module, *arguments]
        self._start(name)

    def begin_worker(self, name: str, queues: str, *, children: int) -> None:
        self.begin(name, "celery", *WORKER, "-Q", queues, "-c", str(children), "-n", f"{name}@%h")

    def begin_web(self, name: str, *, port: int) -> None:
        bind = ("--bind", f"127.0.0.1:{port}", "--workers", "2", "--access-logfile", "/dev/null")
        self.begin(name, "gunicorn", "freightbridge.wsgi", *bind)
        self._wait(name, lambda: _listens(port))

    def begin_sandbox(self, name: str, *options: str) -> str:
        """Returns its address, under the name that the consent page may be redirected from."""
        self.begin(name, "integrations.xero_sandbox", "--bind", "127.0.0.1:0", *options)
        self._wait(name, lambda: SANDBOX_LINE in self._log(name).read_text())
        line = next(line for line in self._log(name).read_text().splitlines() if line.startswith(SANDBOX_LINE))
        return line.removeprefix(SANDBOX_LINE).replace("127.0.0.1", "localhost")

    def run(self, command: str, *arguments: str) -> None:
        """A command of manage.py, to its end; what it tells is not our answer. Raises subprocess.CalledProcessError."""
        program = [sys.executable, "manage.py", command, *arguments]
        subprocess.run(program, check=True, cwd=CHECKOUT, env=self._environment, stdout=sys.stderr)

    def children(self, name: str) -> list[int]:
        """Process ids; none while it is being started."""
        pid = self._running[name].pid
        try:
            return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []

    def kill(self, name: str) -> None:
        """With all its children, as when a machine is lost; these may outlive it by themselves."""
        with suppress(ProcessLookupError):
            os.killpg(self._running[name].pid, signal.SIGKILL)
        self._running[name].wait()

    def stop(self, names: Sequence[str]) -> None:
        """As an operator does: asked first, then made to. They stay down until `revive`."""
        for name in names:
            self._running[name].terminate()
        for name in names:
            with suppress(subprocess.TimeoutExpired):
                self._running[name].wait(STOP_SECONDS)
            self.kill(name)

    def is_running(self, name: str) -> bool:
        return self._running[name].poll() is None

    def revive(self) -> None:
        """Starts those that have ended."""
        for name in self._programs:
            if not self.is_running(name):
                self._start(name)

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def _start(self, name: str) -> None:
        with self._log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._programs[name],
                cwd=CHECKOUT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches the campaign alone; and a process is killed together with its children.
                start_new_session=True,
            )

    def _wait(self, name: str, is_ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not is_ready():
            if not self.is_running(name) or time.monotonic() > deadline:
                tail = "\n".join(self._log(name).read_text().splitlines()[-20:])
                raise CampaignProcessError(f"{name} did not start.\n{tail}")
            time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
