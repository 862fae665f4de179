import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroConnection, XeroDocument
from invoices.models import Customer, Invoice, Shipment, ShipmentCharge
from tests.freight_factories import CustomerFactory
from tests.web.page_company import Visitor, assessed, company, sent
from tests.web.test_overview_page import listed, words

QUERIES = 20
CELL = re.compile(r'<a href="([^"]+)" aria-label="([^"]+)"')
OPEN = {"money_state": "unpaid", "xero_status": "AUTHORISED"}


def cells(page: str) -> dict[str, str]:
    """By what is read out: where the cell leads."""
    return {unescape(label): unescape(address) for address, label in CELL.findall(page)}


def count_of(label: str) -> int:
    return int(re.search(r": (\d+) over", label)[1])


def rows_of(response: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.fixture
def today(tenant: Tenant) -> date:
    return read_clock().astimezone(tenant.zone).date()


@pytest.fixture
def owed(tenant: Tenant, operator: Visitor, today: date) -> Visitor:
    """An invoice of each age; the last two are of another customer, and the very last one in another currency."""
    company(tenant)
    sent(tenant, assessed(tenant, 6), document=OPEN)
    with tenant_scope(tenant):
        harbour, inland = CustomerFactory(code="HARB", name="Harbour"), CustomerFactory(code="INL", name="Inland")
        for place, invoice in enumerate(Invoice.objects.order_by("id")):
            Invoice.objects.filter(pk=invoice.pk).update(
                due_date=today - timedelta(days=[0, 1, 31, 61, 91, 91][place]),
                customer=harbour if place < 4 else inland,
                currency="AUD" if place < 5 else "NZD",
            )
    return operator


def test_each_cell_leads_to_the_invoices_that_it_counts(owed: Visitor) -> None:
    found = cells(owed.text("receivables"))

    assert {label for label in found if label.startswith("Harbour")} == {
        "Harbour, Not due: 1 over AUD 1,375.00",
        "Harbour, 1–30 days: 1 over AUD 1,375.00",
        "Harbour, 31–60 days: 1 over AUD 1,375.00",
        "Harbour, 61–90 days: 1 over AUD 1,375.00",
        "Harbour, Total: 4 over AUD 5,500.00",
    }
    assert {"Inland, Over 90 days: 1 over AUD 1,375.00", "Inland, Over 90 days: 1 over NZD 1,375.00"} <= set(found)
    assert {"All, Total: 5 over AUD 6,875.00", "All, Total: 1 over NZD 1,375.00"} <= set(found)
    assert {label: listed(owed, address) for label, address in found.items()} == {
        label: count_of(label) for label in found
    }


def test_what_is_paid_or_voided_is_not_owed_and_what_is_paid_in_part_counts_with_the_rest(
    tenant: Tenant, owed: Visitor
) -> None:
    with tenant_scope(tenant):
        first, second, third, *_ = Invoice.objects.order_by("id")
        XeroDocument.objects.filter(invoice=first).update(money_state="part-paid", amount_due=Decimal("75.50"))
        XeroDocument.objects.filter(invoice=second).update(money_state="paid", amount_due=0)
        XeroDocument.objects.filter(invoice=third).update(state="voided", money_state="")

    found = cells(owed.text("receivables"))

    assert {label for label in found if label.startswith("Harbour")} == {
        "Harbour, Not due: 1 over AUD 75.50",
        "Harbour, 61–90 days: 1 over AUD 1,375.00",
        "Harbour, Total: 2 over AUD 1,450.50",
    }


def test_open_credits_stand_beside_what_is_owed(tenant: Tenant, owed: Visitor) -> None:
    with tenant_scope(tenant):
        first = Invoice.objects.order_by("id").first()
        Invoice.objects.filter(pk=first.pk).update(kind="sales credit note")
        XeroDocument.objects.filter(invoice=first).update(kind="sales credit note", amount_due=Decimal(40))

    found = cells(owed.text("receivables"))

    assert "Harbour, Total: 3 over AUD 4,125.00" in found
    assert listed(owed, found["Harbour, Open credits: 1 over AUD 40.00"]) == 1


@pytest.fixture
def unsent(tenant: Tenant, operator: Visitor, today: date) -> Visitor:
    """Two of which something is missing, one ready, one stopped, one on its way; one in Xero and one not to be sent."""
    company(tenant)
    assessed(tenant, 2, incoterm="", list_date=today - timedelta(days=40))
    assessed(tenant, list_date=today - timedelta(days=10))
    problem = {"code": "FB-301", "subject": "FRT", "words": {"charge_code": "FRT", "side": "sales"}}
    sent(
        tenant, assessed(tenant, list_date=today), state="attention", problems=[problem], problem_code="FB-301",
        document={"problem_code": "FB-301"},
    )  # fmt: skip
    sent(tenant, assessed(tenant, list_date=today), state="queued")
    sent(tenant, assessed(tenant), document=OPEN)
    assessed(tenant, do_not_send_reason="Invoiced by hand")
    return operator


def test_unsent_money_is_told_by_cause_and_age(unsent: Visitor) -> None:
    found = cells(unsent.text("receivables").partition("The same by customer")[0])
    unsent_cells = {label: address for label, address in found.items() if "money=unsent" in address}

    assert set(unsent_cells) == {
        "Something is missing, Over 30 days: 2 over AUD 2,500.00",
        "Something is missing, Total: 2 over AUD 2,500.00",
        "Ready, not sent yet, 8–14 days: 1 over AUD 1,250.00",
        "Ready, not sent yet, Total: 1 over AUD 1,250.00",
        "Charge code has no ledger account, Up to 7 days: 1 over AUD 1,250.00",
        "Charge code has no ledger account, Total: 1 over AUD 1,250.00",
        "On its way to Xero, Up to 7 days: 1 over AUD 1,250.00",
        "On its way to Xero, Total: 1 over AUD 1,250.00",
        "All, Up to 7 days: 2 over AUD 2,500.00",
        "All, 8–14 days: 1 over AUD 1,250.00",
        "All, Over 30 days: 2 over AUD 2,500.00",
        "All, Total: 5 over AUD 6,250.00",
    }
    assert {label: listed(unsent, address) for label, address in unsent_cells.items()} == {
        label: count_of(label) for label in unsent_cells
    }


def test_unsent_money_is_told_by_customer(tenant: Tenant, unsent: Visitor) -> None:
    with tenant_scope(tenant):
        ready = Shipment.objects.select_related("bill_to").get(accounting_state="ready")
        name = Customer.objects.get(pk=ready.bill_to_id).name

    found = cells(unsent.text("receivables").partition("The same by customer")[2])

    assert listed(unsent, found[f"{name}, 8–14 days: 1 over AUD 1,250.00"]) == 1


def test_drafts_wait_for_approval_and_are_counted_once(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    operator.post("shipment_draft", assessed(tenant)[0].public_id)

    page = words(operator.text("receivables"))

    assert "waiting for approval: 1 draft over AUD 1,250.00" in page
    assert "Everything earned is in Xero" in page


def test_download_holds_the_table_and_no_cell_runs_as_a_formula(tenant: Tenant, owed: Visitor, today: date) -> None:
    with tenant_scope(tenant):
        Customer.objects.filter(code="HARB").update(name="=1+2")

    response = owed.get("receivables_download", of="owed")

    assert response["Content-Disposition"] == f'attachment; filename="owed-{today:%Y-%m-%d}.csv"'
    header, harbour, *others = rows_of(response)
    assert header[:4] == ["Currency", "Code", "Name", "Not due"]
    assert harbour[:4] == ["AUD", "HARB", "'=1+2", "1375.00"]
    assert harbour[-1] == "5500.00"
    assert [row[0] for row in others] == ["AUD", "NZD"]


@pytest.mark.parametrize(("of", "rows"), [("unsent-by-cause", 4), ("unsent-by-customer", 5)])
def test_download_of_what_is_not_in_xero(unsent: Visitor, of: str, rows: int) -> None:
    _header, *found = rows_of(unsent.get("receivables_download", of=of))

    assert len(found) == rows
    assert sum(Decimal(row[-1]) for row in found) == Decimal("6250.00")


@pytest.mark.parametrize("count", [1, 3])
def test_receivables_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    assessed(tenant, count)
    sent(tenant, assessed(tenant, count), document=OPEN)

    with CaptureQueriesContext(connection) as queries:
        operator.text("receivables")

    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


def test_last_reading_of_payments_is_told(tenant: Tenant, operator: Visitor) -> None:
    assert "Xero is not connected, so no payments are read" in operator.text("receivables")
    company(tenant)
    with tenant_scope(tenant):
        XeroConnection.objects.update(payments_checked_at="2026-03-02T09:30:00Z")

    assert "Payments were last read from Xero 2 Mar 2026, 20:30" in words(operator.text("receivables"))


def test_what_has_no_price_yet_waits_over_nothing(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant, 2)
    with tenant_scope(tenant):
        ShipmentCharge.objects.update(unit_price=None)

    assert any(label.endswith("Total: 2 over AUD 0.00") for label in cells(operator.text("receivables")))


def test_offer_of_a_quote_is_not_earned(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, document="quote"), state="queued")
    with tenant_scope(tenant):
        assert ShipmentCharge.objects.get().quote_id is not None

    assert "Everything earned is in Xero" in operator.text("receivables")
