"""A call goes once more to a sandbox with the organisation's settings; the company's data and Xero stay as they are."""

import json
from collections.abc import Iterator
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncAttempt, XeroConnection
from tests.sending import company, send_all, shipments
from tests.web import page_company
from tests.web.page_company import Visitor
from tests.web.test_overview_page import words
from tests.web.test_support_pages import REASON, search, staff
from tests.xero_sandbox.sandbox_process import SandboxProcess

__all__ = ["staff"]
pytestmark = pytest.mark.django_db(transaction=True)
NO_CURRENCY = "Organisation is not subscribed to currency KES"


@pytest.fixture
def sent_call(tenant: Tenant, xero: SandboxProcess, settings: Any) -> SyncAttempt:
    """One invoice, which Xero took as a draft; the sandbox of replays is the one that plays Xero."""
    settings.REPLAY_SANDBOX_URL = xero.url
    company(tenant, xero)
    shipments(tenant, "100.00")
    send_all(tenant)
    return call_of(tenant, "create")


def call_of(tenant: Tenant, step: str) -> SyncAttempt:
    with tenant_scope(tenant):
        return SyncAttempt.objects.get(step=step)


def like(tenant: Tenant, attempt: SyncAttempt, **fields: Any) -> SyncAttempt:
    """Another call: one that was made is never changed."""
    kept = {field.attname: getattr(attempt, field.attname) for field in SyncAttempt._meta.concrete_fields}
    with tenant_scope(tenant):
        return SyncAttempt.objects.create(**{**kept, "id": None, "public_id": uuid4(), **fields})


def replay(client: Client, attempt: SyncAttempt, reason: str = REASON) -> str:
    response = client.post(f"/support/replay/acme-freight/{attempt.public_id}/", {"reason": reason})
    assert response.status_code == 200
    return words(unescape(response.content.decode()))


def in_xero(xero: SandboxProcess) -> Any:
    """Every organisation but copies."""
    return xero.admin("documents")["documents"]


def test_sandbox_says_what_xero_said_of_a_document_that_was_taken(
    tenant: Tenant, staff: Client, sent_call: SyncAttempt, xero: SandboxProcess
) -> None:
    standing = in_xero(xero)

    text = replay(staff, sent_call)

    assert "The sandbox says the same as Xero" in text
    assert "Taken: DRAFT 110.0 10.0 AUD. Taken: DRAFT 110.0 10.0 AUD. yes" in text
    assert in_xero(xero) == standing
    assert "The sandbox says the same as Xero" in replay(staff, sent_call), "books are opened anew each time"


def test_refusal_that_lies_in_the_settings_comes_again(tenant: Tenant, staff: Client, sent_call: SyncAttempt) -> None:
    body = json.loads(bytes(sent_call.body))
    body["Invoices"][0]["CurrencyCode"] = "KES"
    answer = {"Invoices": [{"StatusAttributeString": "ERROR", "ValidationErrors": [{"Message": NO_CURRENCY}]}]}
    call = like(tenant, sent_call, body=json.dumps(body).encode(), answer=json.dumps(answer))

    text = replay(staff, call)

    assert f"Refused: {NO_CURRENCY} Refused: {NO_CURRENCY} yes" in text


def test_what_only_xeros_books_know_is_answered_otherwise(
    tenant: Tenant, staff: Client, sent_call: SyncAttempt
) -> None:
    answer = {"Invoices": [{"ValidationErrors": [{"Message": "Invoice # must be unique."}]}]}
    call = like(tenant, sent_call, answer=json.dumps(answer))

    text = replay(staff, call)

    assert "The sandbox answers otherwise" in text
    assert "Refused: Invoice # must be unique. Taken: DRAFT" in text


def test_call_that_was_never_answered_is_compared_with_nothing(
    tenant: Tenant, staff: Client, sent_call: SyncAttempt
) -> None:
    call = like(tenant, sent_call, http_status=None, answer="", error="no answer came in time")

    text = replay(staff, call)

    assert "This was neither taken nor refused by both, so there is nothing to compare." in text
    assert "Nobody knows: no answer came in time. Taken: DRAFT" in text


