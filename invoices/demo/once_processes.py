"""Runs the main job once, with processes of its own and a database that nobody else sees."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from invoices.demo.demo_processes import CHECKOUT, LOGS, DemoProcesses
from invoices.demo.demo_settings import named_sandbox, pointing_at
from invoices.demo.scratch_database import scratch_database

RENDERERS = 2
POLL_SECONDS = 0.3


def run_in_scratch(arguments: Sequence[str]) -> int:
    """
    `arguments` go to `run_demo_once`, whose exit code is returned.

    Raises DemoProcessError, NoSandboxError.
    """
    with scratch_database() as environment, DemoProcesses(environment, logs=_logs(arguments)) as processes:
        url = named_sandbox() or processes.start_sandbox("--bind", "127.0.0.1:0", "--limits", "off")
        processes.environment.update(pointing_at(url))
        processes.run("migrate", "--verbosity", "0")
        processes.start_worker("delivery", ["interactive", "bulk", "poll"], children=1)
        processes.start_worker("render", ["render"], children=RENDERERS)
        return _watch(processes, arguments)


def _logs(arguments: Sequence[str]) -> Path:
    """The benchmark of calls runs with and without PDFs at the same time."""
    return LOGS / ("once-without-pdfs" if "--without-pdfs" in arguments else "once")


def _watch(processes: DemoProcesses, arguments: Sequence[str]) -> int:
    """A run whose worker has died would wait for it for ever."""
    command = [sys.executable, "manage.py", "run_demo_once", *arguments]
    with subprocess.Popen(command, cwd=CHECKOUT, env=processes.full_environment) as run:  # noqa: S603 our own command
        try:
            while run.poll() is None:
                processes.check()
                time.sleep(POLL_SECONDS)
        finally:
            run.kill()
        return run.returncode
