"""One sandbox process for each test session, reset before each test, spoken to over real HTTP."""

from collections.abc import Iterator

import pytest

from tests.xero_sandbox.company_client import Company, Http
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process, stop_process


@pytest.fixture(scope="session")
def sandbox_url() -> Iterator[str]:
    process, url = start_process("--clock", "virtual", "--limits", "off")
    yield url
    stop_process(process)


@pytest.fixture(scope="session")
def session_http(sandbox_url: str) -> Iterator[Http]:
    http = Http(sandbox_url)
    yield http
    http.pool.clear()


@pytest.fixture
def sandbox(session_http: Http) -> SandboxProcess:
    process = SandboxProcess(session_http)
    process.admin("reset", {})
    return process


@pytest.fixture
def au(sandbox: SandboxProcess) -> Company:
    return sandbox.connect("AU")


@pytest.fixture
def nz(sandbox: SandboxProcess) -> Company:
    return sandbox.connect("NZ")
