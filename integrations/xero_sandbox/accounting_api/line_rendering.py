"""A line as Xero writes it. Shape: recorded answers of a live demo company."""

from decimal import ROUND_HALF_UP
from typing import Any

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.document_records import Line
from integrations.xero_sandbox.books.organisation_records import TrackingCategory
from integrations.xero_sandbox.rules.line_arithmetic import rounded_unit

Json = dict[str, Any]


def line_in_list(line: Line, books: CompanyBooks, *, unit_places: int) -> Json:
    return _line(line, books, unit_places, tracking=[_tracking_in_list(choice, books) for choice in line.tracking])


def line_in_full(line: Line, books: CompanyBooks, *, unit_places: int) -> Json:
    tracking = [_tracking_in_full(choice, books) for choice in line.tracking]
    return _line(line, books, unit_places, tracking=tracking) | {"ValidationErrors": []}


def line_of_quote(line: Line, books: CompanyBooks, *, in_list: bool) -> Json:
    """Quotes have their own order and say ItemCode "" where there is none."""
    shown: Json = {"LineItemID": line.line_item_id}
    if line.account_code:
        shown["AccountCode"] = line.account_code
    shown["Description"] = line.description
    if line.line_amount is None:
        return shown | {"Tracking": []}
    shown["UnitAmount"] = line.unit_amount
    if line.discount_rate is not None:
        shown["DiscountRate"] = line.discount_rate
    if in_list or line.discount_amount is not None:
        shown["DiscountAmount"] = line.discount_amount or 0.0
    shown["LineAmount"] = line.line_amount
    if line.item_code or not in_list:
        shown["ItemCode"] = line.item_code
    shown |= {"Quantity": line.quantity, "TaxAmount": line.tax_amount}
    if line.tax_type:
        shown["TaxType"] = line.tax_type
    shown["Tracking"] = [_tracking_in_full(choice, books) for choice in line.tracking]
    return shown


def _line(line: Line, books: CompanyBooks, unit_places: int, *, tracking: list[Json]) -> Json:
    shown: Json = {}
    if line.item_code:
        shown["ItemCode"] = line.item_code
    if line.description:
        shown["Description"] = line.description
    if line.line_amount is None or line.unit_amount is None:
        return shown | {"Tracking": tracking, "LineItemID": line.line_item_id}
    shown["UnitAmount"] = rounded_unit(line.unit_amount, places=unit_places, rounding=ROUND_HALF_UP)
    if line.tax_type:
        shown["TaxType"] = line.tax_type
    shown["TaxAmount"] = line.tax_amount
    shown["LineAmount"] = line.line_amount
    if line.account_code:
        shown["AccountCode"] = line.account_code
    if line.item_code and (item := books.item_with_code(line.item_code)):
        shown["Item"] = {"ItemID": item.item_id, "Name": item.name, "Code": item.code}
    shown["Tracking"] = tracking
    shown["Quantity"] = line.quantity
    if line.discount_rate is not None:
        shown["DiscountRate"] = line.discount_rate
    if line.discount_amount is not None:
        shown["DiscountAmount"] = line.discount_amount
    shown["LineItemID"] = line.line_item_id
    if line.account_id:
        shown["AccountID"] = line.account_id
    return shown


def _tracking_in_list(choice: Any, books: CompanyBooks) -> Json:
    return _named(choice, books) | {"TrackingCategoryID": choice.category_id, "Options": []}


def _tracking_in_full(choice: Any, books: CompanyBooks) -> Json:
    ids = {"TrackingCategoryID": choice.category_id, "TrackingOptionID": choice.option_id}
    return _named(choice, books) | ids


def _named(choice: Any, books: CompanyBooks) -> Json:
    category: TrackingCategory | None = books.find(TrackingCategory, choice.category_id)
    option = category.option(choice.option_id) if category else None
    return {"Name": category.name if category else "", "Option": option.name if option else ""}
