"""What was taken over by mistake is released again, and nothing of that is told to Xero."""

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AdoptionMatch, SyncJob, XeroDocument
from invoices.models import Invoice, ShipmentCharge
from tests.freight_factories import CustomerFactory
from tests.sending import Calls, company, log_of, ours_in_xero, send_all
from tests.web.page_company import Visitor
from tests.web.test_adoption_pages import in_xero, look, ready, states, take
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "That one is of last year"


@pytest.fixture
def taken(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> Invoice:
    """A shipment that stands for the paid invoice SHP-1 in Xero."""
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory(name="Aroha Imports")
    ready(tenant, "SHP-1", "100.00", customer)
    xero.act("pay", document=in_xero(xero, "SHP-1", "100.00", "Somebody Else"), amount=110)
    take_found(tenant, operator)
    return invoice_of(tenant)


def take_found(tenant: Tenant, person: Visitor) -> None:
    number = look(person)
    with tenant_scope(tenant):
        match = AdoptionMatch.objects.get(search__number=number).public_id
    take(person, number, match=[match])


def invoice_of(tenant: Tenant, **of: str) -> Invoice:
    with tenant_scope(tenant):
        return Invoice.objects.select_related("xero_document").get(**of)


def release(person: Visitor, invoice: Invoice, reason: str = REASON) -> str:
    person.post("invoice_release", invoice.public_id, reason=reason)
    return person.text("invoice", invoice.public_id)


def test_released_one_is_free_to_be_sent_and_xero_hears_nothing_of_it(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor, taken: Invoice
) -> None:
    before, calls = operator.text("invoice", taken.public_id), Calls(xero)

    said = release(operator, taken)
    run_workers()
    written = calls.made("PUT") + calls.made("POST")
    released = states(tenant)
    send_all(tenant)

    assert "Was it another document?" in before
    assert "It is released." in said
    assert "Was it another document?" not in said
    assert written == []
    assert released == {"SHP-1": "ready"}
    assert states(tenant) == {"SHP-1": "in xero"}
    assert ours_in_xero(xero, "number", "total") == [("INV-00001", "110.00")]
    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="released from Xero")
        old = XeroDocument.objects.get(invoice=taken)
        assert ShipmentCharge.objects.get().invoice == Invoice.objects.get(number="INV-00001")
    assert (event.actor, event.details["reason"]) == ("operator@acme-freight.example", REASON)
    assert (old.state, old.xero_id, old.money_state, old.payments) == ("cancelled", None, "", [])
    assert ("cancelled", f"It is not SHP-1 in Xero after all: {REASON}. Nothing was changed there.") in log_of(tenant)
    assert "Released again" in operator.text("adoption", 1)


def test_document_that_was_released_can_be_taken_over_for_the_right_shipment(
    tenant: Tenant, operator: Visitor, taken: Invoice
) -> None:
    release(operator, taken)

    take_found(tenant, operator)
    again = invoice_of(tenant, number="SHP-1")
    release(operator, again)

    assert states(tenant) == {"SHP-1": "ready"}
    with tenant_scope(tenant):
        assert sorted(Invoice.objects.values_list("number", "status")) == [
            ("SHP-1 (released 2)", "voided"), ("SHP-1 (released)", "voided"),
        ]  # fmt: skip
        assert AdoptionMatch.objects.filter(released_at=None).count() == 0


def test_without_a_reason_nothing_is_released(tenant: Tenant, operator: Visitor, taken: Invoice) -> None:
    said = release(operator, taken, reason=" ")

    assert "say in a few words why" in said
    assert states(tenant) == {"SHP-1": "in xero"}


def test_what_was_changed_from_here_since_is_not_released(tenant: Tenant, operator: Visitor, taken: Invoice) -> None:
    with tenant_scope(tenant):
        create = SyncJob.objects.get()
        SyncJob.objects.create(
            connection=create.connection, document=create.document, invoice=taken, operation="void", kind=create.kind,
            source=create.source, target_status="VOIDED", step="look", state="attention", next_at=create.next_at,
            created_at=create.created_at,
        )  # fmt: skip

    said = release(operator, taken)

    assert "It was changed from here since it was taken over" in said
    assert states(tenant) != {"SHP-1": "ready"}
    with tenant_scope(tenant):
        assert XeroDocument.objects.get().xero_id == taken.xero_document.xero_id


def test_what_was_sent_from_here_is_never_released(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        customer = CustomerFactory()
    ready(tenant, "SHP-1", "100.00", customer)
    send_all(tenant)
    sent = invoice_of(tenant)

    said = release(operator, sent)

    assert "It was not taken over from Xero." in said
    assert "Was it another document?" not in said
    assert states(tenant) == {"SHP-1": "in xero"}
