"""The command line: `python -m integrations.xero_sandbox --help`."""

import argparse
import asyncio
import signal
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from integrations.xero_sandbox.application import Application
from integrations.xero_sandbox.back_office.finding_records import ActRefusedError, organisation_called
from integrations.xero_sandbox.faults.fault_rules import FaultNotUnderstoodError, FaultPlan, FaultRule, read_rule
from integrations.xero_sandbox.sandbox import Sandbox
from integrations.xero_sandbox.state_file import StateFileError
from integrations.xero_sandbox.virtual_clock import SPEEDS, SandboxClock
from integrations.xero_sandbox.wire.http_server import HttpServer


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        return asyncio.run(serve(options))
    except (StateFileError, ActRefusedError, OSError) as error:  # such as a port that is taken
        sys.stderr.write(f"The Xero sandbox does not start: {error}\n")
        return 1


async def serve(options: argparse.Namespace) -> int:
    """Serves until SIGTERM or SIGINT; prints its address once it listens."""
    sandbox = Sandbox(
        clock=SandboxClock(mode=options.clock),
        has_limits=options.limits == "real",
        state=options.state,
        faults=options.faults,
    )
    sandbox.open_books()
    sandbox.faults.replace(
        [_with_organisation(rule, sandbox) for rule in sandbox.faults.rules], seed=sandbox.faults.seed
    )
    server = HttpServer(Application(sandbox).answering)
    host, port = options.bind
    chosen = await server.start(host, port)
    sys.stdout.write(f"Xero sandbox on http://{host}:{chosen}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    sandbox.webhooks.resume()
    plans = asyncio.create_task(sandbox.clock.run_plans())
    await stopped.wait()
    plans.cancel()
    await server.stop()
    sandbox.close()
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m integrations.xero_sandbox", description="An imitation of Xero, to rehearse against."
    )
    parser.add_argument("--bind", type=_address, default=("127.0.0.1", 8900), help="host:port; port 0 picks one")
    parser.add_argument("--state", type=Path, help="a file that keeps the state over a restart")
    parser.add_argument("--faults", type=_fault_plan, default=None, help="a TOML file of fault rules, or none")
    parser.add_argument("--limits", choices=("real", "off"), default="real", help="Xero's call limits")
    parser.add_argument("--clock", choices=tuple(SPEEDS), default="real", help="the sandbox's time")
    return parser.parse_args(arguments)


def _fault_plan(text: str) -> FaultPlan | None:
    """`seed = 7` and a `[[rules]]` table for each rule."""
    if text == "none":
        return None
    try:
        values = tomllib.loads(Path(text).read_text())
        rules = [read_rule(rule) for rule in values.get("rules", [])]
    except (OSError, tomllib.TOMLDecodeError, FaultNotUnderstoodError) as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    plan = FaultPlan()
    plan.replace(rules, seed=int(values.get("seed", 0)))
    return plan


def _with_organisation(rule: FaultRule, sandbox: Sandbox) -> FaultRule:
    """A file names an organisation as people do; raises ActRefusedError for one that is not there."""
    if not rule.organisation:
        return rule
    return replace(rule, organisation=organisation_called(sandbox.store, rule.organisation).organisation_id)


def _address(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    if not separator or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text} is not host:port")
    return host or "127.0.0.1", int(port)
