"""Bills from shipment costs (F50)."""

import re

import pytest

from freightbridge.background_work.work_kinds import Queue
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment, ShipmentCharge
from tests.freight_factories import CustomerFactory
from tests.web.kinds_company import in_xero, invoices, plain, send, shipment, supplier, the_invoice, trading_company
from tests.web.page_company import Visitor, visitor
from tests.xero_company import run_queue
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]
BOTH = "sales and costs"


def test_shipment_sends_its_sale_and_its_bill(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides=BOTH, attach_pdf=True)
    with tenant_scope(tenant):
        customer = CustomerFactory(name="Murray")
    sent = shipment(tenant, {"supplier": supplier(tenant), "supplier_number": "C-77"}, bill_to=customer)

    send(operator, sent)

    assert in_xero(xero, "type", "number", "status", "total", "contact_name") == [
        ("ACCPAY", "C-77", "AUTHORISED", "880.00", "Carrier Lines"),
        ("ACCREC", "INV-00001", "AUTHORISED", "1375.00", "Murray"),
    ]
    (bill,) = [lines for kind, lines in in_xero_lines(xero) if kind == "ACCPAY"]
    assert [(line["account_code"], line["tax_type"]) for line in bill] == [("300", "INPUT")]
    page = plain(operator.text("shipment", sent.public_id))
    assert "Bill C-77" in page
    assert "Carrier Lines" in page


def in_xero_lines(xero: SandboxProcess) -> list[tuple[str, list[dict[str, str]]]]:
    found = xero.admin("documents", organisation="AU")["documents"]
    return [(one["type"], one["lines"]) for one in found if one["created_by"] == "sandbox-client"]


def test_bill_has_no_pdf_of_ours(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides=BOTH, attach_pdf=True)
    send(operator, shipment(tenant, {"supplier": supplier(tenant), "supplier_number": "C-77"}))
    bill = the_invoice(tenant, kind="bill")

    assert dict(in_xero(xero, "number", "attachments"))["C-77"] == []
    assert operator.get("invoice_pdf", bill.public_id).status_code == 404
    assert "iframe" not in operator.text("invoice", bill.public_id)


def test_suppliers_invoice_for_several_shipments_is_one_bill(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides=BOTH)
    carrier, broker = supplier(tenant), supplier(tenant, "BROKER")
    first = shipment(
        tenant, {"supplier": carrier, "supplier_number": "C-1"}, {"supplier": broker, "supplier_number": "C-1"}
    )
    second = shipment(
        tenant, {"supplier": carrier, "supplier_number": "C-1"}, {"supplier": carrier, "supplier_number": "C-2"}
    )

    send(operator, first, second)

    bills = [row[1:] for row in in_xero(xero, "type", "contact_name", "number", "total") if row[0] == "ACCPAY"]
    assert bills == [
        ("Broker Lines", "C-1", "880.00"),
        ("Carrier Lines", "C-1", "1760.00"),
        ("Carrier Lines", "C-2", "880.00"),
    ]


def test_negative_costs_are_a_suppliers_credit_note(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides=BOTH)
    refund = {"supplier": supplier(tenant), "supplier_number": "CR-9", "unit_price": "-50.00"}

    send(operator, shipment(tenant, refund))

    assert ("ACCPAYCREDIT", "CR-9", "55.00") in in_xero(xero, "type", "number", "total")


def test_costs_stay_here_where_the_rules_send_sales_only(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    sent = shipment(tenant, {"supplier": None})

    send(operator, sent)

    assert in_xero(xero, "type") == [("ACCREC",)]
    with tenant_scope(tenant):
        assert Shipment.objects.get().accounting_state == "in xero"


def test_all_that_a_cost_misses_is_told_with_all_that_the_sale_misses(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides=BOTH)
    stuck = shipment(tenant, {"supplier": None}, incoterm="")

    page = plain(operator.text("shipment", stuck.public_id))

    assert stuck.accounting_state == "not ready"
    for sentence in (
        "No Incoterm: a booking needs one.",
        "Cost FRT has no supplier.",
        "Cost FRT has no number of the supplier's invoice.".replace("'", "&#x27;"),
    ):
        assert sentence in page


def test_whoever_sends_may_leave_the_costs_for_later(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides=BOTH)
    waiting = shipment(tenant, {"supplier": supplier(tenant), "supplier_number": ""})
    dialog = plain(operator.post("send_dialog", shipment=[str(waiting.public_id)]).content.decode())

    send(operator, waiting, sides="sales")
    shown = plain(operator.text("shipment", waiting.public_id))
    mended_and_sent(tenant, operator, waiting)

    assert "Sales only: 1 shipment · AUD 1,250.00" in dialog
    assert "Sales and bills: 0 shipments" in dialog
    assert "Cost FRT has no number" in shown
    assert in_xero(xero, "type", "number") == [("ACCPAY", "C-3"), ("ACCREC", "INV-00001")]


def mended_and_sent(tenant: Tenant, operator: Visitor, waiting: Shipment) -> None:
    """The number comes on the form of the shipment."""
    with tenant_scope(tenant):
        cost = ShipmentCharge.objects.select_related("charge_code").get(side="cost")
    row = {
        "id": cost.pk, "side": "cost", "charge_code": cost.charge_code_id, "quantity": 1, "unit_price": 800,
        "supplier": "CARRIER", "supplier_number": "C-3",
    }  # fmt: skip
    data = {f"charges-0-{name}": value for name, value in row.items()}
    form = operator.text("shipment_edit", waiting.public_id)
    customer = re.search(r'name="customer" value="([^"]+)"', form)
    assert customer is not None
    response = operator.post(
        "shipment_edit", waiting.public_id, number=waiting.number, job_type="booking", status="booked", mode="sea",
        customer=customer[1], incoterm="FOB", declared_value=5000, currency="AUD", etd_date="2026-02-20",
        **{"charges-TOTAL_FORMS": 1, "charges-INITIAL_FORMS": 1, **data},
    )  # fmt: skip
    assert response.status_code == 302, plain(response.content.decode())
    send(operator, waiting)


def test_rules_may_send_sales_only_and_one_send_both(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    sent = shipment(tenant, {"supplier": supplier(tenant), "supplier_number": "C-1"})

    send(operator, sent, sides=BOTH)

    assert sorted(invoices(tenant, "kind")) == ["bill", "sales invoice"]
    assert "There are no such sides" not in operator.text("shipments")
    assert operator.post("send", shipment=[str(sent.public_id)], sides="purchases").status_code == 400


def test_invoices_are_filtered_by_kind(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides=BOTH)
    send(operator, shipment(tenant, {"supplier": supplier(tenant), "supplier_number": "C-1"}))

    bills, sales = (plain(operator.text("invoices", kind=kind)) for kind in ("bill", "sales invoice"))

    assert ("C-1" in bills, "INV-00001" in bills) == (True, False)
    assert ("C-1" in sales, "INV-00001" in sales) == (False, True)


def test_bill_that_we_have_not_paid_says_nothing_about_the_customers_money(
    tenant: Tenant, xero: SandboxProcess
) -> None:
    operator = trading_company(tenant, xero, sides=BOTH)
    send(operator, shipment(tenant, {"supplier": supplier(tenant), "supplier_number": "C-1"}))
    xero.act("pay", document="INV-00001")

    visitor(tenant, "admin").post("check_payments")
    run_queue(Queue.POLL)

    assert dict(invoices(tenant, "number", "xero_document__money_state")) == {"INV-00001": "paid", "C-1": "unpaid"}
    with tenant_scope(tenant):
        assert Shipment.objects.get().money_state == "paid"
