"""The sandbox's admin API: consent without a browser, books with chosen settings, what a person in Xero would do."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import requests


class NoSandboxError(Exception):
    """What was named as the sandbox is none. Neither the demo nor a replay ever touches a real company."""


@dataclass(frozen=True, slots=True)
class SandboxAdmin:
    """`url`: the sandbox's origin. `seconds`: what each call may take."""

    url: str
    seconds: float = 30.0

    def require(self) -> None:
        """Raises NoSandboxError unless a sandbox answers."""
        try:
            health = requests.get(f"{self.url}/_sandbox/health", timeout=self.seconds, allow_redirects=False).json()
        except (requests.RequestException, ValueError) as error:
            raise NoSandboxError(f"{self.url} does not answer as a sandbox does ({type(error).__name__}).") from error
        if not isinstance(health, dict) or health.get("sandbox") is not True:
            raise NoSandboxError(f"{self.url} is not a sandbox.")

    def grant(self, organisation: str, scopes: list[str]) -> dict[str, Any]:
        """A token set, as the token endpoint would answer after a consent."""
        return self._post("grants", {"organisations": [organisation], "scopes": scopes})

    def open_organisation(self, books: dict[str, Any]) -> None:
        """Anew with each call. `books`: see the sandbox's back_office/open_organisation.py."""
        self._post("organisations", books)

    def documents(self, organisation_id: str) -> list[dict[str, Any]]:
        answer = self._get("documents", organisation=organisation_id)
        documents: list[dict[str, Any]] = answer["documents"]
        return documents

    def calls(self) -> list[dict[str, Any]]:
        """How many calls were made, by method and path."""
        counts: list[dict[str, Any]] = self._get("journal/counts")["counts"]
        return counts

    def pay(self, organisation_id: str, document_id: str, *, amount: str, day: date) -> None:
        self.act("pay", organisation_id, document=document_id, amount=amount, date=day.isoformat())

    def limit_calls(self, limits: str) -> None:
        """`limits`: real or off."""
        self._post("limits", {"limits": limits})

    def act(self, act: str, organisation_id: str, **wish: str) -> None:
        self._post("acts", {"act": act, "organisation": organisation_id, **wish})

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        return self._read("GET", path, params=query)

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._read("POST", path, json=body)

    def _read(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        """What is sent goes nowhere else, wherever the answer points."""
        address = f"{self.url}/_sandbox/{path}"
        answer = requests.request(method, address, timeout=self.seconds, allow_redirects=False, **sent)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body
