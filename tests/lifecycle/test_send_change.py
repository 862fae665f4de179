"""What changes here after an invoice was sent is shown with both sides, and goes to Xero when a person says so."""

from decimal import Decimal

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.open_gateway import open_gateway
from integrations.models import ChargeRule, TaxPlaceRule, TaxRule, XeroConnection, XeroDocument
from invoices.models import Customer, Invoice, Shipment, ShipmentCharge
from tests.freight_factories import ChargeCodeFactory, ChargeFactory, TaxCodeFactory
from tests.lifecycle.lifecycle_company import (
    click,
    newest,
    one_in_xero,
    price_charge,
    shipment_state,
    statuses,
    totals,
)
from tests.sending import Calls, company, documents, go_on, jobs, ours_in_xero, send_all, shipments
from tests.web.page_company import Visitor
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)
CHANGED = "Changed here since it was sent"


def pdfs_in_xero(tenant: Tenant) -> list[tuple[str, bool]]:
    """File names on the only document in Xero, and whether the file is the invoice's PDF as it is now."""
    with tenant_scope(tenant):
        document, invoice = XeroDocument.objects.get(), Invoice.objects.select_related("pdf").get()
        content = bytes(invoice.pdf.content) if invoice.pdf else b""
    gateway = open_gateway(tenant_id=tenant.pk, connection_id=document.connection_id)
    attachments = f"Invoices/{document.xero_id}/Attachments"
    names = [one["FileName"] for one in gateway.read(attachments).json()["Attachments"]]
    return [(name, gateway.read(f"{attachments}/{name}").body == content) for name in names]


def test_changed_charge_shows_both_sides_and_goes_under_the_same_number(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero, attach_pdf=True)
    before = pdfs_in_xero(tenant)

    saved = price_charge(operator, tenant, "150.00")
    run_workers()
    page = operator.text("invoice", invoice.public_id)
    not_sent = totals(ours_in_xero(xero, "total"))
    shown = click(operator, "invoice_send_change", invoice)

    assert "INV-00001 says something else now: open it to send the change." in saved
    assert CHANGED in page
    assert ["1 × 100.00" in page, "1 × 150.00" in page, "165.00" in page] == [True, True, True]
    assert not_sent == [Decimal("110.00")]
    assert "The change of INV-00001 is queued." in shown
    assert jobs(tenant, "operation", "state") == [("create", "done"), ("update", "done")]
    assert ours_in_xero(xero, "number", "status") == [("INV-00001", "AUTHORISED")]
    assert totals(ours_in_xero(xero, "total")) == [Decimal("165.00")]
    assert (documents(tenant, "state", "total"), shipment_state(tenant)) == (
        [("in xero", Decimal("165.00"))],
        "in xero",
    )
    assert (len(before), [is_new for _, is_new in pdfs_in_xero(tenant)]) == (1, [True])
    assert [name for name, _ in before] == [name for name, _ in pdfs_in_xero(tenant)]
    assert CHANGED not in operator.text("invoice", invoice.public_id)


