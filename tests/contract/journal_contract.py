"""Holds all that went between a client and the sandbox against Xero's OpenAPI files."""

from functools import cache

from tests.contract.openapi_contract import BASE, FOLDER, Contract, exchange_of, load_contract
from tests.xero_sandbox.sandbox_process import SandboxProcess

FILES = {BASE: "xero_accounting.yaml", "/connections": "xero-identity.yaml"}


def breaches_in_journal(sandbox: SandboxProcess) -> list[str]:
    """Sentences about both directions; none where the files are not at hand. What a fault spoiled is left out."""
    if not FOLDER.exists():
        return []
    return [
        sentence
        for entry in sandbox.admin("journal", limit=50_000)["entries"]
        for name in _files_for(entry["path"])
        if not entry["faults"]
        for sentence in _contract(name).breaches(exchange_of(entry))
    ]


def _files_for(path: str) -> list[str]:
    return [name for beginning, name in FILES.items() if path.lower().startswith(beginning)]


@cache
def _contract(name: str) -> Contract:
    return load_contract(name)
