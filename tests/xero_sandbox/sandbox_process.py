"""A sandbox process, and its admin API as tests use it."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.xero_sandbox.company_client import SCOPES, Company, Http

ROOT = Path(__file__).parents[2]


@dataclass
class SandboxProcess:
    http: Http

    @property
    def url(self) -> str:
        return self.http.url

    def admin(self, address: str, body: Any = None, **query: Any) -> Any:
        """POST with a body, GET without; the answer's JSON, and 200 or the test fails."""
        method = "GET" if body is None else "POST"
        reply = self.http(method, f"/_sandbox/{address}", json_body=body, query=query or None)
        assert reply.status == 200, reply.text
        return reply.json

    def act(self, act: str, organisation: str = "AU", **wish: Any) -> Any:
        return self.admin("acts", {"act": act, "organisation": organisation} | wish)

    def refused_act(self, act: str, organisation: str = "AU", **wish: Any) -> str:
        body = {"act": act, "organisation": organisation} | wish
        reply = self.http("POST", "/_sandbox/acts", json_body=body)
        assert reply.status == 400
        return reply.json["error"]

    def advance(self, seconds: float) -> None:
        self.admin("clock", {"advance": seconds})

    def now(self) -> datetime:
        return datetime.fromisoformat(self.admin("clock")["now"])

    def switch(self, **readings: Any) -> None:
        self.admin("switches", readings)

    def fault(self, fault: str, **rule: Any) -> None:
        self.admin("faults", {"rules": [{"fault": fault} | rule]})

    def organisation_id(self, country: str) -> str:
        organisations = self.admin("organisations")["organisations"]
        return next(each["id"] for each in organisations if each["country"] == country)

    def connect(self, country: str = "AU", scopes: list[str] | None = None) -> Company:
        tokens = self.admin("grants", {"organisations": [country], "scopes": scopes or SCOPES})
        return Company(http=self.http, organisation_id=self.organisation_id(country), tokens=tokens)


def start_process(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """A sandbox of one's own; the address is on the first line that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "integrations.xero_sandbox", "--bind", "127.0.0.1:0", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the sandbox did not start; its error output says why"
    return process, first.removeprefix("Xero sandbox on ").strip()


def stop_process(process: subprocess.Popen[str]) -> int:
    process.terminate()
    code = process.wait(timeout=10)
    if process.stdout is not None:
        process.stdout.close()
    return code
