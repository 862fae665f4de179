"""What thousands of companies cost that share an installation: all are connected to Xero, three of a hundred active.

Two installations run side by side, with 5,000 companies and with 50, each with its own database and the workers of
`docker-compose.yml`. First a minute in which nobody does anything: every schedule goes on, and the workers' processor
time is counted. Then a small company of each clicks, in turn: how long until Xero has its first document.
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import django

from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.process_times import seconds_of, used_between, with_descendants
from tests.benchmarks.quiet_xero import __name__ as quiet_xero
from tests.benchmarks.scratch_program import INSIDE, is_inside

FEW, MANY = 50, 5000
IDLE_SECONDS, SETTLING_SECONDS = 60, 8
ROUNDS, CLICK_SECONDS = 15, 30
# Per cent of one core; and how much longer than beside few a click may take before it counts as worse.
IDLE_ALLOWED, WAIT_ALLOWED = 5.0, 1.1
# By queue, how many processes.
WORKERS = {"interactive": 2, "bulk": 2, "render": 2, "poll": 1}


@dataclass(slots=True)
class Installation:
    """`processes`: its workers. `program`: fills it and clicks in it. Seconds of the processor, milliseconds."""

    processes: Any
    program: "subprocess.Popen[str]"
    ours: float = 0.0
    database: float = 0.0
    waits: list[float] = field(default_factory=list)

    def ask(self, word: str) -> str:
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(f"{word}\n")
        self.program.stdin.flush()
        return self.program.stdout.readline().strip()


def measure() -> Iterator[Figure]:
    django.setup()
    with ExitStack() as stack:
        xero = stack.enter_context(_quiet_xero())
        with ThreadPoolExecutor() as both:
            few, many = both.map(lambda count: stack.enter_context(_installation(count, xero)), (FEW, MANY))
        time.sleep(SETTLING_SECONDS)
        _idle([few, many])
        for _ in range(ROUNDS):
            for one in random.sample([few, many], 2):
                one.waits.append(float(one.ask("click")))
    beside = f"{MANY:,} companies, floor: {FEW}"
    share = 100 / IDLE_SECONDS
    yield Figure(name=f"an idle minute of our processes, {beside}", unit="% of a core", figure=many.ours * share,
                 floor=few.ours * share, target=IDLE_ALLOWED)  # fmt: skip
    yield Figure(name=f"the same minute of PostgreSQL, {beside}", unit="% of a core", figure=many.database * share,
                 floor=few.database * share, target=IDLE_ALLOWED)  # fmt: skip
    yield Figure(name=f"from a click to the first document in Xero, {beside}", unit="ms", figure=median(many.waits),
                 floor=median(few.waits), target=WAIT_ALLOWED * median(few.waits))  # fmt: skip


def _idle(installations: list[Installation]) -> None:
    """Both at once: what others do on the machine at the time befalls both."""
    before = [(_ours(one), _database(one)) for one in installations]
    time.sleep(IDLE_SECONDS)
    for one, (ours, database) in zip(installations, before, strict=True):
        one.processes.check()
        one.ours = used_between(ours, _ours(one))
        one.database = used_between(database, _database(one))


def _ours(installation: Installation) -> dict[int, float]:
    return seconds_of(with_descendants(installation.processes.pids.values()))


def _database(installation: Installation) -> dict[int, float]:
    return seconds_of(int(pid) for pid in installation.ask("backends").split())


@contextmanager
def _quiet_xero() -> Iterator[str]:
    """It stands before the sandbox, and answers for all the others."""
    from invoices.demo.demo_processes import DemoProcesses  # noqa: PLC0415 Django first

    with DemoProcesses({}) as processes:
        sandbox = processes.start_sandbox("--bind", "127.0.0.1:0", "--limits", "off")
        command = [sys.executable, "-m", quiet_xero, sandbox]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as xero:
            assert xero.stdout is not None
            try:
                yield xero.stdout.readline().strip()
            finally:
                xero.terminate()


@contextmanager
def _installation(count: int, xero: str) -> Iterator[Installation]:
    from invoices.demo.demo_processes import CHECKOUT, DemoProcesses  # noqa: PLC0415 Django first
    from invoices.demo.demo_settings import pointing_at  # noqa: PLC0415
    from invoices.demo.scratch_database import scratch_database  # noqa: PLC0415

    command = [sys.executable, "-m", "tests.benchmarks.bench_tenants", INSIDE, str(count)]
    with scratch_database() as environment, DemoProcesses({**environment, **pointing_at(xero)}) as processes:
        processes.run("migrate", "--verbosity", "0")
        with subprocess.Popen(
            command, cwd=CHECKOUT, env=processes.full_environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        ) as program:  # fmt: skip
            installation = Installation(processes, program)
            assert installation.ask("fill") == "filled"
            for queue, children in WORKERS.items():
                processes.start_worker(f"{queue}-{count}", [queue], children=children)
            assert installation.ask("open") == "open"
            yield installation
            assert program.stdin is not None
            program.stdin.close()


def serve(count: int) -> None:
    """Does what the standard input says, line by line, and answers each."""
    django.setup()
    from tests.benchmarks.many_tenants import fill_tenants  # noqa: PLC0415 Django first
    from tests.benchmarks.small_company import SmallCompany, backends  # noqa: PLC0415

    small = SmallCompany()
    for line in sys.stdin:
        match line.strip():
            case "fill":
                fill_tenants(count)
                answer = "filled"
            case "open":
                small.open(f"T{count}", shipments=ROUNDS + 1)
                small.click(seconds=CLICK_SECONDS)
                answer = "open"
            case "backends":
                answer = " ".join(str(pid) for pid in backends())
            case _:
                answer = str(small.click(seconds=CLICK_SECONDS))
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(int(sys.argv[-1])) if is_inside() else tell(measure())
