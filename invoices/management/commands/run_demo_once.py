import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from invoices.demo.main_job import MainJobError
from invoices.demo.run_once import OnceOptions, run_once
from invoices.demo.wait_for_workers import WorkersTooSlowError
from invoices.intake.source_table import UnreadableFileError


class Command(BaseCommand):
    help = "What `demo --once` runs in its scratch database, beside the workers that it has started."

    def add_arguments(self, parser: CommandParser) -> None:
        add_once_arguments(parser)

    def handle(
        self, *, file: str | None, shipments: int | None, without_pdfs: bool, json: bool, **_options: object
    ) -> None:
        options = OnceOptions(
            file=Path(file).read_bytes() if file else None,
            file_name=Path(file).name if file else "export.csv",
            shipments=shipments,
            wants_pdfs=not without_pdfs,
        )
        try:
            result = run_once(options, say=self.stderr.write)
        except (MainJobError, UnreadableFileError, WorkersTooSlowError) as error:
            raise CommandError(str(error)) from error
        self._tell(result.as_json(), as_json=json)
        for fault in result.faults:
            self.stderr.write(fault)
        sys.exit(1 if result.faults else 0)

    def _tell(self, told: dict[str, object], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(told))
            return
        for name, value in told.items():
            self.stdout.write(f"{name.replace('_', ' '):>20}: {value if name != 'rejected' else len(value)}")  # type: ignore[arg-type]


def add_once_arguments(parser: CommandParser) -> None:
    parser.add_argument("--file", help="an export of a TMS; without it one is generated")
    parser.add_argument("--shipments", type=int, help="so many; of a file, its first ones")
    parser.add_argument("--without-pdfs", action="store_true")
    parser.add_argument("--json", action="store_true")
