"""The sandbox as an app speaks to it: real HTTP, no retries, no redirects followed."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import urllib3

SCOPES = [
    "openid",
    "profile",
    "email",
    "offline_access",
    "accounting.invoices",
    "accounting.payments",
    "accounting.contacts",
    "accounting.settings",
    "accounting.attachments",
]


@dataclass
class Reply:
    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Http:
    """A client that never retries and never follows a redirect."""

    url: str
    pool: urllib3.PoolManager = field(default_factory=lambda: urllib3.PoolManager(retries=False, maxsize=8))

    def __call__(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        json_body: Any = None,
        body: bytes | None = None,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 10.0,
    ) -> Reply:
        sent = dict(headers or {})
        if json_body is not None:
            body = json.dumps(json_body, default=str).encode()
            sent.setdefault("Content-Type", "application/json")
        if form is not None:
            body = urlencode(form).encode()
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        address = f"{self.url}{path}" + (f"?{urlencode(query)}" if query else "")
        reply = self.pool.request(method, address, body=body, headers=sent, redirect=False, timeout=timeout)
        return Reply(reply.status, reply.headers, reply.data)


@dataclass
class Company:
    """One organisation as an app sees it: a bearer token and the organisation's id on every call."""

    http: Http
    organisation_id: str
    tokens: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.tokens['access_token']}",
            "xero-tenant-id": self.organisation_id,
            "Accept": "application/json",
        }

    def call(self, method: str, path: str, *, headers: dict[str, str] | None = None, **sent: Any) -> Reply:
        return self.http(method, f"/api.xro/2.0/{path}", headers=self.headers | (headers or {}), **sent)

    def get(self, path: str, *, headers: dict[str, str] | None = None, **query: Any) -> Reply:
        return self.call("GET", path, headers=headers, query=query or None)

    def put(self, path: str, body: Any, *, headers: dict[str, str] | None = None, **query: Any) -> Reply:
        return self.call("PUT", path, json_body=body, headers=headers, query=query or None)

    def post(self, path: str, body: Any, *, headers: dict[str, str] | None = None, **query: Any) -> Reply:
        return self.call("POST", path, json_body=body, headers=headers, query=query or None)

    def contact_id(self, account_number: str) -> str:
        found = self.get("Contacts", where=f'AccountNumber=="{account_number}"', includeArchived="true")
        return found.json["Contacts"][0]["ContactID"]

    def invoice(self, **fields: Any) -> dict[str, Any]:
        """Creates a sales invoice (or whatever `fields` make of it) and answers with it."""
        reply = self.put("Invoices", {"Invoices": [sales_invoice(**fields)]})
        assert reply.status == 200, reply.text
        return reply.json["Invoices"][0]


def line(**fields: Any) -> dict[str, Any]:
    return {"Description": "Freight", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"} | fields


def sales_invoice(**fields: Any) -> dict[str, Any]:
    return {
        "Type": "ACCREC",
        "Contact": {"Name": "Murray River Produce"},
        "Date": "2026-11-20",
        "DueDate": "2026-12-20",
        "LineItems": [line()],
    } | fields
