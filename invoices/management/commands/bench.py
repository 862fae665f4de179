import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from freightbridge.environment import CHECKOUT

# Where the benchmarks are: modules `bench_<name>.py`, with underscores for hyphens.
PACKAGE = "tests.benchmarks"
PREFIX = "bench_"
# A benchmark starts what it needs; it never touches the servers of whoever calls it.
SERVERS = frozenset({"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"})
# Go at the same time: they wait most of it, or count, and take no time that the others could lengthen.
TOGETHER = (("calls", "lost-answers", "poll"), ("recovery", "tenants"))
HEADINGS = ("benchmark", "figure", "floor", "measured", "ratio", "target", "")
# Two columns of words; the others are numbers.
WORDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """
    What one benchmark told before it ended; `failure` is empty where it ended well. `uncounted`: seconds by what they
    went by with, which nobody can make shorter.
    """

    figures: list[dict[str, Any]]
    uncounted: dict[str, float]
    seconds: float
    failure: str

    @property
    def counted_seconds(self) -> float:
        return round(self.seconds - sum(self.uncounted.values()), 1)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"counted_seconds": self.counted_seconds}

    @property
    def missed(self) -> list[str]:
        return [figure["name"] for figure in self.figures if not figure["is_reached"]]


class Command(BaseCommand):
    help = "Measures on this machine: each figure beside its floor (the barest program), their ratio and the target."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", choices=names_of_benchmarks(), help="one of them; without it, all")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one object: figures and seconds by benchmark")
        form.add_argument("--markdown", action="store_true", help="the table for the README")

    def handle(self, *, name: str | None, json: bool, markdown: bool, **_options: object) -> None:
        """What fails or misses its target keeps none of the others from being measured."""
        names = [name] if name else names_of_benchmarks()
        began = time.monotonic()
        measured: dict[str, Told] = {}
        for group in grouped(names, TOGETHER):
            self.stderr.write(f"{' and '.join(group)} …")
            with ThreadPoolExecutor(len(group)) as pool:
                measured |= zip(group, pool.map(self._measured, group), strict=True)
        told, seconds = {name: measured[name] for name in names}, round(time.monotonic() - began, 1)
        if json:
            self._tell_as_json(told, seconds)
        else:
            self._tell(told, seconds, as_markdown=markdown)
        self._judge(told)

    def _measured(self, name: str) -> Told:
        """Runs in a process of its own, so that no benchmark sees what another one left behind."""
        environment = {key: value for key, value in os.environ.items() if key not in SERVERS}
        command = [sys.executable, "-m", f"{PACKAGE}.{PREFIX}{name.replace('-', '_')}"]
        began = time.monotonic()
        run = subprocess.run(  # noqa: S603 - our own program
            command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        told = [json.loads(line) for line in run.stdout.splitlines()]
        return Told(
            figures=[one for one in told if "uncounted" not in one],
            uncounted={one["uncounted"]: one["seconds"] for one in told if "uncounted" in one},
            seconds=round(time.monotonic() - began, 1),
            failure=f"it ended with {run.returncode}" if run.returncode else "",
        )

    def _tell_as_json(self, told: dict[str, Told], seconds: float) -> None:
        benchmarks = {name: one.as_json() for name, one in told.items()}
        in_all = {"seconds": seconds, "counted_seconds": _counted(told, seconds)}
        self.stdout.write(json.dumps({"benchmarks": benchmarks, **in_all}))

    def _tell(self, told: dict[str, Told], seconds: float, *, as_markdown: bool) -> None:
        rows = [HEADINGS, *(_row(name, figure) for name, one in told.items() for figure in one.figures)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
        if as_markdown:
            rules = "|".join("---" if column < WORDS else "---:" for column in range(len(HEADINGS)))
            lines = [f"| {' | '.join(row)} |" for row in rows]
            lines.insert(1, f"|{rules}|")
        else:
            lines = ["  ".join(_padded(row, widths)).rstrip() for row in rows]
        for line in lines:
            self.stdout.write(line)
        took = ", ".join(f"{name} {one.seconds:.0f}" for name, one in told.items())
        self.stdout.write(f"\n{seconds:.0f} seconds in all: {took}.")
        for name, one in told.items():
            for what, uncounted in one.uncounted.items():
                self.stdout.write(f"Of {name}, {uncounted:.0f} are {what}.")
        self.stdout.write(f"{_counted(told, seconds):.0f} without these.")

    def _judge(self, told: dict[str, Told]) -> None:
        faults = [f"{name}: {one.failure}" for name, one in told.items() if one.failure]
        faults += [f"{name} missed {', '.join(one.missed)}" for name, one in told.items() if one.missed]
        if faults:
            raise CommandError("; ".join(faults))


def names_of_benchmarks() -> list[str]:
    folder = CHECKOUT.joinpath(*PACKAGE.split("."))
    return sorted(path.stem.removeprefix(PREFIX).replace("_", "-") for path in folder.glob(f"{PREFIX}*.py"))


def grouped(names: Sequence[str], together: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """In their order; what goes together comes in the place of the first of it that is asked for."""
    of_name = {name: tuple(one for one in group if one in names) for group in together for name in group}
    return list(dict.fromkeys(of_name.get(name, (name,)) for name in names))


def _counted(told: dict[str, Told], seconds: float) -> float:
    """Nothing goes together with those that have seconds which do not count."""
    return round(seconds - sum(sum(one.uncounted.values()) for one in told.values()), 1)


def _padded(row: tuple[str, ...], widths: list[int]) -> list[str]:
    padded = [text.ljust(width) for text, width in zip(row[:WORDS], widths[:WORDS], strict=True)]
    return padded + [text.rjust(width) for text, width in zip(row[WORDS:], widths[WORDS:], strict=True)]


def _row(name: str, figure: dict[str, Any]) -> tuple[str, ...]:
    sign = "≥" if figure["is_more_better"] else "≤"
    return (
        name,
        f"{figure['name']} ({figure['unit']})",
        _shown(figure["floor"]),
        _shown(figure["figure"]),
        f"{figure['ratio']:.2f}",
        f"{sign} {_shown(figure['target'])}",
        "" if figure["is_reached"] else "missed",
    )


def _shown(value: float) -> str:
    """Calls a document differ in the second decimal, milliseconds in the first."""
    return f"{value:,.1f}" if value >= 10 else f"{value:.3f}"  # noqa: PLR2004
