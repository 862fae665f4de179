import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from freightbridge.environment import CHECKOUT


class Command(BaseCommand):
    help = "The bundled imitation of Xero: login, identity and API on one port, until it is told to end."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:8900", help="host:port; port 0: a free one")
        parser.add_argument("--state", default=None, metavar="FILE", help="keeps the books over a restart")
        parser.add_argument("--limits", choices=["real", "off"], default="real", help="Xero's call limits")
        parser.add_argument("--clock", choices=["real", "virtual", "x60"], default="real", help="the sandbox's time")
        parser.add_argument("--faults", default="none", metavar="FILE", help="rules of misbehaviour, or none")

    def handle(self, *, bind: str, state: str | None, limits: str, clock: str, faults: str, **_options: object) -> None:
        """It shares no code with this process and takes its place, so that a signal reaches the sandbox itself."""
        command = [sys.executable, "-m", "integrations.xero_sandbox", "--bind", bind, "--limits", limits]
        command += ["--clock", clock, "--faults", faults if faults == "none" else str(Path(faults).resolve())]
        command += ["--state", str(Path(state).resolve())] if state else []
        os.chdir(CHECKOUT)
        os.execv(command[0], command)  # noqa: S606 - our own program
