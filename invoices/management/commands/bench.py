import json
import os
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from freightbridge.environment import CHECKOUT

FOLDER = CHECKOUT / "tests" / "benchmarks"
PREFIX = "bench_"
# A benchmark starts what it needs; it never touches the servers of whoever calls it.
SERVERS = frozenset({"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"})
HEADINGS = ("", "floor", "figure", "ratio", "target", "")


class Command(BaseCommand):
    help = "Measures on this machine: each figure beside its floor (the barest program), their ratio and the target."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", choices=names_of_benchmarks(), help="one of them; without it, all")
        parser.add_argument("--json", action="store_true", help="one object: figures by benchmark")

    def handle(self, *, name: str | None, json: bool, **_options: object) -> None:
        told = {each: self._measured(each) for each in ([name] if name else names_of_benchmarks())}
        self._tell(told, as_json=json)

    def _measured(self, name: str) -> list[dict[str, Any]]:
        """Runs in a process of its own, so that no benchmark sees what another one left behind."""
        environment = {key: value for key, value in os.environ.items() if key not in SERVERS}
        command = [sys.executable, "-m", f"tests.benchmarks.{PREFIX}{name.replace('-', '_')}"]
        run = subprocess.run(  # noqa: S603 - our own program
            command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, check=False
        )
        if run.returncode:
            raise CommandError(f"The benchmark {name} ended with {run.returncode}.")
        return [json.loads(line) for line in run.stdout.splitlines()]

    def _tell(self, told: dict[str, list[dict[str, Any]]], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told))
            return
        for name, figures in told.items():
            self.stdout.write(name)
            rows = [HEADINGS, *(_row(figure) for figure in figures)]
            widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
            for first, *others in rows:
                shown = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
                self.stdout.write(f"  {first.ljust(widths[0])}  {'  '.join(shown)}".rstrip())


def names_of_benchmarks() -> list[str]:
    return sorted(path.stem.removeprefix(PREFIX).replace("_", "-") for path in FOLDER.glob(f"{PREFIX}*.py"))


def _row(figure: dict[str, Any]) -> tuple[str, ...]:
    sign = "≥" if figure["is_more_better"] else "≤"
    return (
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
