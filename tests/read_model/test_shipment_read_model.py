"""PostgreSQL keeps on each shipment the worst of its documents and of its readiness, whoever writes what."""

from itertools import combinations_with_replacement
from typing import Any

import pytest
from django.db import connection

from freightbridge.tenancy.models import Tenant
from freightbridge.update_rows import update_rows
from integrations.models import XeroConnection, XeroDocument
from invoices.models import BillingEntity, ChargeCode, Customer, Invoice, InvoiceLine, Shipment
from tests.conftest import NOW
from tests.freight_factories import BillingEntityFactory, ChargeCodeFactory, CustomerFactory, ShipmentFactory

pytestmark = pytest.mark.django_db
WORST_FIRST = [
    "attention", "unknown", "sending", "queued", "do not send", "not ready", "ready", "by file", "in xero", "voided",
    "nothing", "cancelled",
]  # fmt: skip
DOCUMENT_STATES = ["queued", "sending", "unknown", "in xero", "attention", "cancelled", "voided", "by file"]
OWN = [("nothing", ""), ("not ready", ""), ("ready", ""), ("ready", "by hand"), ("nothing", "by hand")]
MONEY_STATES = ["", "unpaid", "part-paid", "paid", "credited"]


@pytest.fixture
def freight(in_tenant: Tenant) -> tuple[BillingEntity, Customer, ChargeCode, XeroConnection]:
    connection = XeroConnection.objects.create(organisation_id="a02a6b2f-8fac-5c67-9e32-28a2e710f5a6", name="Harbour")
    return BillingEntityFactory(), CustomerFactory(), ChargeCodeFactory(), connection


def bill(freight: Any, *billed: Shipment, state: str = "queued", money: str = "") -> XeroDocument:
    """An invoice for these shipments, with a document in the given states."""
    entity, customer, code, connection = freight
    invoice = Invoice.objects.create(
        kind="sales invoice", billing_entity=entity, customer=customer, issue_date=NOW.date(), currency="AUD",
        exchange_rate=1, net_total=0, tax_total=0, total=0, created_at=NOW,
    )  # fmt: skip
    for position, shipment in enumerate(billed):
        InvoiceLine.objects.create(
            invoice=invoice, position=position, shipment=shipment, charge_code=code, description="x", quantity=1,
            unit_price=0, tax_code=code.sales_tax_code, tax_rate=10, net_amount=0, tax_amount=0,
        )  # fmt: skip
    return XeroDocument.objects.create(
        connection=connection, invoice=invoice, kind="sales invoice", identity=f"{invoice.pk:026}", state=state,
        money_state=money, currency="AUD", total=0, xero_id=f"{invoice.pk:032x}",
    )  # fmt: skip


def shipment(readiness: str = "nothing", reason: str = "") -> Shipment:
    made: Shipment = ShipmentFactory(bill_to=None, readiness=readiness, do_not_send_reason=reason)
    return made


def shown(one: Shipment) -> tuple[str, str]:
    one.refresh_from_db()
    return one.accounting_state, one.money_state


