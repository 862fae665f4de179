"""The environment in which the demo's processes meet the sandbox instead of Xero."""

import os

from integrations.sandbox_replay.sandbox_admin import SandboxAdmin

HOSTS = ("XERO_LOGIN_BASE_URL", "XERO_IDENTITY_BASE_URL", "XERO_API_BASE_URL", "XERO_WEB_BASE_URL")


def named_sandbox() -> str:
    """The sandbox that the environment names; empty: none. Raises NoSandboxError where it names something else."""
    url = os.environ.get("XERO_API_BASE_URL", "")
    if url:
        SandboxAdmin(url).require()
    return url


def pointing_at(url: str) -> dict[str, str]:
    return {
        **dict.fromkeys(HOSTS, url),
        "REPLAY_SANDBOX_URL": url,
        "XERO_CLIENT_ID": "sandbox-client",
        "XERO_CLIENT_SECRET": "sandbox-secret",
        # What listens to the demo's events runs on the same machine.
        "EVENTS_TO_PRIVATE_ADDRESSES": "1",
    }
