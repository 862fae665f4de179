"""Number series against Xero: after connecting, after a change and by the button. Real HTTP."""

import re
from typing import Any

import pytest
from django.http import HttpResponse

from freightbridge.audit.models import AuditEvent
from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import NumberCheck, XeroConnection
from invoices.models import Invoice, NumberSeries, Shipment
from tests.freight_factories import BillingEntityFactory
from tests.sending import Calls, log_of, ours_in_xero, send_all
from tests.web.page_company import Visitor, assessed
from tests.xero_company import connect, run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def biller(tenant: Tenant) -> Tenant:
    """It bills before anything is connected."""
    with tenant_scope(tenant):
        BillingEntityFactory()
    return tenant


def in_xero(xero: SandboxProcess, *numbers: str, kind: str = "ACCREC") -> None:
    """Somebody entered them there by hand."""
    line = {"Description": "Freight", "Quantity": 1, "UnitAmount": "10.00", "AccountCode": "200", "TaxType": "OUTPUT"}
    named = "CreditNoteNumber" if kind in {"ACCRECCREDIT", "ACCPAYCREDIT"} else "InvoiceNumber"
    for number in numbers:
        fields = {
            "Type": kind, "Status": "AUTHORISED", named: number, "Contact": {"Name": "Murray River Produce"},
            "Date": "2026-02-20", "LineItems": [line], **({"DueDate": "2026-03-20"} if kind == "ACCREC" else {}),
        }  # fmt: skip
        xero.act("create_document", fields=fields)


def series(tenant: Tenant, kind: str = "sales invoice") -> NumberSeries:
    with tenant_scope(tenant):
        return NumberSeries.objects.get(kind=kind)


def words(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page.partition("</nav>")[2]).split())


def edit(person: Visitor, one: NumberSeries, **fields: Any) -> HttpResponse:
    page = person.text("number_series_edit", one.public_id)
    mark = re.search(r'name="opened_as" value="(\w+)"', page)
    assert mark is not None
    now = {"prefix": one.prefix, "next_number": one.next_number, "digits": one.digits, "opened_as": mark[1]}
    return person.post("number_series_edit", one.public_id, **{**now, **fields})


def read(tenant: Tenant) -> None:
    run_queue(Queue.POLL)
    with tenant_scope(tenant):
        assert not NumberCheck.objects.filter(is_under_way=True).exists()


