from typing import Any

import pytest

from tests.xero_sandbox.company_client import Company, line, sales_invoice
from tests.xero_sandbox.document_calls import errors_of, post, put, read, with_id
from tests.xero_sandbox.sandbox_process import SandboxProcess

ALL_TOTALS = {"SubTotal": "100.00", "TotalTax": "10.00", "Total": "110.03"}


@pytest.fixture
def opted_in(sandbox: SandboxProcess, au: Company) -> Company:
    sandbox.act("set_rounding_opt_in", organisation="AU")
    return au


def total_and_rounding(reply: Any) -> tuple[float, float | None]:
    (invoice,) = reply.json["Invoices"]
    return invoice["Total"], invoice.get("RoundingAmount")


def test_total_is_computed_whatever_the_client_sends(au: Company) -> None:
    reply = put(au, sales_invoice(Status="AUTHORISED", RoundingAmount="0.03", **ALL_TOTALS))

    assert total_and_rounding(reply) == (110.0, None)


def test_rounding_is_taken_where_opted_in_beside_all_totals(opted_in: Company) -> None:
    reply = put(opted_in, sales_invoice(Status="AUTHORISED", RoundingAmount="0.03", **ALL_TOTALS))

    assert total_and_rounding(reply) == (110.03, 0.03)


def test_rounding_without_all_totals_is_ignored(opted_in: Company) -> None:
    reply = put(opted_in, sales_invoice(Status="AUTHORISED", RoundingAmount="0.03", Total="110.03"))

    assert total_and_rounding(reply) == (110.0, 0.0)


@pytest.mark.parametrize("amount", ["0.11", "-0.11", "0.005"])
def test_rounding_out_of_range_is_refused_once_approved(opted_in: Company, amount: str) -> None:
    approved = put(opted_in, sales_invoice(Status="SUBMITTED", RoundingAmount=amount, **ALL_TOTALS))
    draft = put(opted_in, sales_invoice(RoundingAmount=amount))

    assert errors_of(approved) == ["RoundingAmount must be between -0.10 and 0.10."]
    assert total_and_rounding(draft) == (110.0, 0.0)


def test_rounding_is_not_shown_in_lists(opted_in: Company) -> None:
    (invoice,) = put(opted_in, sales_invoice(RoundingAmount="-0.10")).json["Invoices"]

    (listed,) = opted_in.get("Invoices", page=1).json["Invoices"]

    assert read(opted_in, invoice)["RoundingAmount"] == -0.1
    assert (listed["Total"], "RoundingAmount" in listed) == (109.9, False)


def test_person_nudges_a_total_until_the_lines_change(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")
    sandbox.act("nudge_total", document=invoice["InvoiceID"], by="-0.02")

    nudged = read(au, invoice)
    post(au, with_id(invoice, Reference="as before"))
    kept = read(au, invoice)
    post(au, with_id(invoice, LineItems=[line(UnitAmount="200")]))

    assert (nudged["Total"], nudged["SubTotal"], nudged["TotalTax"]) == (109.98, 100.0, 10.0)
    assert (nudged["AmountDue"], kept["Total"], read(au, invoice)["Total"]) == (109.98, 109.98, 220.0)


def test_person_cannot_nudge_by_more_than_ten_cents(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice()

    why = sandbox.refused_act("nudge_total", document=invoice["InvoiceID"], by="0.11")

    assert why == "RoundingAmount must be between -0.10 and 0.10."
    assert read(au, invoice)["Total"] == 110.0
