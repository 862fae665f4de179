"""`manage.py demo --once`, as scripts call it: real processes, a real sandbox, and breaks that it must notice."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.architecture.source_rules import ROOT
from tests.xero_sandbox.company_client import Http
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process, stop_process

SCMS = ROOT.parent / "shared" / "data" / "scms_shipments.csv"
KEYS = {
    "shipments", "documents", "attached", "paid", "rejected", "nothing_to_invoice", "xero_calls",
    "calls_per_document", "duplicates", "mismatches", "seconds",
}  # fmt: skip
HOSTS = ("LOGIN", "IDENTITY", "API", "WEB")
pytestmark = pytest.mark.timeout(400)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", "demo", "--once", "--json", *arguments]


def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(command(*arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


@pytest.fixture
def own_sandbox() -> Iterator[SandboxProcess]:
    process, url = start_process("--limits", "off")
    http = Http(url.replace("127.0.0.1", "localhost"))
    yield SandboxProcess(http)
    http.pool.clear()
    stop_process(process)


@pytest.mark.pdf
def test_generated_export_arrives_whole_and_rejects_what_was_planted() -> None:
    code, told, errors = run("--shipments", "40")

    assert (code, errors.count("differ")) == (0, 0), errors
    assert set(told) == KEYS
    assert told["shipments"] == 40 == told["documents"] + len(told["rejected"]) + told["nothing_to_invoice"]
    assert told["attached"] == told["documents"]
    assert told["paid"] == (told["documents"] + 1) // 2
    assert (told["duplicates"], told["mismatches"]) == (0, 0)
    assert [one["cause"] for one in told["rejected"]] == ["FB-401", "FB-401"]
    assert told["calls_per_document"] <= 1.14


@pytest.mark.skipif(not SCMS.exists(), reason="the SCMS delivery history is not beside this checkout")
def test_real_file_arrives_whole_without_pdfs() -> None:
    code, told, errors = run("--file", str(SCMS), "--shipments", "150", "--without-pdfs")

    assert code == 0, errors
    assert told["shipments"] == 150 == told["documents"] + len(told["rejected"]) + told["nothing_to_invoice"]
    assert told["attached"] == 0
    assert told["calls_per_document"] <= 0.1


@pytest.mark.pdf
def test_planted_breaks_end_with_code_one(own_sandbox: SandboxProcess) -> None:
    hosts = {f"XERO_{host}_BASE_URL": own_sandbox.url for host in HOSTS}
    # Reading the payments back is held up, else the run has compared its books before they are broken.
    own_sandbox.fault("latency", method="GET", path="/Invoices$", seconds=2)
    with subprocess.Popen(
        command("--shipments", "12"),
        cwd=ROOT,
        env={**os.environ, **hosts},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        approved = _wait_for_approved(own_sandbox, process, count=3)
        wrong_account, doubled, without_pdf = (one["number"] for one in approved)
        own_sandbox.act("edit_line", document=wrong_account, line=0, account="260")
        own_sandbox.act("duplicate", document=doubled)
        own_sandbox.act("delete_attachment", document=without_pdf, file=approved[2]["attachments"][0]["file_name"])
        _, errors = process.communicate()

    assert process.returncode == 1
    assert f"{wrong_account}: lines is" in errors
    assert "is in Xero more than once" in errors
    assert f"{without_pdf}: PDF is" in errors


def test_what_is_no_sandbox_is_refused() -> None:
    refused = {f"XERO_{host}_BASE_URL": "http://localhost:9" for host in HOSTS}

    done = subprocess.run(
        command("--shipments", "1"),
        cwd=ROOT,
        env={**os.environ, **refused},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "does not answer as a sandbox does" in done.stderr


def test_file_that_is_no_table_gets_a_sentence(db: None, tmp_path: Path) -> None:
    """The part that runs beside the workers, which never comes to need them."""
    nonsense = tmp_path / "picture.png"
    nonsense.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))

    with pytest.raises(CommandError, match="This is a picture"):
        call_command("run_demo_once", file=str(nonsense))


def _approved(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    documents = sandbox.admin("documents", organisation="AU")["documents"]
    return [one for one in documents if one["status"] == "AUTHORISED" and one["attachments"]]


def _wait_for_approved(sandbox: SandboxProcess, process: subprocess.Popen[str], *, count: int) -> list[dict[str, Any]]:
    """As they were then: the run pays them a moment later, and what is paid is no longer approved."""
    while process.poll() is None:
        found = [one for one in _approved(sandbox) if one["number"].startswith("HHF-")]
        if len(found) >= count:
            return found[:count]
        time.sleep(0.1)
    pytest.fail("The run ended before anything was approved.")
