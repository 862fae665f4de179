"""Whatever a client sends, the sandbox answers as Xero would, and goes on."""

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.sandbox_process import SandboxProcess

ENDLESS = "9" * 4500
EDGES_OF_TIME = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "yesterday"]


@pytest.mark.parametrize(
    "fields",
    [
        {"InvoiceID": []},
        {"InvoiceID": {"a": 1}},
        {"Contact": "somebody"},
        {"LineItems": "/Date(-999999999999999)/"},
        {"Date": "/Date(999999999999999)/"},
        {"Date": "0000-00-00"},
        {"CurrencyCode": "USD", "CurrencyRate": "NaN"},
        {"LineItems": [line(Quantity=1e308)]},
        {"LineItems": [line(AccountCode=["200"])]},
        {"LineItems": [line(Tracking="Branch")]},
    ],
)
def test_wrong_types_are_refused(au: Company, fields: dict[str, Any]) -> None:
    for method in ("PUT", "POST"):
        assert au.call(method, "Invoices", json_body={"Invoices": [sales_invoice(**fields)]}).status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 50_000,
        b"\xff\xfe",
        b'{"Invoices": [[]]}',
        b'{"Total": NaN}',
        b'{"Total": ' + ENDLESS.encode() + b"}",
    ],
)
def test_body_that_is_no_document_is_refused(au: Company, body: bytes) -> None:
    assert au.call("PUT", "Invoices", body=body, headers={"Content-Type": "application/json"}).status == 400


@pytest.mark.parametrize("moment", EDGES_OF_TIME)
def test_moment_that_is_none_is_refused(au: Company, moment: str) -> None:
    assert au.get("Quotes", headers={"If-Modified-Since": moment}).status == 400


@pytest.mark.parametrize(
    ("query", "size"),
    [({"pageSize": ENDLESS}, 1000), ({"pageSize": "--5"}, 100), ({"pageSize": "x"}, 100), ({"page": ENDLESS}, 100)],
)
def test_page_numbers_out_of_all_range_are_brought_back(au: Company, query: dict[str, str], size: int) -> None:
    assert au.get("Invoices", **{"page": "1", **query}).json["pagination"]["pageSize"] == size


def test_brackets_without_end_in_where_are_refused(au: Company) -> None:
    assert au.get("Invoices", where="(" * 3000).json["Type"] == "QueryParseException"


@pytest.mark.parametrize("target", ["//[", "/%zz", "*", "http://[::1/nowhere"])
def test_target_that_is_no_address_is_not_found(sandbox: SandboxProcess, target: str) -> None:
    assert asked_raw(sandbox, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 404 Not Found")


def test_client_may_take_the_sandbox_for_its_proxy(sandbox: SandboxProcess) -> None:
    request = "GET http://api.xero.com/connections?authEventId=x HTTP/1.1\r\nHost: api.xero.com\r\n\r\n"

    assert asked_raw(sandbox, request).startswith(b"HTTP/1.1 401 Unauthorized")


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("acts", {"act": "pay", "organisation": "AU", "document": ["x"]}),
        ("acts", {"act": "edit", "organisation": "AU", "document": "INV-1", "fields": "Status"}),
        ("grants", {"organisations": 7}),
        ("grants", {"scopes": 1.5}),
        ("limits", {"minute": None}),
        ("webhooks", {"url": "http://[", "key": "k"}),
        ("webhooks", {"url": "ftp://freight.example/", "key": "k"}),
        ("webhooks/events", {"events": ["x"]}),
        ("webhooks/mischief", {"duplicate": {}}),
        ("faults", {"rules": [7]}),
    ],
)
def test_admin_says_what_it_cannot_read(sandbox: SandboxProcess, address: str, body: dict[str, Any]) -> None:
    reply = sandbox.http("POST", f"/_sandbox/{address}", json_body=body)

    assert (reply.status, bool(reply.json["error"])) == (400, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/app/AU?page=x", 200),
        (f"/app/AU?page={ENDLESS}", 200),
        ("/organisationlogin/default.aspx?shortcode=!x&redirecturl=//[", 404),
        ("/app/AU/files/nothing", 404),
    ],
)
def test_pages_take_any_address(sandbox: SandboxProcess, path: str, status: int) -> None:
    assert sandbox.http("GET", path).status == status


@pytest.mark.parametrize("back", ["//[", "http://elsewhere.example/x", "//elsewhere.example/x"])
def test_button_never_leads_out_of_the_sandbox(sandbox: SandboxProcess, back: str) -> None:
    reply = sandbox.http("POST", "/app/AU/act", form={"act": "add_currency", "currency": "JPY", "next": back})

    assert (reply.status, urlsplit(reply.headers["Location"]).netloc) == (302, "")


def test_garbled_credentials_are_those_of_nobody(sandbox: SandboxProcess) -> None:
    form = {"grant_type": "client_credentials"}

    reply = sandbox.http("POST", "/connect/token", form=form, headers={"Authorization": b"Basic \xe9"})  # type: ignore[dict-item]

    assert (reply.status, reply.json) == (400, {"error": "unauthorized_client"})


def asked_raw(sandbox: SandboxProcess, request: str) -> bytes:
    """The first bytes of the answer to a request that no client library would send."""
    host, _, port = sandbox.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(request.encode())
        return connection.recv(4096)