def test_sandbox_gets_other_ids_and_nobodys_mail(
    tenant: Tenant, staff: Client, sent_call: SyncAttempt, xero: SandboxProcess
) -> None:
    contact_call = call_of(tenant, "contact")
    known = bytes(contact_call.body).decode() + bytes(sent_call.body).decode()
    before = xero.admin("journal")["entries"][-1]["number"]

    replay(staff, contact_call)
    replay(staff, sent_call)

    told = json.dumps(xero.admin("journal", since=str(before))["entries"])
    with tenant_scope(tenant):
        organisation = str(XeroConnection.objects.get().organisation_id)
    element = json.loads(bytes(contact_call.body))["Contacts"][0]
    assert element["Name"] in known
    contact_id = json.loads(bytes(sent_call.body))["Invoices"][0]["Contact"]["ContactID"]
    for secret in (organisation, element["Name"], contact_id):
        assert secret not in told, secret


def test_it_is_logged_with_the_reason_and_changes_nothing_else(
    tenant: Tenant, staff: Client, sent_call: SyncAttempt
) -> None:
    assert "Say why you look" in replay(staff, sent_call, "short")
    replay(staff, sent_call)

    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="support replayed a call")
        assert (event.actor, event.details) == ("staff@freightbridge.example", {"reason": REASON})
        again = SyncAttempt.objects.get(pk=sent_call.pk)
    assert (bytes(again.body), again.answer) == (bytes(sent_call.body), sent_call.answer)


def test_desk_offers_it_where_it_can_be_done(tenant: Tenant, staff: Client, sent_call: SyncAttempt) -> None:
    page = search(staff, sent_call.correlation_id)

    assert f'action="/support/replay/acme-freight/{sent_call.public_id}/"' in page
    promoted = call_of(tenant, "promote")
    assert str(promoted.public_id) not in page
    assert "No replay: This call changes what stands in Xero already" in page
    assert "This call changes what stands in Xero already" in replay(staff, promoted)


def test_where_no_sandbox_runs_the_page_says_how_to_start_one(
    staff: Client, sent_call: SyncAttempt, settings: Any
) -> None:
    settings.REPLAY_SANDBOX_URL = "http://127.0.0.1:9"

    text = replay(staff, sent_call)

    assert "http://127.0.0.1:9 does not answer as a sandbox does (ConnectionError)." in text
    assert "Start the bundled sandbox with “manage.py xero_sandbox”" in text


class NotASandbox(BaseHTTPRequestHandler):
    """Answers everything, and keeps what it was asked."""

    asked: list[str]
    answer: bytes

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    do_POST = do_PUT = do_GET  # noqa: N815 http.server's names

    def log_message(self, *_arguments: Any) -> None:
        """Not into the test's output."""


@pytest.fixture(params=[b'{"sandbox": false}', b"[]", b"<html>Xero</html>"])
def other_host(request: pytest.FixtureRequest) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Answering", (NotASandbox,), {"asked": asked, "answer": request.param}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_whatever_does_not_say_that_it_is_a_sandbox_is_sent_nothing(
    tenant: Tenant, staff: Client, settings: Any, other_host: tuple[str, list[str]]
) -> None:
    settings.REPLAY_SANDBOX_URL, asked = other_host
    attempt = kept_call(tenant)

    text = replay(staff, attempt)

    assert "sandbox" in text.partition("Replay in the sandbox")[2]
    assert "Start the bundled sandbox" in text
    assert asked == ["/_sandbox/health"]


def test_xero_itself_is_refused_by_its_name(tenant: Tenant, staff: Client, settings: Any) -> None:
    settings.REPLAY_SANDBOX_URL = "https://api.xero.com"

    assert "REPLAY_SANDBOX_URL names Xero itself." in replay(staff, kept_call(tenant))


def kept_call(tenant: Tenant) -> SyncAttempt:
    """Of a company that calls nothing."""
    page_company.company(tenant)
    page_company.sent(tenant, page_company.assessed(tenant))
    return call_of(tenant, "create")


def test_call_of_another_company_is_none_of_this_one(
    tenant: Tenant, other_tenant: Tenant, staff: Client, admin: Visitor
) -> None:
    attempt = kept_call(tenant)
    for client, slug, public_id in (
        (staff, "rival-lines", attempt.public_id),
        (staff, "acme-freight", uuid4()),
        (admin.client, "acme-freight", attempt.public_id),
    ):
        answer = client.post(f"/support/replay/{slug}/{public_id}/", {"reason": REASON})
        assert answer.status_code == 404, slug
