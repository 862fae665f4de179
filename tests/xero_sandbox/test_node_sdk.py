"""Xero's own Node SDK, unmodified: OIDC discovery, a verified id_token, and its calls.

It is looked for among the checkout's node packages; where it is not there, npm installs it for this session alone.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.xero_sandbox.company_client import Http
from tests.xero_sandbox.consent_walk import authorise
from tests.xero_sandbox.sandbox_process import ROOT, SandboxProcess, start_process, stop_process

SDK = "xero-node"
VERSION = "20.0.0"
HERE = Path(__file__).parent / "node_sdk"


@pytest.fixture(scope="session")
def xero_node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    held = ROOT / "node_modules" / SDK
    if held.exists():
        return held
    folder = tmp_path_factory.mktemp("node")
    done = subprocess.run(
        [
            shutil.which("npm") or "npm",
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(folder),
            f"{SDK}@{VERSION}",
        ],
        capture_output=True,
        check=False,
        timeout=100,
    )
    if done.returncode:
        pytest.skip(f"{SDK} is not installed, and npm cannot fetch it")
    return folder / "node_modules" / SDK


def test_node_sdk_walks_the_whole_way(xero_node: Path) -> None:
    process, url = start_process("--limits", "off")
    sandbox = SandboxProcess(Http(url))
    walk = subprocess.Popen(
        [shutil.which("node") or "node", "--require", str(HERE / "redirect_to_sandbox.cjs"), str(HERE / "walk.cjs")],
        env=os.environ | {"SANDBOX_URL": url, "XERO_NODE": str(xero_node), "NODE_NO_WARNINGS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert walk.stdout is not None
    consent_url = urlsplit(walk.stdout.readline().strip())
    wish = dict(parse_qsl(consent_url.query))
    back = authorise(sandbox, login="mia@harbour-hinterland.example", **wish)

    told, _ = walk.communicate(f"{wish['redirect_uri']}?{urlencode(back)}\n", timeout=60)

    stop_process(process)
    sandbox.http.pool.clear()
    assert walk.returncode == 0
    assert consent_url.netloc == "login.xero.com"
    assert json.loads(told) == {
        "claims": {
            "iss": "https://identity.xero.com",
            "aud": "sandbox-client",
            "email": "mia@harbour-hinterland.example",
            "has_hash": True,
        },
        "tenant": "Harbour & Hinterland Freight (AU)",
        "organisation": "AUD",
        "total": 23.1,
        "sameTwice": True,
        "listed": 1,
        "date": "2026-11-20T00:00:00.000Z",
        "contact": "Coral Coast Imports",
        "quote": "QU-0001",
        "attachment": "application/pdf",
        "refusal": "Organisation is not subscribed to currency JPY",
        "rotated": True,
    }
