import os
import signal
import subprocess
import sys

from django.core.management.base import BaseCommand, CommandParser

from freightbridge.environment import CHECKOUT

PROGRAM = "tests.campaigns.fault_campaign.run_fault_campaign"
# It starts its own, since it crashes them.
SERVERS = frozenset({"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"})


class Command(BaseCommand):
    help = (
        "Sends documents while workers are killed, servers crash and Xero fails, all of its own; then compares. "
        "Exit 0 only if nothing was doubled, lost, changed, left without a word or left undone."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", type=int, required=True, help="how many")
        parser.add_argument("--faults", type=float, required=True, help="the share of calls that fail, 0 to 0.9")
        parser.add_argument("--seed", type=int, required=True, help="the same one plans the same trouble")
        parser.add_argument("--restore", action="store_true", help="go back to a backup of the database on the way")
        parser.add_argument("--json", action="store_true", help="one object")

    def handle(
        self, *, documents: int, faults: float, seed: int, restore: bool, json: bool, **_options: object
    ) -> None:
        """Whoever ends it, by Ctrl-C or by a kind kill, ends everything that the program has started."""
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, signal.default_int_handler)
        numbers = [f"--documents={documents}", f"--faults={faults}", f"--seed={seed}"]
        flags = [flag for flag, is_given in (("--restore", restore), ("--json", json)) if is_given]
        command = [sys.executable, "-m", PROGRAM, *numbers, *flags]
        environment = {key: value for key, value in os.environ.items() if key not in SERVERS}
        with subprocess.Popen(command, cwd=CHECKOUT, env=environment, start_new_session=True) as run:  # noqa: S603 our own program
            try:
                run.wait()
            except KeyboardInterrupt:
                run.terminate()
                run.wait()
        sys.exit(run.returncode)
