"""
Quotes, sales invoices and purchase orders of Xero's as what a shipment could be made of.

Sources: developer.xero.com/documentation/api/accounting/quotes, …/invoices, and the schema PurchaseOrder of Xero's
accounting OpenAPI file.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from integrations.xero_gateway.answered_moments import date_of

Element = dict[str, Any]
# Texts by name, and the lines by their ids: {"reference": …, "lines": {"<id>": {"description": …}}}.
Content = dict[str, Any]
QUOTED, BILLED, ORDERED = {"ACCEPTED", "INVOICED"}, {"AUTHORISED", "PAID"}, {"AUTHORISED", "BILLED"}
FOUR_PLACES = Decimal("0.0001")
LONGEST_TEXT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundElement:
    """`is_wanted`: its status makes it worth importing; news of one that was imported counts in any status."""

    kind: str
    xero_id: str
    number: str
    contact_id: str
    contact_name: str
    currency: str
    total: Decimal
    status: str
    is_wanted: bool
    content: Content
    url: str = ""


def quote_found(element: Element) -> FoundElement:
    return _found(element, kind="quote", name="Quote", wanted=QUOTED)


def invoice_found(element: Element) -> FoundElement:
    """Bills are no freight of ours."""
    found = _found(element, kind="sales invoice", name="Invoice", wanted=BILLED)
    return found if element["Type"] == "ACCREC" else _unwanted(found)


def order_found(element: Element) -> FoundElement:
    return _found(element, kind="purchase order", name="PurchaseOrder", wanted=ORDERED)


def _found(element: Element, *, kind: str, name: str, wanted: set[str]) -> FoundElement:
    contact = element.get("Contact", {})
    return FoundElement(
        kind=kind,
        xero_id=element[f"{name}ID"],
        number=element.get(f"{name}Number", ""),
        contact_id=contact.get("ContactID", ""),
        contact_name=contact.get("Name", ""),
        currency=element.get("CurrencyCode", ""),
        total=_decimal(element.get("Total")),
        status=element["Status"],
        is_wanted=element["Status"] in wanted,
        content=_content(element),
        url=element.get("Url", ""),
    )


def _unwanted(found: FoundElement) -> FoundElement:
    return FoundElement(**{name: getattr(found, name) for name in FoundElement.__slots__} | {"is_wanted": False})


def _content(element: Element) -> Content:
    lines = [line for line in element.get("LineItems", ()) if line.get("Description") or line.get("LineAmount")]
    has_tax_inside = str(element.get("LineAmountTypes", "")).upper() == "INCLUSIVE"
    arrival = date_of(element.get("ExpectedArrivalDate")) or date_of(element.get("DeliveryDate"))
    return {
        "reference": element.get("Reference", "")[:255],
        "currency": element.get("CurrencyCode", ""),
        "exchange_rate": f"{_decimal(element.get('CurrencyRate', 1)):.6f}",
        "eta_date": arrival.isoformat() if arrival else "",
        "goods": "; ".join(line.get("Description", "") for line in lines)[:LONGEST_TEXT],
        "lines": {line["LineItemID"]: _line(line, has_tax_inside=has_tax_inside) for line in lines},
    }


def _line(line: Element, *, has_tax_inside: bool) -> dict[str, str]:
    """Prices before tax; where they come with tax inside, the discount stands in them too."""
    quantity, unit_price = _decimal(line.get("Quantity")), _decimal(line.get("UnitAmount"))
    discount = _decimal(line.get("DiscountRate"))
    if has_tax_inside and quantity:
        net = _decimal(line.get("LineAmount")) - _decimal(line.get("TaxAmount"))
        unit_price, discount = net / quantity, Decimal(0)
    return {
        "description": line.get("Description", "")[:LONGEST_TEXT],
        "item_code": line.get("ItemCode", ""),
        "quantity": str(_four(quantity)),
        "unit_price": str(_four(unit_price)),
        "discount_percent": str(_four(discount)),
    }


def _decimal(value: object) -> Decimal:
    return Decimal(str(value or 0))


def _four(value: Decimal) -> Decimal:
    return value.quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)
