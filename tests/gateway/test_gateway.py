from datetime import UTC, datetime, timedelta, timezone
from typing import NoReturn

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError, refuse_transaction
from integrations.mapping.source import DocumentKind
from integrations.xero_gateway.gateway import (
    Write,
    XeroGateway,
    attach_pdf,
    change_documents,
    create_contacts,
    create_documents,
)
from tests.gateway.scripted_server import Script, scripted_server

ORGANISATION = "a02a6b2f-8fac-5c67-9e32-28a2e710f5a6"
NOTE = Write(method="PUT", path="/api.xro/2.0/Invoices", body=b"{}", idempotency_key="fb1:x")


class NotNowError(Exception):
    pass


def not_now() -> NoReturn:
    raise NotNowError


def gateway(url: str, *, guard: object = lambda: None) -> XeroGateway:
    return XeroGateway(api_base_url=url, organisation_id=ORGANISATION, access_token="secret-token", guard=guard)  # type: ignore[arg-type]


def test_write_carries_key_organisation_and_token() -> None:
    with scripted_server(Script()) as server:
        answer = gateway(server.url).write(NOTE)

    ((method, path, headers, body),) = server.seen
    sent = {
        name: headers[name] for name in ("authorization", "xero-tenant-id", "idempotency-key", "content-type", "accept")
    }
    assert (method, path, body, answer.status) == ("PUT", "/api.xro/2.0/Invoices", b"{}", 200)
    assert sent == {
        "authorization": "Bearer secret-token",
        "xero-tenant-id": ORGANISATION,
        "idempotency-key": "fb1:x",
        "content-type": "application/json",
        "accept": "application/json",
    }


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 3, 2, 9, 30, 15, 999999, tzinfo=UTC), "2026-03-02T09:30:15"),
        (datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=11))), "2026-03-01T22:30:00"),
    ],
)
def test_read_asks_for_what_changed_since_in_utc_and_whole_seconds(moment: datetime, written: str) -> None:
    with scripted_server(Script()) as server:
        gateway(server.url).read("Contacts", modified_since=moment, page=2, includeArchived="true")

    ((method, path, headers, _),) = server.seen
    assert f"{method} {path}" == "GET /api.xro/2.0/Contacts?page=2&includeArchived=true"
    assert headers["if-modified-since"] == written
    assert "idempotency-key" not in headers


def test_guard_is_asked_before_every_request() -> None:
    with scripted_server(Script()) as server:
        guarded = gateway(server.url, guard=not_now)
        for call in (lambda: guarded.write(NOTE), lambda: guarded.read("Invoices")):
            with pytest.raises(NotNowError):
                call()

    assert server.seen == []


@pytest.mark.django_db
def test_xero_is_never_called_inside_a_transaction(in_tenant: Tenant) -> None:
    with scripted_server(Script()) as server, pytest.raises(TransactionError, match="never called inside"):
        gateway(server.url, guard=refuse_transaction).write(NOTE)

    assert server.seen == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_may_be_called(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        pass

    with scripted_server(Script()) as server:
        gateway(server.url, guard=refuse_transaction).write(NOTE)

    assert len(server.seen) == 1


def test_token_is_not_shown() -> None:
    assert repr(gateway("http://x")) == f"XeroGateway({ORGANISATION})"


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (
            create_documents(DocumentKind.SALES_INVOICE, body=b"", idempotency_key="k"),
            "PUT /api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4",
        ),
        (
            create_documents(DocumentKind.BILL_CREDIT_NOTE, body=b"", idempotency_key="k"),
            "PUT /api.xro/2.0/CreditNotes?summarizeErrors=false&unitdp=4",
        ),
        (
            change_documents(DocumentKind.BILL, body=b"", idempotency_key="k"),
            "POST /api.xro/2.0/Invoices?summarizeErrors=false&unitdp=4",
        ),
        (create_contacts(body=b"", idempotency_key="k"), "PUT /api.xro/2.0/Contacts?summarizeErrors=false"),
    ],
)
def test_writes_never_let_one_element_refuse_the_others(write: Write, expected: str) -> None:
    assert f"{write.method} {write.path}" == expected


@pytest.mark.parametrize(
    ("kind", "is_online", "path"),
    [
        ("sales invoice", True, "/api.xro/2.0/Invoices/1/Attachments/a%20b%2F%231.pdf?IncludeOnline=true"),
        ("sales invoice", False, "/api.xro/2.0/Invoices/1/Attachments/a%20b%2F%231.pdf"),
        ("sales credit note", True, "/api.xro/2.0/CreditNotes/1/Attachments/a%20b%2F%231.pdf?IncludeOnline=true"),
        ("bill", True, "/api.xro/2.0/Invoices/1/Attachments/a%20b%2F%231.pdf"),
    ],
)
def test_pdf_is_shown_online_only_where_something_is_sold(kind: str, is_online: bool, path: str) -> None:
    write = attach_pdf(
        DocumentKind(kind),
        xero_id="1",
        file_name="a b/#1.pdf",
        content=b"%PDF",
        is_online=is_online,
        idempotency_key="k",
    )

    assert (write.path, write.content_type, write.body) == (path, "application/pdf", b"%PDF")