def place_of_row(one: Shipment) -> str:
    """Another one once the row is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid FROM invoices_shipment WHERE id = %s", [one.pk])
        return str(cursor.fetchone()[0])


def own_state(readiness: str, reason: str) -> str:
    return "do not send" if reason else readiness


def worst_of(*states: str) -> str:
    return min(states, key=WORST_FIRST.index)


@pytest.mark.parametrize(("readiness", "reason"), OWN)
def test_shipment_without_documents_shows_its_readiness(in_tenant: Tenant, readiness: str, reason: str) -> None:
    assert shown(shipment(readiness, reason)) == (own_state(readiness, reason), "")


@pytest.mark.parametrize(("readiness", "reason"), OWN)
def test_every_pair_of_documents_shows_the_worst(freight: Any, readiness: str, reason: str) -> None:
    for pair in combinations_with_replacement(DOCUMENT_STATES, 2):
        one = shipment(readiness, reason)
        for state in pair:
            bill(freight, one, state=state)

        assert shown(one)[0] == worst_of(*pair, own_state(readiness, reason)), pair


@pytest.mark.parametrize("before", DOCUMENT_STATES)
def test_changed_document_changes_its_shipments(freight: Any, before: str) -> None:
    first, second, other = shipment(), shipment("ready"), shipment("not ready")
    document = bill(freight, first, second, state=before)

    for state in DOCUMENT_STATES:
        document.state = state
        document.save()

        assert [shown(one)[0] for one in (first, second, other)] == [
            worst_of(state, "nothing"),
            worst_of(state, "ready"),
            "not ready",
        ]


def test_many_documents_changed_in_one_statement_change_all_their_shipments(freight: Any) -> None:
    documents = [bill(freight, shipment()) for _ in range(30)]
    for number, document in enumerate(documents):
        document.state, document.money_state = ("attention", "") if number % 3 else ("in xero", "paid")

    update_rows(documents, ["state", "money_state"])

    states = list(Shipment.objects.order_by("id").values_list("accounting_state", "money_state"))
    assert states == [("attention", "") if number % 3 else ("in xero", "paid") for number in range(30)]


def test_shipment_that_shows_what_it_showed_is_not_written_again(freight: Any) -> None:
    """A new version of a row has a place in every index of the list."""
    one = shipment()
    bill(freight, one, state="attention")
    other = bill(freight, one)
    before = place_of_row(one)

    other.state = "sending"
    other.save()

    assert place_of_row(one) == before


@pytest.mark.parametrize("readiness", ["nothing", "not ready", "ready"])
def test_changed_readiness_is_weighed_against_the_documents(freight: Any, readiness: str) -> None:
    for state in DOCUMENT_STATES:
        one = shipment()
        bill(freight, one, state=state)

        Shipment.objects.filter(pk=one.pk).update(readiness=readiness)

        assert shown(one)[0] == worst_of(state, readiness), state


def test_mark_not_to_send_is_shown_at_once_and_taken_off_again(freight: Any) -> None:
    one = shipment("ready")
    bill(freight, one, state="in xero")

    Shipment.objects.filter(pk=one.pk).update(do_not_send_reason="Billed by hand")
    marked = shown(one)[0]
    Shipment.objects.filter(pk=one.pk).update(do_not_send_reason="")

    assert (marked, shown(one)[0]) == ("do not send", "ready")


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([], ""),
        ([""], ""),
        (["unpaid"], "unpaid"),
        (["part-paid"], "part-paid"),
        (["paid"], "paid"),
        (["credited"], "credited"),
        (["unpaid", "unpaid"], "unpaid"),
        (["unpaid", "paid"], "part-paid"),
        (["unpaid", "part-paid"], "part-paid"),
        (["unpaid", "credited"], "part-paid"),
        (["paid", "paid"], "paid"),
        (["paid", "credited"], "paid"),
        (["credited", "credited"], "credited"),
        (["paid", ""], "paid"),
        (["unpaid", ""], "unpaid"),
        (["paid", "part-paid", "credited"], "part-paid"),
    ],
)
def test_money_of_all_documents_is_summed_up(freight: Any, states: list[str], expected: str) -> None:
    one = shipment()

    for money in states:
        bill(freight, one, state="in xero", money=money)

    assert shown(one)[1] == expected


@pytest.mark.parametrize("state", [state for state in DOCUMENT_STATES if state != "in xero"])
def test_money_counts_only_where_the_document_is_in_xero(freight: Any, state: str) -> None:
    one = shipment()

    bill(freight, one, state=state, money="paid")

    assert shown(one)[1] == ""


def test_stale_copy_of_a_shipment_does_not_overwrite_what_postgresql_knows(freight: Any) -> None:
    """Somebody edits a shipment that he loaded before the payment came."""
    one = shipment()
    document = bill(freight, one, state="in xero", money="unpaid")
    stale = Shipment.objects.get(pk=one.pk)
    document.money_state = "paid"
    document.save()

    stale.goods = "Machine parts"
    stale.accounting_state = "nothing"
    stale.save()

    assert shown(one) == ("in xero", "paid")


def test_document_without_an_invoice_concerns_no_shipment(freight: Any) -> None:
    one = shipment("ready")
    *_, connection = freight

    XeroDocument.objects.create(
        connection=connection, kind="bill", identity="X", state="attention", currency="AUD", total=0
    )

    assert shown(one) == ("ready", "")
