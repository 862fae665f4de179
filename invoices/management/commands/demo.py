import signal
import subprocess
import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser

from freightbridge.local_servers.postgres_server import LocalServerError
from integrations.sandbox_replay.sandbox_admin import NoSandboxError
from invoices.demo.demo_processes import DemoProcessError
from invoices.demo.once_processes import run_in_scratch
from invoices.demo.serve_demo import serve_demo
from invoices.management.commands.run_demo_once import add_once_arguments


class Command(BaseCommand):
    help = "A working FreightBridge with seeded data beside the Xero sandbox; with --once the main job, checked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="upload, connect, send, pay half, compare; then end")
        add_once_arguments(parser)

    def handle(self, *, once: bool, **options: object) -> None:
        """Whoever ends it, by Ctrl-C or by a kind kill, ends every process it has started."""
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, signal.default_int_handler)
        try:
            if once:
                sys.exit(run_in_scratch(_once_arguments(options)))
            serve_demo(say=self.stdout.write)
        except (DemoProcessError, LocalServerError, NoSandboxError, subprocess.CalledProcessError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")


def _once_arguments(options: dict[str, object]) -> list[str]:
    arguments = [f"--{name}={options[name]}" for name in ("file", "shipments") if options[name] is not None]
    flags = {"without_pdfs": "--without-pdfs", "json": "--json"}
    return arguments + [flag for name, flag in flags.items() if options[name]]