def test_charge_that_is_taken_off_and_one_that_is_new(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    company(tenant, xero)
    with tenant_scope(tenant):
        ChargeRule.objects.create(
            connection=XeroConnection.objects.get(), side="sales", charge_code="THC", account_code="200"
        )
    shipments(tenant, "100.00")
    with tenant_scope(tenant):
        shipment = Shipment.objects.get()
        ChargeFactory(shipment=shipment, unit_price="40.00", description="Terminal handling")
    send_all(tenant)
    invoice = newest(tenant)
    price_charge(operator, tenant, "100.00", **{"charges-1-DELETE": "on"})
    with tenant_scope(tenant):
        late = ChargeCodeFactory(code="THC", name="Storage")
        ChargeFactory(shipment=shipment, unit_price="7.00", description="Storage", charge_code=late)

    page = operator.text("invoice", invoice.public_id)
    click(operator, "invoice_send_change", invoice)
    without = totals(ours_in_xero(xero, "total"))
    shown = operator.text("invoice", invoice.public_id)
    click(operator, "invoice_send_change", invoice, takes_new_charges="1")

    assert ["Taken off" in page, f"New on {shipment.number}, on no invoice yet" in page] == [True, True]
    assert without == [Decimal("110.00")]
    assert "Storage" in shown
    assert totals(ours_in_xero(xero, "total")) == [Decimal("117.70")]
    assert (statuses(tenant), shipment_state(tenant)) == ([("INV-00001", "approved")], "in xero")
    with tenant_scope(tenant):
        assert set(ShipmentCharge.objects.values_list("invoice_id", flat=True)) == {invoice.pk}


@pytest.mark.parametrize("says", ["customer", "rule for the country"])
def test_charge_that_is_new_is_taxed_like_any_other(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor, says: str
) -> None:
    invoice = one_in_xero(tenant, xero)
    with tenant_scope(tenant):
        free, connection = TaxCodeFactory(code="FREE", name="GST free", rate=0), XeroConnection.objects.get()
        TaxRule.objects.create(connection=connection, side="sales", tax_code="FREE", tax_type="EXEMPTOUTPUT")
        if says == "customer":
            Customer.objects.update(tax_code=free)
        else:
            Customer.objects.update(country="AU")
            TaxPlaceRule.objects.create(connection=connection, side="sales", place="home", tax_code="FREE")
        ChargeFactory(shipment=Shipment.objects.get(), unit_price="7.00")

    click(operator, "invoice_send_change", invoice, takes_new_charges="1")

    # The first line keeps the ten per cent that it was drafted with.
    assert totals(ours_in_xero(xero, "total")) == [Decimal("117.00")]


def test_customer_reference_that_changed_is_told_and_sent(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    price_charge(operator, tenant, "100.00", customer_reference="PO-CORRECTED")

    page = operator.text("invoice", invoice.public_id)
    click(operator, "invoice_send_change", invoice)

    with tenant_scope(tenant):
        document = XeroDocument.objects.get()
    standing = open_gateway(tenant_id=tenant.pk, connection_id=document.connection_id)
    (found,) = standing.read(f"Invoices/{document.xero_id}").json()["Invoices"]
    assert "PO-CORRECTED" in page
    assert "PO-CORRECTED" in found["Reference"]


def test_paid_invoice_keeps_its_lines_and_says_why(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    invoice = one_in_xero(tenant, xero)
    xero.act("pay", document="INV-00001")
    price_charge(operator, tenant, "150.00")

    click(operator, "invoice_send_change", invoice)
    page = operator.text("invoice", invoice.public_id)
    click(operator, "invoice_give_up", invoice)

    assert "The document was paid, voided or deleted in Xero, and cannot be changed there any more." in page
    assert totals(ours_in_xero(xero, "total")) == [Decimal("110.00")]
    assert documents(tenant, "state") == ["in xero"]
    after = operator.text("invoice", invoice.public_id)
    assert [CHANGED in after, "110.00" in after, "165.00" in after] == [True, True, True]


def test_known_payment_disables_the_button_with_the_reason(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    price_charge(operator, tenant, "150.00")
    with tenant_scope(tenant):
        XeroDocument.objects.update(money_state="paid")
    calls = Calls(xero)

    page = operator.text("invoice", invoice.public_id)
    shown = click(operator, "invoice_send_change", invoice)

    reason = "Xero keeps what is paid as it is: remove them there first, or raise a credit note."
    assert [f"{reason}</span>" in page, reason in shown] == [True, True]
    assert (jobs(tenant, "operation"), calls.made()) == (["create"], [])


def test_two_clicks_send_one_change(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    invoice = one_in_xero(tenant, xero)
    price_charge(operator, tenant, "150.00")
    operator.post("invoice_send_change", invoice.public_id)

    second = click(operator, "invoice_send_change", invoice)
    third = click(operator, "invoice_send_change", invoice)

    assert "A change of it is on its way to Xero; wait until it is there." in second
    assert "Nothing changed here since it was sent." in third
    assert jobs(tenant, "operation", "state") == [("create", "done"), ("update", "done")]


def test_lost_answer_to_a_change_leaves_one_document_with_the_new_lines(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    price_charge(operator, tenant, "150.00")
    xero.fault("lost_answer", method="POST", path="/Invoices", times=1)

    click(operator, "invoice_send_change", invoice)
    go_on(tenant)

    assert totals(ours_in_xero(xero, "total")) == [Decimal("165.00")]
    assert jobs(tenant, "state") == ["done", "done"]


def test_stopped_invoice_takes_the_mended_charge_and_its_new_pdf(
    tenant: Tenant, xero: SandboxProcess, operator: Visitor
) -> None:
    """Its draft in Xero stands with other figures than ours; the charge is changed to one that both round alike."""
    company(tenant, xero, attach_pdf=True)
    shipments(tenant, "0.25")
    xero.switch(rounding="half_even")
    send_all(tenant)
    stopped = jobs(tenant, "state", "problem_code")
    price_charge(operator, tenant, "10.00")

    click(operator, "invoice_send_change", newest(tenant))
    run_workers()

    assert stopped == [("attention", "FB-504")]
    assert jobs(tenant, "operation", "state") == [("create", "done")]
    assert ours_in_xero(xero, "number", "status") == [("INV-00001", "AUTHORISED")]
    assert (totals(ours_in_xero(xero, "total")), documents(tenant, "total")) == ([Decimal(11)], [Decimal(11)])
    assert [is_new for _, is_new in pdfs_in_xero(tenant)] == [True]


def test_another_customer_cannot_be_sent_and_is_told(tenant: Tenant, xero: SandboxProcess, operator: Visitor) -> None:
    invoice = one_in_xero(tenant, xero)
    with tenant_scope(tenant):
        Shipment.objects.update(currency="NZD", updated_at=read_clock())

    page = operator.text("invoice", invoice.public_id)
    shown = click(operator, "invoice_send_change", invoice)

    assert "is in NZD now, and this in AUD." in page
    assert "is in NZD now, and this in AUD." in shown
    assert jobs(tenant, "operation") == ["create"]


def test_taken_back_draft_follows_its_charges_and_takes_the_change(
    tenant: Tenant, xero: SandboxProcess, admin: Visitor
) -> None:
    invoice = one_in_xero(tenant, xero)
    click(admin, "invoice_take_back", invoice)
    draft = newest(tenant)

    price_charge(admin, tenant, "80.00")
    page = admin.text("invoice", draft.public_id)
    admin.post("invoice_approve", draft.public_id)
    run_workers()

    assert "88.00" in page
    assert totals(ours_in_xero(xero, "total")) == [Decimal("110.00"), Decimal("88.00")]
    assert statuses(tenant) == [("INV-00001", "voided"), ("INV-00002", "approved")]
