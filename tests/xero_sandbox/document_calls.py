"""Calls on /Invoices that many tests make."""

from typing import Any

from tests.xero_sandbox.company_client import Company, sales_invoice


def put(company: Company, *invoices: dict[str, Any], **query: Any) -> Any:
    return company.put("Invoices", {"Invoices": list(invoices)}, **query)


def post(company: Company, *invoices: dict[str, Any], **query: Any) -> Any:
    return company.post("Invoices", {"Invoices": list(invoices)}, **query)


def errors_of(reply: Any) -> list[str]:
    """The messages of the only element, summarised or not."""
    body = reply.json
    (element,) = body.get("Elements") or body["Invoices"]
    return [error["Message"] for error in element["ValidationErrors"]]


def refused(company: Company, **fields: Any) -> list[str]:
    reply = put(company, sales_invoice(**fields))
    assert reply.status == 400, reply.text
    return errors_of(reply)


def with_id(invoice: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"InvoiceID": invoice["InvoiceID"]} | fields


def read(company: Company, invoice: dict[str, Any]) -> dict[str, Any]:
    return company.get(f"Invoices/{invoice['InvoiceID']}").json["Invoices"][0]
