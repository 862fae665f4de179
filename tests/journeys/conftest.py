"""Browser tests run where Chromium is; where it is demanded, its absence is a failure."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from freightbridge.machine_setup.system_packages import CHROMIUM, PANGO, how_to_install
from tests.journeys.chromium_window import Window, open_window
from tests.journeys.running_system import wait_until_idle, web, worker
from tests.xero_sandbox.sandbox_process import SandboxProcess


@pytest.fixture(autouse=True)
def _needs(request: pytest.FixtureRequest) -> None:
    for mark, package in (("browser", CHROMIUM), ("pdf", PANGO)):
        if request.node.get_closest_marker(mark) and not package.is_there():
            tell = pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip
            tell(how_to_install(package))


@pytest.fixture(scope="session")
def web_process(django_db_setup: None, xero_process: SandboxProcess) -> Iterator[str]:
    """The address of one for all tests: it keeps nothing of a test but what the database does."""
    with web(xero_url=xero_process.url) as address:
        yield address


@pytest.fixture
def served(transactional_db: None, xero: SandboxProcess, web_process: str) -> Iterator[str]:
    """The address of a web process; what it writes is emptied afterwards, once it answers nobody any more."""
    yield web_process
    wait_until_idle()


@pytest.fixture
def working(served: str, xero: SandboxProcess) -> Iterator[None]:
    with worker(xero_url=xero.url, public_url=served):
        yield


@pytest.fixture
def window(served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Window]]:
    """Opens a window; all are closed before the web process is."""
    with ExitStack() as opened:

        def another() -> Window:
            profile: Path = tmp_path_factory.mktemp("profile")
            made = open_window(served, profile=profile)
            opened.callback(made.driver.quit)
            return made

        yield another
