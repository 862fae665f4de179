import json
import re
from datetime import datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client

from freightbridge.access.models import User
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.unknown_texts import general_form
from integrations.accounting_log.write_entry import problem_entry, write_entries
from integrations.models import AttemptMember, SyncJob, XeroConnection, XeroDocument
from integrations.problem_catalogue.xero_texts import problem_of
from invoices.models import Shipment
from tests.conftest import NOW, PASSWORD
from tests.web.page_company import Visitor, assessed, company, prove, sent
from tests.web.test_overview_page import words

REASON = "Ticket 4711"
BEARER = "Bearer abcdefgh12345678"


@pytest.fixture
def staff(db: None) -> Client:
    """Of no company, and just signed in."""
    user = User.objects.create_user("staff@freightbridge.example", PASSWORD, name="Staff")
    user.is_staff = True
    user.save()
    client = Client()
    client.force_login(user)
    prove(client, user)
    return client


@pytest.fixture
def ids(tenant: Tenant, other_tenant: Tenant) -> dict[str, str]:
    """By kind, of one document; another company stands beside it."""
    company(tenant)
    answer = json.dumps({"Status": "DRAFT", "access_token": "never-to-be-seen", "Note": BEARER})
    call = {"xero_correlation_id": "aaaaaaaa-0000-0000-0000-000000000001", "answer": answer}
    sent(tenant, assessed(tenant), call=call)
    with tenant_scope(tenant):
        document, job = XeroDocument.objects.get(), SyncJob.objects.get()
        return {
            "shipment": Shipment.objects.get().number,
            "invoice": document.number,
            "in small letters": document.number.lower(),
            "Xero's id": str(document.xero_id),
            "support code": job.correlation_id,
            "Xero's correlation id": "aaaaaaaa-0000-0000-0000-000000000001",
        }


def search(client: Client, wanted: str, reason: str = REASON) -> str:
    response = client.post("/support/search/", {"wanted": wanted, "reason": reason})
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.parametrize(
    "kind", ["shipment", "invoice", "in small letters", "Xero's id", "support code", "Xero's correlation id"]
)
def test_any_id_is_found_with_its_time_line(staff: Client, ids: dict[str, str], kind: str) -> None:
    page = words(search(staff, ids[kind]))

    assert "Acme Freight acme-freight" in page
    assert f"Sales invoice {ids['invoice']} In Xero" in page
    assert "Xero has it." in page
    assert '"Total": 1' in page
    assert '"Status": "DRAFT"' in page


def test_who_looked_and_why_stands_in_the_companys_own_records(
    tenant: Tenant, other_tenant: Tenant, staff: Client, ids: dict[str, str]
) -> None:
    search(staff, ids["invoice"])

    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="support looked")
        assert (event.actor, event.subject_name) == ("staff@freightbridge.example", f"sales invoice {ids['invoice']}")
        assert event.details == {"reason": REASON, "wanted": ids["invoice"]}
    with tenant_scope(other_tenant):
        assert not AuditEvent.objects.filter(action="support looked").exists()


@pytest.mark.parametrize("reason", ["", "short"])
def test_nothing_is_shown_without_a_reason(tenant: Tenant, staff: Client, ids: dict[str, str], reason: str) -> None:
    page = search(staff, ids["invoice"], reason)

    assert "Say why you look" in page
    assert "Xero has it." not in page
    with tenant_scope(tenant):
        assert not AuditEvent.objects.filter(action="support looked").exists()


def test_no_token_is_ever_shown(staff: Client, ids: dict[str, str]) -> None:
    page = search(staff, ids["invoice"])

    assert "[hidden]" in page
    assert "never-to-be-seen" not in page
    assert "abcdefgh12345678" not in page


def test_piece_of_an_id_finds_nothing(staff: Client, ids: dict[str, str]) -> None:
    assert f"No company has “{ids['invoice'][:-1]}”" in search(staff, ids["invoice"][:-1])


