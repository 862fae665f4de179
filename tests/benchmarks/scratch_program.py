"""Runs the part of a benchmark that knows the database: a process of its own, in a scratch database."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import django

INSIDE = "--inside"


def run_inside(
    module: str,
    *,
    limits: str = "",
    clock: str = "real",
    workers: Mapping[str, tuple[Sequence[str], int]] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Any:
    """
    What `tell_inside` of that module told. `limits`: a sandbox stands beside it, which keeps Xero's limits as it is
    told to, by this `clock`. `workers`: by name, their queues and how many processes. `settings`: of its environment,
    beside those.

    Raises subprocess.CalledProcessError, DemoProcessError.
    """
    django.setup()
    from invoices.demo.demo_processes import CHECKOUT, LOGS, DemoProcesses  # noqa: PLC0415 Django first
    from invoices.demo.demo_settings import pointing_at  # noqa: PLC0415
    from invoices.demo.scratch_database import scratch_database  # noqa: PLC0415

    command = [sys.executable, "-m", module, INSIDE]
    # Its own, in case the same benchmark runs twice at once: by them each finds its sandbox. They stay if it fails.
    logs = LOGS / f"{module}-{os.getpid()}"
    with scratch_database() as environment, DemoProcesses(environment, logs) as processes:
        if limits:
            url = processes.start_sandbox("--bind", "127.0.0.1:0", "--limits", limits, "--clock", clock)
            processes.environment.update(pointing_at(url))
        processes.environment.update(settings or {})
        processes.run("migrate", "--verbosity", "0")
        for name, (queues, children) in (workers or {}).items():
            processes.start_worker(name, queues, children=children)
        run = subprocess.run(
            command, cwd=CHECKOUT, env=processes.full_environment, stdout=subprocess.PIPE, text=True, check=True
        )
    shutil.rmtree(logs)
    return json.loads(run.stdout)


def is_inside() -> bool:
    return INSIDE in sys.argv


def tell_inside(measure: Callable[[], Any]) -> None:
    """What it returns goes to `run_inside`, as JSON."""
    django.setup()
    sys.stdout.write(json.dumps(measure()))
