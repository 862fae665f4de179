"""A shipment becomes a quote or an invoice (F26), and an accepted quote an invoice."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Invoice, Shipment, ShipmentCharge
from invoices.workflows.invoice_quote import CannotInvoiceError, invoice_quote
from invoices.workflows.refresh_drafts import refresh_drafts
from tests.conftest import NOW
from tests.intake.planned_files import csv_file
from tests.web.kinds_company import in_xero, invoices, plain, send, set_rules, shipment, the_invoice, trading_company
from tests.web.page_company import Visitor
from tests.workflows import uploads
from tests.xero_company import run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def charge_of(tenant: Tenant) -> ShipmentCharge:
    with tenant_scope(tenant):
        return ShipmentCharge.objects.select_related("quote", "invoice").get()


def test_rules_make_quotes_and_a_shipment_may_say_otherwise(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    quoted, invoiced = shipment(tenant), shipment(tenant, document="invoice")

    send(operator, quoted, invoiced)

    assert in_xero(xero, "collection", "number", "status", "total") == [
        ("Invoices", "INV-00001", "AUTHORISED", "1375.00"),
        ("Quotes", "Q-00001", "SENT", "1375.00"),
    ]
    assert "Quote" in plain(operator.text("shipment", quoted.public_id))


def test_shipment_may_become_a_quote_where_the_rules_make_invoices(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)

    send(operator, shipment(tenant, document="quote"))

    assert in_xero(xero, "collection", "number") == [("Quotes", "Q-00001")]


def test_dialog_tells_how_many_become_quotes(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    ids = [str(one.public_id) for one in (shipment(tenant), shipment(tenant), shipment(tenant, document="invoice"))]

    page = plain(operator.post("send_dialog", shipment=ids).content.decode())

    assert "3 shipments will be sent to" in page
    assert "2 of them as quotes" in page


def test_quoted_charges_wait_for_the_customer_and_say_so(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    quoted = shipment(tenant)
    send(operator, quoted)

    send(operator, quoted)

    charge = charge_of(tenant)
    assert (charge.invoice, str(charge.quote)) == (None, "Q-00001")
    assert len(in_xero(xero, "number")) == 1
    assert "quoted on Q-00001" in plain(operator.text("shipment", quoted.public_id))
    assert "Quoted on Q-00001" in plain(operator.text("shipment_edit", quoted.public_id))


def test_accepted_quote_is_invoiced_once_and_stays_linked(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    send(operator, shipment(tenant))
    quote = the_invoice(tenant, kind="quote")
    assert "Invoice it" in operator.text("invoice", quote.public_id)

    for _ in range(2):
        operator.post("quote_invoice", quote.public_id)
    run_workers()

    raised = the_invoice(tenant, kind="sales invoice")
    assert in_xero(xero, "collection", "number", "status", "total") == [
        ("Invoices", "INV-00001", "AUTHORISED", "1375.00"),
        ("Quotes", "Q-00001", "SENT", "1375.00"),
    ]
    assert charge_of(tenant).invoice_id == raised.pk
    assert "From the quote Q-00001" in plain(operator.text("invoice", raised.public_id))
    page = plain(operator.text("invoice", quote.public_id))
    assert "Invoiced by INV-00001" in page
    assert "Every charge of it is invoiced already." in page


def test_quote_is_invoiced_at_the_quoted_price(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    send(operator, shipment(tenant))
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price=9999)

    operator.post("quote_invoice", the_invoice(tenant).public_id)

    assert [str(total) for total in invoices(tenant, "total")] == ["1375.00", "1375.00"]


def test_quote_that_nobody_touched_says_nothing_of_a_change(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    send(operator, shipment(tenant))

    assert "Changed here since it was sent" not in operator.text("invoice", the_invoice(tenant).public_id)


def test_charge_that_changes_after_it_was_quoted_is_told_and_sent_under_the_same_number(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    operator = trading_company(tenant, xero, document="quote")
    quoted = shipment(tenant)
    send(operator, quoted)
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price=2000)
    quote = the_invoice(tenant)

    said, page = operator.text("shipment", quoted.public_id), plain(operator.text("invoice", quote.public_id))
    operator.post("invoice_send_change", quote.public_id)
    run_workers()

    assert "Q-00001 differs" in plain(said)
    assert "Changed here since it was sent" in page
    assert "AUD 2,200.00" in page
    assert in_xero(xero, "collection", "number", "total") == [("Quotes", "Q-00001", "2200.00")]
    assert (charge_of(tenant).quote, charge_of(tenant).invoice) == (the_invoice(tenant), None)
    assert "Changed here since it was sent" not in operator.text("invoice", quote.public_id)


def test_accepted_quote_stays_at_the_price_that_was_accepted(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    send(operator, shipment(tenant))
    quote = the_invoice(tenant, kind="quote")
    operator.post("quote_invoice", quote.public_id)
    run_workers()
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price=2000)

    assert "Changed here since it was sent" not in operator.text("invoice", quote.public_id)
    assert "Changed here since it was sent" in operator.text(
        "invoice", the_invoice(tenant, kind="sales invoice").public_id
    )


def test_draft_quote_follows_its_charges(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    quoted = shipment(tenant)
    operator.post("shipment_draft", quoted.public_id)
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price=2000)
        refresh_drafts([quoted.pk])

    assert [str(total) for total in invoices(tenant, "total")] == ["2200.00"]


def test_shipment_that_is_to_be_invoiced_after_all_is_linked_to_its_quote(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    quoted = shipment(tenant)
    send(operator, quoted)
    with tenant_scope(tenant):
        Shipment.objects.update(document="invoice")

    send(operator, quoted)

    assert invoices(tenant, "number", "quote__number") == [("Q-00001", None), ("INV-00001", "Q-00001")]


def test_change_of_the_rules_invoices_no_quote_that_nobody_accepted(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    quoted = shipment(tenant)
    send(operator, quoted)
    set_rules(tenant, document="invoice")

    send(operator, quoted)

    assert invoices(tenant, "number") == ["Q-00001"]


def test_draft_is_a_quote_too_and_is_no_invoice_yet(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote")
    quoted = shipment(tenant)
    assert "Draft quote" in operator.text("shipment", quoted.public_id)

    operator.post("shipment_draft", quoted.public_id)

    draft = the_invoice(tenant)
    with tenant_scope(tenant), pytest.raises(CannotInvoiceError, match=r"The quote is draft\."):
        invoice_quote(draft, tenant=tenant, by="mia", now=NOW)
    operator.post("invoice_delete", draft.public_id)
    assert charge_of(tenant).quote is None


@pytest.mark.pdf
def test_pdf_of_a_quote_says_what_it_is_and_goes_along(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, document="quote", attach_pdf=True)
    send(operator, shipment(tenant))
    run_workers()

    content = operator.get("invoice_pdf", the_invoice(tenant).public_id).content
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)

    ((files,),) = in_xero(xero, "attachments")
    assert len(files) == 1
    assert "Valid until" in text
    assert "Q-00001" in text


def test_foreign_quote_is_not_found(
    tenant: Tenant, other_tenant: Tenant, xero: SandboxProcess, viewer: Visitor
) -> None:
    operator = trading_company(tenant, xero, document="quote")
    send(operator, shipment(tenant))
    quote: Any = the_invoice(tenant)

    assert viewer.post("quote_invoice", quote.public_id).status_code == 403
    assert Visitor(operator.client, other_tenant).post("quote_invoice", quote.public_id).status_code == 404
    with tenant_scope(tenant):
        assert Invoice.objects.count() == 1


def test_file_says_what_a_shipment_becomes(tenant: Tenant) -> None:
    person = uploads.company(tenant)
    head = [*uploads.USUAL, "Becomes"]
    rows = ([*uploads.line("S-1"), "Quotation"], [*uploads.line("S-2"), ""], [*uploads.line("S-3"), "perhaps"])

    upload = uploads.take_in(tenant, csv_file(head, *rows), by=person)

    with tenant_scope(tenant):
        chosen = dict(Shipment.objects.values_list("number", "document"))
    remarks = [remarks for _, _, _, remarks in uploads.report(tenant, upload)]
    assert chosen == {"S-1": "quote", "S-2": "", "S-3": ""}
    assert remarks[2] == ["“perhaps” is not one of: invoice, quote. Translate it in the column match."]
