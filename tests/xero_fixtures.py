"""The sandbox that plays Xero for tests of everything that speaks to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import xero_company
from tests.xero_sandbox.company_client import Http
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process, stop_process

HOSTS = ("LOGIN", "IDENTITY", "API", "WEB")


@pytest.fixture(scope="session")
def xero_process() -> Iterator[SandboxProcess]:
    process, url = start_process("--limits", "off")
    http = Http(url)
    yield SandboxProcess(http)
    http.pool.clear()
    stop_process(process)


@pytest.fixture
def xero(xero_process: SandboxProcess, settings: Any) -> SandboxProcess:
    """Fresh books, limits off, no faults; FreightBridge's settings point at it."""
    xero_process.admin("reset", {})
    for host in HOSTS:
        setattr(settings, f"XERO_{host}_BASE_URL", xero_process.url)
    return xero_process


@pytest.fixture
def everything_polled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever connects has looked for payments, documents and customers too: for tests of what is read after that."""
    monkeypatch.setattr(xero_company, "LATER", [])
