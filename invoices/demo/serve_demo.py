"""The demo that people click through: every process, a month of freight, and the addresses and log-ins."""

import time
from collections.abc import Callable

from django.conf import settings

from freightbridge.tenancy.models import Tenant
from invoices.demo.demo_companies import COMPANIES, PASSWORD
from invoices.demo.demo_processes import CHECKOUT, DemoProcessError, DemoProcesses, forget_wakeups, is_port_free
from invoices.demo.demo_settings import named_sandbox, pointing_at

WEB_PORT, SANDBOX_PORT = 8000, 8900
STATE = CHECKOUT / ".local" / "sandbox-books.json"


def serve_demo(*, say: Callable[[str], None]) -> None:
    """For ever, that is until KeyboardInterrupt. Raises DemoProcessError, NoSandboxError."""
    for port in (WEB_PORT, SANDBOX_PORT):
        if not is_port_free(port):
            raise DemoProcessError(f"Port {port} is taken by another program; stop that first.")
    with DemoProcesses({"PUBLIC_BASE_URL": f"http://localhost:{WEB_PORT}"}) as processes:
        url = named_sandbox() or _start_sandbox(processes)
        processes.environment.update(pointing_at(url))
        processes.run("migrate", "--verbosity", "0")
        forget_wakeups()
        processes.start_worker("delivery", ["interactive", "bulk", "poll"], children=2)
        processes.start_worker("render", ["render"], children=2)
        processes.start_web(port=WEB_PORT)
        if not Tenant.objects.exists():
            say("Seeding two companies with a month of shipments; this takes about a minute …")
            processes.run("seed_demo")
        say(_welcome(url))
        _watch(processes)


def _start_sandbox(processes: DemoProcesses) -> str:
    """Its books survive a restart, as ours do; ours would otherwise name documents that nobody knows."""
    return processes.start_sandbox("--bind", f"127.0.0.1:{SANDBOX_PORT}", "--state", str(STATE))


def _welcome(sandbox: str) -> str:
    people = "\n".join(
        f"    {email:<42} {role} of {company.name}" for company in COMPANIES for email, role in company.log_ins
    )
    return (
        f"\n  FreightBridge  {settings.PUBLIC_BASE_URL}\n  Xero sandbox   {sandbox}\n\n"
        f"  Log in with the password {PASSWORD} as\n{people}\n\n  Ctrl-C stops everything.\n"
    )


def _watch(processes: DemoProcesses) -> None:
    while True:
        processes.check()
        time.sleep(1)
