"""Turns the lines a client sent into lines of a document.

Source: developer.xero.com/documentation/api/accounting/invoices ("Line items", "Updating line items").
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import uuid4

from integrations.xero_sandbox.books.document_records import Line
from integrations.xero_sandbox.books.organisation_records import Account, Item
from integrations.xero_sandbox.documents.line_accounts import account_of_line, check_tax_type, tracking_of_line
from integrations.xero_sandbox.documents.line_context import LineContext
from integrations.xero_sandbox.rules.line_arithmetic import (
    CENT,
    NOTHING,
    QUANTITY_STEP,
    line_total,
    rounded_unit,
    tax_on,
)
from integrations.xero_sandbox.wire.sent_fields import Sent

LONGEST_DESCRIPTION = 4000
LONGEST_QUANTITY = 13
SHORT_QUANTITY = 10_000_000  # with a sign, a point and four places, whatever is below fits into thirteen characters
LARGEST_AMOUNT = Decimal("9999999999.99")
ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Amounts:
    quantity: Decimal
    unit_amount: Decimal
    line_amount: Decimal
    discount_rate: Decimal | None
    discount_amount: Decimal | None


def read_lines(sent_lines: list[Sent], held_lines: tuple[Line, ...], context: LineContext) -> tuple[Line, ...]:
    """A line with a known LineItemID is updated, one without is new, one that is not in the array is gone."""
    held = {line.line_item_id: line for line in held_lines}
    return tuple(_read_line(sent, held.get(sent.identifier("LineItemID") or ""), context) for sent in sent_lines)


def retaxed_lines(lines: tuple[Line, ...], context: LineContext) -> tuple[Line, ...]:
    """The same lines under other LineAmountTypes."""
    return tuple(
        line if line.line_amount is None else replace(line, tax_amount=_tax(line.line_amount, line.tax_type, context))
        for line in lines
    )


def _read_line(sent: Sent, held: Line | None, context: LineContext) -> Line:
    line_item_id = held.line_item_id if held else str(uuid4())
    description = _description(sent, held, context)
    item = _item(sent, held, context)
    if _is_text_only(sent, held, description):
        if not description:
            context.findings.refuse("Description must be specified for each line item")
        return Line(line_item_id=line_item_id, description=description)
    price = (item.sales if context.is_sale else item.purchase) if item else None
    account = account_of_line(sent, held, price.account_code if price else "", context)
    amounts = _amounts(sent, held, price.unit_price if price else None, context)
    tax_type = _tax_type(sent, held, price.tax_type if price else "", account, context)
    if tax_type and context.line_amount_types != "NoTax":
        check_tax_type(tax_type, account, context)
    return Line(
        line_item_id=line_item_id,
        description=description or _item_text(item, context),
        quantity=amounts.quantity,
        unit_amount=amounts.unit_amount,
        line_amount=amounts.line_amount,
        item_code=item.code if item else "",
        account_code=account.code if account else "",
        account_id=account.account_id if account else "",
        tax_type=tax_type,
        tax_amount=_tax_amount(sent, amounts.line_amount, tax_type, context),
        discount_rate=amounts.discount_rate,
        discount_amount=amounts.discount_amount,
        tracking=tracking_of_line(sent, held, context),
    )


def _description(sent: Sent, held: Line | None, context: LineContext) -> str:
    description = sent.text("Description")
    if description is None:
        description = held.description if held else ""
    if len(description) > LONGEST_DESCRIPTION:
        context.findings.refuse("The description of a line item cannot be longer than 4000 characters.")
    return description


def _item(sent: Sent, held: Line | None, context: LineContext) -> Item | None:
    code = sent.text("ItemCode")
    if code is None:
        code = held.item_code if held else ""
    if not code:
        return None
    item = context.books.item_with_code(code)
    if item is None:
        context.findings.refuse(f"Item code '{code}' is not valid")
    return item


def _item_text(item: Item | None, context: LineContext) -> str:
    if item is None:
        return ""
    return (item.description if context.is_sale else item.purchase_description) or item.name


def _is_text_only(sent: Sent, held: Line | None, description: str) -> bool:
    """No quantity, price or amount: text. An ItemCode is lost then, unless it stands quite alone."""
    if any(sent.has(name) for name in ("Quantity", "UnitAmount", "LineAmount")):
        return False
    if held is not None:
        return held.line_amount is None
    return bool(description) or not sent.has("ItemCode")


def _amounts(sent: Sent, held: Line | None, item_price: Decimal | None, context: LineContext) -> _Amounts:
    quantity = _held(sent.decimal("Quantity"), held.quantity if held else None)
    quantity = (ONE if quantity is None else quantity).quantize(QUANTITY_STEP, context.rounding)
    if abs(quantity) >= SHORT_QUANTITY and len(f"{quantity.normalize():f}") > LONGEST_QUANTITY:
        context.findings.refuse("The quantity of a line item cannot be longer than 13 characters.")
    sent_amount = sent.decimal("LineAmount")
    unit = sent.decimal("UnitAmount")
    if unit is None and sent_amount is not None:
        unit = sent_amount / quantity if quantity else sent_amount
    elif unit is None:
        unit = _held(held.unit_amount if held else None, item_price) or NOTHING
    unit = rounded_unit(unit, places=context.unit_places, rounding=context.rounding)
    discount_rate = _discount(sent, held, "DiscountRate", context)
    discount_amount = _discount(sent, held, "DiscountAmount", context)
    expected = line_total(
        quantity=quantity,
        unit_amount=unit,
        discount_rate=discount_rate,
        discount_amount=discount_amount,
        rounding=context.rounding,
    )
    line_amount = expected if sent_amount is None else sent_amount.quantize(CENT, context.rounding)
    if sent.has("UnitAmount") and line_amount != expected:
        context.findings.refuse(
            f"The line total {line_amount:.2f} does not match the expected line total {expected:.2f}"
        )
    if abs(line_amount) > LARGEST_AMOUNT:
        context.findings.refuse("The line amount cannot be greater than 9,999,999,999.99.")
    return _Amounts(
        quantity=quantity,
        unit_amount=unit,
        line_amount=line_amount,
        discount_rate=discount_rate,
        discount_amount=discount_amount,
    )


def _discount(sent: Sent, held: Line | None, name: str, context: LineContext) -> Decimal | None:
    given = sent.decimal(name)
    if given and not context.allows_discount:
        context.findings.refuse("Discounts are not supported for this type of document.")
    if held is None or given is not None:
        return given
    return held.discount_rate if name == "DiscountRate" else held.discount_amount


def _tax_type(sent: Sent, held: Line | None, item_tax_type: str, account: Account | None, context: LineContext) -> str:
    """Xero knows tax types in capitals. Without one, invoices take the account's own."""
    if context.line_amount_types == "NoTax":
        return "NONE"
    given = sent.text("TaxType")
    if given is None and held is not None:
        return held.tax_type
    if given:
        known = context.books.tax_rate(given)
        return known.tax_type if known else given
    if not context.takes_account_tax:
        return ""
    return item_tax_type or (account.tax_type if account else "")


def _tax_amount(sent: Sent, line_amount: Decimal, tax_type: str, context: LineContext) -> Decimal:
    """A sent TaxAmount overrides the reckoned one, but cannot exceed the line (wording: unconfirmed)."""
    given = sent.decimal("TaxAmount")
    if given is None or context.line_amount_types == "NoTax" or not tax_type:
        return _tax(line_amount, tax_type, context)
    if abs(given) > abs(line_amount):
        context.findings.refuse("The tax amount cannot be greater than the line amount!")
    return given.quantize(CENT, context.rounding)


def _tax(line_amount: Decimal, tax_type: str, context: LineContext) -> Decimal:
    rate = context.books.tax_rate(tax_type) if tax_type else None
    return tax_on(
        line_amount,
        rate=rate.effective_rate if rate else NOTHING,
        line_amount_types=context.line_amount_types,
        rounding=context.rounding,
    )


def _held(given: Decimal | None, before: Decimal | None) -> Decimal | None:
    return before if given is None else given
