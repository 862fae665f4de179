"""The one bridge: an invoice, and what a draft would become, as accounting gets them."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from freightbridge.tenancy.models import Tenant
from integrations.mapping.source import ExportableDocument
from integrations.models import XeroConnection, XeroDocument
from invoices.domain.billable_shipments import load_billable
from invoices.domain.draft_input import Draft
from invoices.domain.drafting import draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.models import Invoice, InvoiceLine, Shipment
from invoices.workflows.hand_over_to_accounting import (
    exportable_of_draft,
    exportable_of_invoice,
    source_ids_of,
)
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, ChargeFactory, CustomerFactory, ready_shipment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def draft() -> Draft:
    ids = list(Shipment.objects.order_by("id").values_list("id", flat=True))
    (only,) = group_shipments(one.to_bill for one in load_billable(ids, customer_key="bill to") if one.to_bill)
    return only


def handed_over(one: Draft) -> ExportableDocument:
    (invoice,) = draft_invoices([one], today=TODAY, now=NOW)
    loaded = Invoice.objects.select_related("customer", "billing_entity").get(pk=invoice.pk)
    lines = InvoiceLine.objects.select_related("shipment", "charge_code", "tax_code").order_by("position")
    return exportable_of_invoice(loaded, list(lines), source_id="SHP-1|1")


@pytest.fixture(autouse=True)
def _two_shipments(in_tenant: Tenant) -> None:
    BillingEntityFactory()
    customer = CustomerFactory(
        code="ALOK", name="Alok", grouping="monthly", street="1 Wharf Road", city="Sydney", tax_number="51 824"
    )
    first = ready_shipment(number="DN-1", bill_to=customer, customer_reference="PO-1", references={"awb": ["AWB-1"]})
    ready_shipment(number="DN-2", bill_to=customer, customer_reference="PO-2", references={"awb": ["AWB-1"]})
    ChargeFactory(shipment=first, quantity=2, unit_price=Decimal("10.00"), discount_percent=50)


def test_invoice_is_handed_over_whole() -> None:
    document = handed_over(draft())

    assert (document.kind, document.currency, document.base_currency) == ("sales invoice", "AUD", "AUD")
    assert (document.party.code, document.party.name, document.party.street) == ("ALOK", "Alok", "1 Wharf Road")
    assert (document.customer_reference, document.all_references) == ("PO-1, PO-2", ("PO-1", "AWB-1", "PO-2"))
    assert document.shipment_numbers == ("DN-1", "DN-2")
    assert (document.net_total, document.tax_total) == (Decimal("2510.00"), Decimal("251.00"))
    assert document.source_id == "SHP-1|1"


def test_each_line_says_whose_it_is() -> None:
    document = handed_over(draft())

    assert [(line.description, line.net_amount) for line in document.lines] == [
        ("Ocean freight · DN-1 · PO-1", Decimal("1250.00")),
        ("Ocean freight · DN-1 · PO-1", Decimal("10.00")),
        ("Ocean freight · DN-2 · PO-2", Decimal("1250.00")),
    ]


def test_lines_add_up_to_the_totals() -> None:
    document = handed_over(draft())

    assert sum(line.net_amount for line in document.lines) == document.net_total
    assert sum(line.tax_amount for line in document.lines) == document.tax_total


def test_preview_is_what_will_be_handed_over_but_for_the_number() -> None:
    """What the check beforehand judges must be what is sent."""
    one = draft()
    preview = exportable_of_draft(one, Shipment.objects.first().bill_to, today=TODAY)  # type: ignore[union-attr, arg-type]

    document = handed_over(one)

    unlike = {"number", "source_id"}
    fields = [name for name in ExportableDocument.__dataclass_fields__ if name not in unlike]
    assert {name: getattr(preview, name) for name in fields} == {name: getattr(document, name) for name in fields}


def test_source_is_named_by_nothing_random() -> None:
    """The same shipments, uploaded again after a restore, are known for what they are."""
    (first,) = draft_invoices([draft()], today=TODAY, now=NOW)
    lines = {first.pk: list(InvoiceLine.objects.select_related("shipment").filter(invoice=first))}

    assert source_ids_of([first], lines) == {first.pk: "DN-1|1"}


def test_second_invoice_of_a_shipment_has_a_name_of_its_own() -> None:
    (first,) = draft_invoices([draft()], today=TODAY, now=NOW)
    connection = XeroConnection.objects.create(organisation_id=uuid.uuid4(), name="Harbour", connected_at=NOW)
    XeroDocument.objects.create(
        connection=connection,
        invoice=first,
        kind=first.kind,
        identity="A" * 26,
        source_name="DN-1",
        currency="AUD",
        total=1,
    )
    second = Invoice.objects.create(
        kind=first.kind, billing_entity=first.billing_entity, customer=first.customer, issue_date=TODAY,
        currency="AUD", exchange_rate=1, net_total=1, tax_total=0, total=1, created_at=NOW,
    )  # fmt: skip
    lines = {second.pk: list(InvoiceLine.objects.select_related("shipment").filter(invoice=first))}

    assert source_ids_of([second], lines) == {second.pk: "DN-1|2"}
