"""PDFs are laid out by Pango, which no Python package brings."""

import pytest

from freightbridge.machine_setup.system_packages import PANGO, how_to_install


@pytest.fixture(autouse=True)
def _pango(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("pdf") and not PANGO.is_there():
        pytest.skip(how_to_install(PANGO))