def test_after_connecting_a_series_that_xero_has_used_is_told_of_and_moved_by_one_click(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    in_xero(xero, "INV-0001", "INV-00009", "INV-0123", "INV-SPECIAL")
    with tenant_scope(biller):
        NumberSeries.objects.filter(kind="sales invoice").update(digits=4)
    connect(biller, xero)

    told = words(admin.text("number_series"))
    admin.post("series_begin", series(biller).public_id, begin="INV-0124")
    read(biller)

    assert "Xero already holds INV-0001, and numbers up to INV-0123: begin at INV-0124." in told
    assert "4 documents begin with INV- in" in told
    assert str(series(biller)) == "INV-0124"
    after = words(admin.text("number_series"))
    assert "The highest in Xero is INV-0123." in after
    assert "Begin at" not in after
    with tenant_scope(biller):
        event = AuditEvent.objects.get(action="number series changed")
    assert (event.actor, event.details["Next number"]) == (
        "admin@acme-freight.example", {"before": "INV-0001", "after": "INV-0124"},
    )  # fmt: skip
    assert any(event == "numbers checked" and "INV- up to INV-0123" in text for event, text in log_of(biller))


def test_series_that_would_meet_a_number_in_xero_sends_nothing_until_it_is_moved(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    in_xero(xero, "INV-00002")
    connect(biller, xero)
    assessed(biller, number="SHP-1")
    problem = "Xero holds INV-00002 already, and our series INV- would give it again. Let it begin at INV-00003."

    waiting = admin.text("attention")
    send_all(biller)
    with tenant_scope(biller):
        held = Shipment.objects.get()
        sent = Invoice.objects.count()
    setup = words(admin.text("setup"))
    admin.post("series_begin", series(biller).public_id, begin="INV-00003")
    run_queue(Queue.POLL, Queue.BULK)
    send_all(biller)

    assert (held.readiness, held.readiness_problems[0]["code"], sent) == ("not ready", "FB-410", 0)
    assert problem in words(waiting)
    assert "Xero already holds INV-00002: begin at INV-00003." in setup
    assert ours_in_xero(xero, "number") == ["INV-00003"]


def test_draft_of_a_taken_series_is_not_approved_and_says_why(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    connect(biller, xero)
    (shipment,) = assessed(biller)
    admin.post("shipment_draft", shipment.public_id)
    in_xero(xero, "INV-00001")
    admin.post("number_series_check")
    read(biller)
    with tenant_scope(biller):
        draft = Invoice.objects.get()

    admin.post("invoice_approve", draft.public_id, allows_demo="yes")

    assert "holds INV-00001 already, and the series INV- would give it again" in admin.text("invoice", draft.public_id)
    with tenant_scope(biller):
        assert (Invoice.objects.get().status, NumberSeries.objects.get(kind="sales invoice").next_number) == (
            "draft",
            1,
        )


def test_credit_notes_and_quotes_are_looked_for_among_their_own_kind(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    in_xero(xero, "CN-00007", kind="ACCRECCREDIT")
    calls = Calls(xero)
    connect(biller, xero)

    asked = [one["query"] for one in calls.entries("GET", "CreditNotes")]
    told = words(admin.text("number_series"))

    assert any("StartsWith" in str(query) and "CN-" in str(query) for query in asked)
    assert "Xero already holds CN-00007: begin at CN-00008." in told
    assert "0 documents begin with INV-" in told
    assert "documents begin with Q-" in told


def test_supplier_credit_notes_have_a_series_of_ours_that_is_looked_for_too(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    """As the demo's companies have it."""
    with tenant_scope(biller):
        entity = NumberSeries.objects.first().billing_entity
        NumberSeries.objects.create(billing_entity=entity, kind="bill credit note", prefix="SCN-", digits=4)
    in_xero(xero, "SCN-0007", kind="ACCPAYCREDIT")
    connect(biller, xero)

    page = words(admin.text("number_series"))

    assert "Xero already holds SCN-0007: begin at SCN-0008." in page
    assert "Not checked" not in page


def test_higher_numbers_written_otherwise_are_offered_and_stop_nothing(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    in_xero(xero, "INV-0123")
    connect(biller, xero)
    assessed(biller, number="SHP-1")

    told = words(admin.text("number_series"))
    send_all(biller)

    assert "Behind Xero" in told
    assert "Xero already holds INV-0123. No number would be the same; begin at INV-0124 to go on from there." in told
    assert ours_in_xero(xero, "number") == ["INV-00001"]


def test_change_is_asked_about_anew_and_a_stale_offer_is_refused(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    in_xero(xero, "AKL-00004")
    connect(biller, xero)

    answer = edit(admin, series(biller), prefix="AKL-")
    pending = words(admin.text("number_series"))
    read(biller)
    told = words(admin.text("number_series"))
    admin.post("series_begin", series(biller).public_id, begin="AKL-00099")

    assert answer.status_code == 302
    assert "Not checked" in pending
    assert "is being read" in pending
    assert "Xero already holds AKL-00004: begin at AKL-00005." in told
    assert str(series(biller)) == "AKL-00001"
    assert "look again" in admin.text("number_series")


def test_what_cannot_be_read_is_said_and_what_was_known_stays(
    biller: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    in_xero(xero, "INV-00001")
    connect(biller, xero)
    admin.post("number_series_check")
    with tenant_scope(biller):
        XeroConnection.objects.update(status="lost")

    read(biller)
    told = words(admin.text("number_series"))

    assert "could not be read: The organisation is not connected." in told
    assert "Xero already holds INV-00001: begin at INV-00002." in told
