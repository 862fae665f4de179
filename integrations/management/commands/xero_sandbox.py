import subprocess
import sys

from django.core.management.base import BaseCommand, CommandParser

from freightbridge.environment import CHECKOUT


class Command(BaseCommand):
    help = "The bundled imitation of Xero, a process of its own. Its options are told by --help after --."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8900", help="host:port; port 0: a free one")
        parser.add_argument("--state", default=None, metavar="FILE", help="keeps the books over a restart")
        parser.add_argument("--limits", choices=["real", "off"], default="real")
        parser.add_argument("--clock", choices=["real", "virtual", "x60"], default="real")
        parser.add_argument("--faults", default="none", metavar="FILE", help="rules of misbehaviour")

    def handle(self, *, bind: str, state: str | None, limits: str, clock: str, faults: str, **_options: object) -> None:
        """It shares no code with this process: it is started, not imported."""
        command = [sys.executable, "-m", "integrations.xero_sandbox", "--bind", bind, "--limits", limits]
        command += ["--clock", clock, "--faults", faults, *(["--state", state] if state else [])]
        with subprocess.Popen(command, cwd=CHECKOUT) as process:  # noqa: S603 our own program
            try:
                code = process.wait()
            except KeyboardInterrupt:
                code = process.wait()
        sys.exit(code)
