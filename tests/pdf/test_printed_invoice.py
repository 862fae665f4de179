from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from integrations.mapping.fingerprint import fingerprint
from invoices.domain.billable_shipments import load_billable
from invoices.domain.drafting import draft_invoices
from invoices.domain.grouping import group_shipments
from invoices.models import BillingEntity, Invoice, InvoiceLine, Shipment
from invoices.pdf.invoice_view_model import InvoiceView
from invoices.pdf.printed_invoice import (
    MOST_APART,
    MOST_LINES,
    TooLongForPdfError,
    printable_invoices,
    printed_invoice,
)
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, ChargeFactory, CustomerFactory, ready_shipment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _entity(in_tenant: Tenant) -> None:
    BillingEntityFactory(
        email="billing@acme.example", phone="02 5550", bank_details="BSB 1\nAccount 2", invoice_terms="30 days"
    )


def invoice_of(*shipments: Shipment) -> Invoice:
    billable = load_billable([one.pk for one in shipments], customer_key="bill to")
    (made,) = draft_invoices(group_shipments(one.to_bill for one in billable if one.to_bill), today=NOW.date(), now=NOW)
    return made


def view_of(invoice: Invoice) -> InvoiceView:
    """As a worker reads it."""
    return printed_invoice(printable_invoices().get(pk=invoice.pk))


def test_invoice_is_put_into_the_words_of_its_pdf() -> None:
    customer = CustomerFactory(
        code="ALOK", name="Alok", street="1 Road", city="Mumbai", postal_code="400", country="India"
    )
    shipment = ready_shipment(number="DN-1", bill_to=customer, customer_reference="PO-1", weight_kg=Decimal("12.500"))

    view = view_of(invoice_of(shipment))

    assert (view.title, view.number, view.currency, view.totals.total) == ("Invoice", "Draft", "AUD", "1,375.00")
    assert view.totals.in_words == "One thousand three hundred seventy-five Australian dollars"
    assert (view.customer.name, view.customer.lines) == ("Alok", ("1 Road", "Mumbai 400", "India"))
    assert view.seller_contact == "billing@acme.example · 02 5550"
    assert view.facts == (
        ("Date", "2 Mar 2026"),
        ("Due", "1 Apr 2026"),
        ("Customer", "ALOK"),
        ("Your reference", "PO-1"),
        ("Currency", "AUD"),
    )
    printed = view.shipment
    assert printed is not None
    assert (printed.number, printed.route, printed.references) == ("DN-1", "AUSYD → NZAKL", "PO-1")
    assert printed.details == "Sea · FOB · 12.5 kg · ETD\xa020\xa0Feb\xa02026"
    assert (view.bank_details, view.terms) == (("BSB 1", "Account 2"), ("30 days",))


def test_foreign_invoice_tells_its_rate() -> None:
    view = view_of(invoice_of(ready_shipment(currency="USD", exchange_rate="0.654321")))

    assert view.facts[-2:] == (("Currency", "USD"), ("Exchange rate", "0.654321 USD = 1 AUD"))


def test_lines_stand_under_their_shipment_where_there_are_several() -> None:
    customer = CustomerFactory(grouping="monthly")
    one, two = (ready_shipment(number=number, bill_to=customer) for number in ("DN-1", "DN-2"))
    ChargeFactory(shipment=two, unit_price=Decimal(100))

    single = view_of(invoice_of(ready_shipment(number="DN-9")))
    several = view_of(invoice_of(one, two))

    assert (single.heads_charges, several.heads_charges, several.shipment) == (False, True, None)
    assert [charges.shipment.number for charges in several.charges if charges.shipment] == ["DN-1", "DN-2"]
    assert [(len(charges.lines), charges.net) for charges in several.charges] == [(1, ""), (2, "1,350.00")]


@pytest.mark.parametrize(
    ("kind", "fields", "title", "due_words"),
    [
        ("sales invoice", {"tax_number": "51 824 753 556"}, "Tax invoice", "Amount due"),
        ("sales invoice", {"tax_number": ""}, "Invoice", "Amount due"),
        ("sales invoice", {"tax_number": "DE123456789", "country": "DE"}, "Invoice", "Amount due"),
        ("sales credit note", {"tax_number": "1001", "country": "AE"}, "Tax credit note", "Credit"),
        ("sales credit note", {"tax_number": "51 824 753 556"}, "Credit note", "Credit"),
        ("quote", {"tax_number": "51 824 753 556"}, "Quote", "Total"),
    ],
)
def test_document_is_called_as_its_kind_and_country_ask(
    kind: str, fields: dict[str, str], title: str, due_words: str
) -> None:
    BillingEntity.objects.update(**fields)
    invoice = invoice_of(ready_shipment())
    Invoice.objects.update(kind=kind)

    view = view_of(invoice)

    assert (view.title, view.totals.due_words) == (title, due_words)
    assert bool(view.bank_details) == (kind == "sales invoice")
    assert bool(view.terms) == (kind != "sales credit note")
    assert bool(view.notes) == (kind != "sales invoice")


