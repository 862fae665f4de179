"""
What `manage.py fault_campaign` runs: processes and servers of its own, faults, and a verdict.

    python -m tests.campaigns.fault_campaign.run_fault_campaign --documents 200 --faults 0.3 --seed 1
"""

import argparse
import json
import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from freightbridge.environment import CHECKOUT
from freightbridge.local_servers.places import free_port
from tests.campaigns.fault_campaign.campaign_processes import CampaignProcesses
from tests.campaigns.fault_campaign.campaign_servers import CampaignServers, campaign_servers
from tests.campaigns.fault_campaign.chaos import Chaos
from tests.campaigns.fault_campaign.restore_drill import RestoreDrill
from tests.campaigns.fault_campaign.subscribe_to_webhooks import subscribe_to_webhooks

# Xero's minutes are our seconds, on both sides.
SCALE, SANDBOX_CLOCK = "60", "x60"
LOGS = CHECKOUT / ".local" / "campaigns"
XERO_HOSTS = ("LOGIN", "IDENTITY", "API", "WEB")
SANDBOX, WEB = "sandbox", "web"
# Name, queues, children.
WORKERS = (
    ("delivery", "interactive,bulk", 2),
    ("bulk", "bulk,poll", 1),
    ("polling", "poll,interactive", 1),
    ("render", "render", 2),
)


def main() -> int:
    options = _options()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.default_int_handler)
    folder = LOGS / f"seed-{options.seed}-{secrets.token_hex(3)}"
    folder.mkdir(parents=True)
    _say(f"Logs: {folder}")
    with campaign_servers(folder) as servers, _processes(servers, folder) as (processes, url):
        from tests.campaigns.fault_campaign.campaign_course import Campaign, told  # noqa: PLC0415 Django first

        def make_chaos() -> Chaos:
            workers = [name for name, _, _ in WORKERS]
            return Chaos(processes, servers, workers=workers, web=WEB, documents=options.documents, seed=options.seed)

        programs = [WEB, *(name for name, _, _ in WORKERS)]
        drill = RestoreDrill(processes=processes, servers=servers, programs=programs) if options.restore else None
        campaign = Campaign(
            documents=options.documents,
            strength=options.faults,
            seed=options.seed,
            url=url,
            make_chaos=make_chaos,
            drill=drill,
            say=_say,
        )
        result = campaign.run()
        campaign.write_stories(result.verdict.broken, path=folder / "broken.txt")
    _tell(result.as_json(), as_json=options.json)
    for line in told(result.verdict.broken):
        _say(line)
    if result.verdict.broken:
        _say(f"Replay: manage.py fault_campaign --documents {options.documents} --faults {options.faults} "
             f"--seed {options.seed}{' --restore' if options.restore else ''}. The logs are in {folder}.")  # fmt: skip
    return 1 if result.verdict.broken else 0


@contextmanager
def _processes(servers: CampaignServers, folder: Path) -> Iterator[tuple[CampaignProcesses, str]]:
    """All of them, and Django in this one: from here on it may be imported."""
    port = free_port()
    environment = {
        **servers.environment,
        "PUBLIC_BASE_URL": f"http://localhost:{port}",
        "DELIVERY_TIME_SCALE": SCALE,
        "XERO_WEBHOOK_KEY": secrets.token_urlsafe(24),
        "XERO_CLIENT_ID": "sandbox-client",
        "XERO_CLIENT_SECRET": "sandbox-secret",
        "DJANGO_SETTINGS_MODULE": "freightbridge.settings",
    }
    with CampaignProcesses(environment, folder) as processes:
        url = processes.begin_sandbox(SANDBOX, "--limits", "off", "--clock", SANDBOX_CLOCK)
        environment.update({f"XERO_{host}_BASE_URL": url for host in XERO_HOSTS})
        os.environ.update(environment)
        django.setup()
        processes.run("migrate", "--verbosity", "0")
        for name, queues, children in WORKERS:
            processes.begin_worker(name, queues, children=children)
        processes.begin_web(WEB, port=port)
        subscribe_to_webhooks(url, web=environment["PUBLIC_BASE_URL"], key=environment["XERO_WEBHOOK_KEY"])
        yield processes, url


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, required=True)
    parser.add_argument("--faults", type=float, default=0.3, help="the share of calls that something befalls")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--restore", action="store_true", help="go back to a backup on the way")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _tell(told: dict[str, object], *, as_json: bool) -> None:
    lines = [json.dumps(told)] if as_json else [f"{name.replace('_', ' '):>18}: {told[name]}" for name in told]
    sys.stdout.write("\n".join(lines) + "\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
