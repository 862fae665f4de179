"""Xero's OpenAPI files, which lie beside the checkout and not in it."""

import pytest

from tests.contract.openapi_contract import FOLDER, Contract, load_contract
from tests.xero_sandbox.conftest import au, nz, sandbox, sandbox_url, session_http

__all__ = ["au", "nz", "sandbox", "sandbox_url", "session_http"]


@pytest.fixture(scope="session")
def accounting() -> Contract:
    if not FOLDER.exists():
        pytest.skip("Xero's OpenAPI files are not beside this checkout (shared/xero-openapi)")
    return load_contract("xero_accounting.yaml")