def test_ticket_holds_ids_and_times_and_no_payload(staff: Client, ids: dict[str, str]) -> None:
    page = search(staff, ids["shipment"])
    bundle = page.partition("Copy for a ticket")[0].rpartition('data-copy="')[2].partition('"')[0]

    invoice, xero_id = ids["invoice"], ids["Xero's id"]
    assert f"sales invoice {invoice}: in xero, Xero id {xero_id}" in bundle
    assert f"{NOW.isoformat()} | created | Xero has it. | FB-0123456789AB" in bundle
    assert "Total" not in bundle


def test_companies_are_told_with_what_waits_there(tenant: Tenant, other_tenant: Tenant, staff: Client) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, 2), state="queued")
    sent(tenant, assessed(tenant), state="attention")

    page = words(staff.get("/support/").content.decode())

    assert "Acme Freight acme-freight Visit Acme Freight connected 2 " in page
    assert "Rival Lines rival-lines Visit Rival Lines not connected 0 — 0 0 of 0 (0 %) —" in page


def test_desk_does_not_exist_for_others(tenant: Tenant, admin: Visitor, ids: dict[str, str]) -> None:
    with tenant_scope(tenant):
        assert AttemptMember.objects.exists()
    for client in (admin.client, Client()):
        assert client.get("/support/").status_code == 404
        assert client.post("/support/search/", {"wanted": ids["invoice"], "reason": REASON}).status_code == 404


def refused(tenant: Tenant, *texts: str, at: datetime = NOW) -> None:
    """Each by Xero, of a document that the company sent."""
    with tenant_scope(tenant):
        job = SyncJob.objects.select_related("document").first()
        assert job is not None
        named = {"customer": "ALOK", "name": "Alok Traders", "number": "INV-00001"}
        problems = [problem_of(text, words=named) for text in texts]
        write_entries([problem_entry(job, one, event="rejected", now=at) for one in problems])


def unknown_rows(page: str) -> list[tuple[str, ...]]:
    """Text, times, companies."""
    table = page.split('aria-label="Unknown texts"')[1].split("</table>", maxsplit=1)[0]
    return re.findall(r"(\S.*?) (\d+) (\d+) \d+ \w{3} \d{4}, \d\d:\d\d UTC", words(table.split("<tbody>")[1]))


def test_texts_that_the_catalogue_does_not_know_are_counted_over_all_companies(
    tenant: Tenant, other_tenant: Tenant, staff: Client
) -> None:
    for one in (tenant, other_tenant):
        company(one)
        sent(one, assessed(one))
        with tenant_scope(one):
            # An organisation is connected to one company only.
            XeroConnection.objects.update(organisation_id=uuid4())
    now = read_clock()
    refused(tenant, "Alok Traders is on hold since 3 May 2026.", "Invoice # must be unique.", "Odd.", at=now)
    refused(tenant, "ALOK TRADERS is on hold since 14 May 2026.", at=now)
    refused(other_tenant, "Alok traders is on hold since 9 June 2026.", "Odd.", at=now)
    refused(tenant, "Odd.", "Long ago.", at=now - timedelta(days=31))

    page = unescape(staff.get("/support/").content.decode())

    assert unknown_rows(page) == [("… is on hold since ….", "3", "2"), ("Odd.", "2", "2")]


def test_where_every_text_is_known_the_desk_says_so(tenant: Tenant, staff: Client) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    refused(tenant, "Invoice # must be unique.", at=read_clock())

    page = staff.get("/support/").content.decode()

    assert "None in the last 30 days" in page
    assert "must be unique" not in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Contact 'Bo & Co' owes 12.50 for INV-00001", "Contact … owes … for …"),
        ("Write to bo@acme.example or https://acme.example/x?code=1", "Write to … or …"),
        ("Sent with Bearer abcdefgh12345678", "Sent with Bearer [hidden]"),
        ("ALOK is on hold", "… is on hold"),
        ("", "(no words)"),
    ],
)
def test_nothing_of_a_company_stands_in_what_is_counted(text: str, shown: str) -> None:
    assert general_form(problem_of(text, words={"customer": "ALOK", "number": "INV-00001", "side": "s"})) == shown


def test_text_that_the_catalogue_knows_is_not_counted() -> None:
    assert general_form(problem_of("Invoice # must be unique.", words={})) == ""