@pytest.mark.parametrize(
    ("country", "chosen", "paper"),
    [
        ("Australia", "", "A4"),
        ("US", "", "letter"),
        ("Canada", "", "letter"),
        ("US", "A4", "A4"),
        ("DE", "letter", "letter"),
    ],
)
def test_paper_is_the_entitys_or_its_countrys(country: str, chosen: str, paper: str) -> None:
    BillingEntity.objects.update(country=country, paper_size=chosen)

    assert view_of(invoice_of(ready_shipment())).paper == paper


def test_logo_of_the_entity_is_in_the_view_and_in_its_fingerprint() -> None:
    invoice = invoice_of(ready_shipment())
    without = view_of(invoice)
    entity = BillingEntity.objects.get()
    logo = store_file(b"a picture", content_type="image/png", now=NOW)
    BillingEntity.objects.filter(pk=entity.pk).update(logo=logo)

    having = view_of(invoice)

    assert (without.logo, having.logo) == ("", "data:image/png;base64,YSBwaWN0dXJl")
    assert fingerprint(without) != fingerprint(having) == fingerprint(view_of(invoice))


def test_yen_are_printed_without_places_and_foreign_tax_in_our_own_money_too() -> None:
    yen = view_of(invoice_of(ready_shipment(currency="JPY", exchange_rate="97.35")))

    assert (yen.totals.total, yen.charges[0].lines[0].unit_price) == ("1,375", "1,250")
    assert yen.totals.in_words == "One thousand three hundred seventy-five Japanese yen"
    assert yen.totals.base_tax == ("Tax in AUD", "1.28")


def test_discount_has_a_column_only_where_there_is_one() -> None:
    plain, reduced = ready_shipment(), ready_shipment()
    ChargeFactory(shipment=reduced, discount_percent=Decimal("12.5"), unit_price=Decimal(100))

    without, having = view_of(invoice_of(plain)), view_of(invoice_of(reduced))

    assert (without.has_discounts, having.has_discounts) == (False, True)
    assert [line.discount for line in having.charges[0].lines] == ["", "12.5 %"]


def long_invoice(count: int) -> Invoice:
    invoice = invoice_of(ready_shipment(number="SHP-1"))
    first = InvoiceLine.objects.get()
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            invoice=invoice, position=position, charge_code_id=first.charge_code_id, description="x", quantity=1,
            unit_price=2, tax_code_id=first.tax_code_id, tax_rate=10, net_amount=2, tax_amount=0,
        )
        for position in range(2, count + 1)
    )  # fmt: skip
    return invoice


@pytest.mark.parametrize("count", [MOST_LINES, MOST_LINES + 1])
def test_of_a_long_invoice_each_shipment_is_summed_and_the_lines_follow(count: int) -> None:
    printed = view_of(long_invoice(count))

    whole = printed.lines_apart or printed.charges
    assert sum(len(own.lines) for own in whole) == count
    sums = [(line.description, line.net) for own in printed.charges for line in own.lines]
    if count > MOST_LINES:
        assert sums == [("SHP-1: 1 charge", "1,250.00"), ("Without a shipment: 2,000 charges", "4,000.00")]
        assert printed.notes == ("Its 2,001 lines follow on pages of their own.",)
    else:
        assert (len(sums), printed.lines_apart, printed.notes) == (count, (), ())


def test_invoice_that_is_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(TooLongForPdfError, match="more than 10,000 lines"):
        view_of(long_invoice(MOST_APART + 1))


def test_number_of_queries_does_not_grow() -> None:
    customer = CustomerFactory(grouping="monthly")
    counts = []
    for number in (1, 10):
        invoice = invoice_of(*(ready_shipment(bill_to=customer) for _ in range(number)))
        with CaptureQueriesContext(connection) as queries:
            view_of(invoice)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 3
    assert BillingEntity.objects.count() == 1
