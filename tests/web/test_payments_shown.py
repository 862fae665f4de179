"""Each state of a document's money, as the payments tab of its shipment and the page of the invoice show it."""

import re
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Invoice, Shipment
from tests.web.page_company import Visitor, assessed, company, sent, visitor

pytestmark = pytest.mark.django_db


def settled_by(*lines: tuple[str, str, str, str]) -> list[dict[str, str]]:
    return [{"id": "x", "date": date, "amount": amount, "kind": kind, "number": no} for date, amount, kind, no in lines]


def amounts(due: str, paid: str = "0", credited: str = "0") -> dict[str, Decimal]:
    return {"amount_due": Decimal(due), "amount_paid": Decimal(paid), "amount_credited": Decimal(credited)}


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "unpaid": ({"money_state": "unpaid", **amounts("110")}, ["Unpaid", "AUD 110.00", "none"]),
    "part-paid": (
        {
            "money_state": "part-paid",
            "payments": settled_by(("2026-11-20", "1040.00", "payment", "")),
            **amounts("70", "1040"),
        },
        ["Part-paid", "20 Nov 2026 · AUD 1,040.00", "AUD 70.00"],
    ),
    "paid": (
        {
            "money_state": "paid",
            "payments": settled_by(
                ("2026-11-20", "40.00", "payment", ""), ("2026-11-21", "70.00", "credit note", "CN-1")
            ),
            **amounts("0", "40", "70"),
        },
        ["Paid", "20 Nov 2026 · AUD 40.00", "21 Nov 2026 · AUD 70.00 credit note CN-1"],
    ),
    "credited": (
        {"money_state": "credited", "payments": settled_by(("", "110.00", "credit note", "CN-1")), **amounts("0")},
        ["Credited", "AUD 110.00 credit note CN-1"],
    ),
    "overpaid elsewhere": (
        {"money_state": "paid", "payments": settled_by(("2026-11-20", "110.00", "overpayment", "")), **amounts("0")},
        ["Paid", "20 Nov 2026 · AUD 110.00 overpayment"],
    ),
    "taken back": ({"money_state": "unpaid", "payments": [], **amounts("110")}, ["Unpaid", "none"]),
}


@pytest.fixture
def operator(tenant: Tenant) -> Visitor:
    company(tenant)
    return visitor(tenant, "operator")


def show(tenant: Tenant, operator: Visitor, **document: Any) -> tuple[str, str]:
    """The words of the tab and of the page."""
    sent(tenant, assessed(tenant), document=document)
    return words(operator.text("shipment_payments", id_of(tenant, Shipment))), words(
        operator.text("invoice", id_of(tenant, Invoice))
    )


def id_of(tenant: Tenant, model: type[Shipment] | type[Invoice]) -> UUID:
    with tenant_scope(tenant):
        return UUID(str(model.objects.get().public_id))


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.partition('id="live"')[2]).split())


@pytest.mark.parametrize("case", CASES)
def test_state_and_what_settled_it_are_shown(tenant: Tenant, operator: Visitor, case: str) -> None:
    document, expected = CASES[case]

    tab, page = show(tenant, operator, **document)

    assert [text for text in expected if text not in tab] == []
    assert [text for text in expected if text not in page] == []


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"state": "voided", "xero_status": "VOIDED", "money_state": ""}, "voided"),
        ({"xero_status": "DRAFT", "money_state": ""}, "not approved in Xero"),
        ({"state": "queued", "xero_id": None, "money_state": ""}, "not in Xero yet"),
    ],
    ids=["voided", "draft", "queued"],
)
def test_where_nothing_is_to_be_paid_it_says_why(
    tenant: Tenant, operator: Visitor, document: dict[str, Any], expected: str
) -> None:
    tab, page = show(tenant, operator, **document)

    assert f" {expected} AUD " in tab
    assert "Still due" not in page


def test_voided_document_is_voided_everywhere(tenant: Tenant, operator: Visitor) -> None:
    tab, page = show(tenant, operator, state="voided", xero_status="VOIDED", money_state="")

    assert "Voided" in tab
    assert "Voided" in page
