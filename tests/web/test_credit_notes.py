"""Invoices and bills are credited, whole or in part, and the credit is set against them (F51)."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, SyncJob, TaxRule
from invoices.models import Invoice, InvoiceLine, Shipment
from invoices.pdf.printed_invoice import printed_invoice
from tests.sending import go_on, jobs, quiet_over
from tests.web.kinds_company import (
    credit,
    in_xero,
    invoices,
    plain,
    send,
    shipment,
    supplier,
    the_invoice,
    trading_company,
)
from tests.web.page_company import Visitor, assessed, sent, visitor
from tests.web.page_company import company as offline
from tests.xero_company import run_queue, run_workers
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("everything_polled")]


def money_in_xero(xero: SandboxProcess) -> dict[str, tuple[str, str]]:
    """By number: status, and what is open or left."""
    found = xero.admin("documents", organisation="AU")["documents"]
    return {
        one["number"]: (one["status"], one.get("amount_due", one.get("remaining_credit")))
        for one in found
        if one["created_by"] == "sandbox-client"
    }


def line_of(tenant: Tenant, invoice: Invoice) -> int:
    with tenant_scope(tenant):
        return int(InvoiceLine.objects.get(invoice=invoice).pk)


def told(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        entries = AccountingLogEntry.objects.filter(event__in=["allocated", "left as credit"])
        return list(entries.order_by("id").values_list("text", flat=True))


def invoiced(tenant: Tenant, operator: Visitor, **fields: Any) -> Invoice:
    send(operator, shipment(tenant, **fields))
    return the_invoice(tenant)


def test_invoice_is_credited_whole_and_both_pages_tell(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator, number="SHP-9")

    response = credit(operator, billed)

    note = the_invoice(tenant, kind="sales credit note")
    assert response["Location"].endswith(f"/invoices/{note.public_id}/")
    assert money_in_xero(xero) == {"INV-00001": ("PAID", "0.00"), "CN-00001": ("PAID", "0.00")}
    assert told(tenant) == ["1375.00 AUD is set against INV-00001."]
    page = plain(operator.text("invoice", billed.public_id))
    assert "Credited by CN-00001" in page
    assert "Wrong price 1375.00 AUD is set against INV-00001." in page
    assert "All of it is credited already." in page
    assert "Credits INV-00001" in plain(operator.text("invoice", note.public_id))
    with tenant_scope(tenant):
        public_id = InvoiceLine.objects.filter(invoice=note).select_related("shipment").get().shipment.public_id
    assert "1375.00 AUD is set against INV-00001." in plain(operator.text("shipment_integration", public_id))


def test_money_of_both_is_read_right_after(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    credit(operator, billed)
    run_queue(Queue.POLL)

    states = invoices(tenant, "number", "xero_document__money_state")
    assert states == [("INV-00001", "credited"), ("CN-00001", "credited")]


@pytest.mark.parametrize(
    ("fields", "total"),
    [({"quantity": "0.4"}, "550.00"), ({"amount": "100"}, "110.00"), ({"amount": "0.01"}, "0.01")],
)
def test_part_of_a_line_is_credited(tenant: Tenant, xero: SandboxProcess, fields: dict[str, str], total: str) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    pk = line_of(tenant, billed)

    credit(operator, billed, whole="part", **{f"{name}-{pk}": value for name, value in fields.items()})

    assert money_in_xero(xero)["INV-00001"] == ("AUTHORISED", str(Decimal("1375.00") - Decimal(total)))
    assert the_invoice(tenant, kind="sales credit note").total == Decimal(total)


@pytest.mark.parametrize("first", [{"quantity": "0.4"}, {"amount": "500"}])
def test_rest_is_credited_after_a_part(tenant: Tenant, xero: SandboxProcess, first: dict[str, str]) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    pk = line_of(tenant, billed)
    credit(operator, billed, whole="part", **{f"{name}-{pk}": value for name, value in first.items()})

    credit(operator, billed)

    assert money_in_xero(xero)["INV-00001"] == ("PAID", "0.00")
    assert [str(total) for total in invoices(tenant, "total", kind="sales credit note")] == ["550.00", "825.00"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"quantity": "1.5"}, "Line 1: At most 1."),
        ({"amount": "1250.01"}, "Line 1: At most 1250.00 before tax is left."),
        ({"amount": "-1"}, "Line 1: At most 1250.00 before tax is left."),
        ({"quantity": "1", "amount": "1"}, "Line 1: Say either how many or how much."),
        ({}, "Nothing is to be credited: enter a quantity or an amount beside a line."),
    ],
)
def test_more_than_is_left_is_not_credited(
    tenant: Tenant, xero: SandboxProcess, fields: dict[str, str], sentence: str
) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    pk = line_of(tenant, billed)

    response = credit(operator, billed, whole="part", **{f"{name}-{pk}": value for name, value in fields.items()})

    assert sentence in plain(response.content.decode())
    assert invoices(tenant, "kind") == ["sales invoice"]


def test_credit_beyond_what_is_open_stays_as_credit_and_says_so(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    xero.act("pay", document="INV-00001", amount="1000.00")

    credit(operator, billed)

    assert money_in_xero(xero) == {"INV-00001": ("PAID", "0.00"), "CN-00001": ("AUTHORISED", "1000.00")}
    assert told(tenant) == ["375.00 AUD is set against INV-00001. 1000.00 AUD stays as credit."]


def test_credit_of_a_paid_invoice_stays_as_credit_and_says_so(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    xero.act("pay", document="INV-00001")

    credit(operator, billed)

    assert money_in_xero(xero)["CN-00001"] == ("AUTHORISED", "1375.00")
    assert told(tenant) == ["Nothing of INV-00001 is open any more. 1375.00 AUD stays as credit."]
    assert "1375.00 AUD stays as credit." in plain(operator.text("invoice", billed.public_id))


def test_drafts_are_set_off_once_people_have_approved_them_in_xero(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, target_status="DRAFT")
    billed = invoiced(tenant, operator)
    credit(operator, billed)
    waiting = plain(operator.text("invoice", billed.public_id))
    before = jobs(tenant, "operation", "state")

    for number in ("INV-00001", "CN-00001"):
        xero.act("approve", document=number)
    with tenant_scope(tenant):
        # What waits in the outbox would have the first turn in the lane.
        SyncJob.objects.filter(finished_at=None).update(next_at=read_clock() + timedelta(hours=1))
    operator_checks = visitor(tenant, "admin")
    operator_checks.post("check_payments")
    run_queue(Queue.POLL)
    go_on(tenant)

    assert "Is set off once both are approved in Xero." in waiting
    assert before[-1] == ("allocate", "sending")
    assert money_in_xero(xero) == {"INV-00001": ("PAID", "0.00"), "CN-00001": ("PAID", "0.00")}


@pytest.mark.parametrize("fault", ["lost_answer", "reset_before"])
def test_allocation_is_made_once_whatever_happens(tenant: Tenant, xero: SandboxProcess, fault: str) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    pk = line_of(tenant, billed)
    xero.fault(fault, method="PUT", path="/Allocations", times=1)

    credit(operator, billed, whole="part", **{f"amount-{pk}": "100"})
    for _ in range(3):
        quiet_over(tenant)
        go_on(tenant)

    assert money_in_xero(xero) == {"INV-00001": ("AUTHORISED", "1265.00"), "CN-00001": ("PAID", "0.00")}
    assert jobs(tenant, "state") == ["done"] * 3


def test_bill_is_credited_under_the_suppliers_number(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero, sides="sales and costs")
    send(operator, shipment(tenant, {"supplier": supplier(tenant), "supplier_number": "C-7"}))
    bill = the_invoice(tenant, kind="bill")
    unnamed = credit(operator, bill)

    credit(operator, bill, number="CR-7")

    assert "This field is required." in unnamed.content.decode()
    assert ("ACCPAYCREDIT", "CR-7", "PAID") in in_xero(xero, "type", "number", "status")
    assert money_in_xero(xero)["C-7"] == ("PAID", "0.00")
    assert "Credited by CR-7" in plain(operator.text("invoice", bill.public_id))


def test_second_click_finds_the_first_ones_credit_note(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    pk, token = line_of(tenant, billed), str(uuid.uuid4())

    for _ in range(2):
        credit(operator, billed, whole="part", form_token=token, **{f"amount-{pk}": "100"})

    assert invoices(tenant, "number") == ["INV-00001", "CN-00001"]


def test_credit_that_is_stopped_is_set_off_after_the_mend(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    billed = invoiced(tenant, operator)
    with tenant_scope(tenant):
        rule = TaxRule.objects.get(side="sales")
        rule.delete()
    credit(operator, billed)
    stopped = jobs(tenant, "operation", "state", "problem_code")
    note = the_invoice(tenant, kind="sales credit note")
    page = plain(operator.text("shipment", shipment_id(tenant)))

    with tenant_scope(tenant):
        TaxRule.objects.create(connection_id=rule.connection_id, side="sales", tax_code="GST", tax_type="OUTPUT")
    operator.post("invoice_send_again", note.public_id)
    run_workers()

    assert stopped[1:] == [("create", "attention", "FB-304"), ("allocate", "queued", "")]
    assert "Tax code GST has no tax rate in Xero for sales." in page
    assert money_in_xero(xero) == {"INV-00001": ("PAID", "0.00"), "CN-00001": ("PAID", "0.00")}


def shipment_id(tenant: Tenant) -> Any:
    with tenant_scope(tenant):
        return Shipment.objects.get().public_id


def test_credit_note_says_on_its_pdf_what_it_credits(tenant: Tenant, xero: SandboxProcess) -> None:
    operator = trading_company(tenant, xero)
    credit(operator, invoiced(tenant, operator))

    note = the_invoice(tenant, kind="sales credit note")
    with tenant_scope(tenant):
        facts = dict(printed_invoice(note).facts)
    assert (facts["Credits"], facts["Reason"]) == ("INV-00001", "Wrong price")
    assert "Due" not in facts


@pytest.mark.parametrize(("state", "sentence"), [("queued", "It is not in Xero"), ("voided", "It is voided in Xero.")])
def test_only_what_is_in_xero_is_credited(tenant: Tenant, operator: Visitor, state: str, sentence: str) -> None:
    offline(tenant)
    xero_id = {} if state == "queued" else {"xero_id": uuid.uuid4()}
    sent(tenant, assessed(tenant), state="queued", document={"state": state, **xero_id})
    billed = the_invoice(tenant)

    assert sentence in plain(operator.text("invoice_credit", billed.public_id))
    assert "disabled" in operator.text("invoice", billed.public_id)


def test_viewer_sees_why_he_may_not_credit(tenant: Tenant, viewer: Visitor) -> None:
    offline(tenant)
    sent(tenant, assessed(tenant))
    billed = the_invoice(tenant)

    assert viewer.get("invoice_credit", billed.public_id).status_code == 403
    assert "Your role is Viewer" in viewer.text("invoice", billed.public_id)
