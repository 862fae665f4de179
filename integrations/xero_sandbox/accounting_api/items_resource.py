"""/Items: what is sold and bought. Source: developer.xero.com/documentation/api/accounting/items. Never paged."""

from dataclasses import replace
from decimal import ROUND_HALF_UP
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, sent_elements, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found, plain_validation_refused
from integrations.xero_sandbox.accounting_api.list_reading import ListShape, Selection, Wanted, select
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.organisation_records import Item, ItemPrice
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.line_arithmetic import rounded_unit
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond, with_offset, without_offset

Json = dict[str, Any]
LENGTHS = {"Code": 30, "Name": 50, "Description": 4000, "PurchaseDescription": 4000}
MOST_PER_CALL = 500
SHAPE = ListShape(
    kind=Item,
    fields={
        "itemid": lambda item: item.item_id,
        "code": lambda item: item.code,
        "name": lambda item: item.name,
        "description": lambda item: item.description,
        "issold": lambda item: item.is_sold,
        "ispurchased": lambda item: item.is_purchased,
        "istrackedasinventory": lambda item: bool(item.inventory_account_code),
        "updateddateutc": lambda item: item.updated_at,
    },
)


def list_items(call: ApiCall) -> Answer:
    selection = select(call, SHAPE, Wanted())
    return unless_unchanged(call, selection.count, lambda: _listed(call, selection))


def get_item(call: ApiCall) -> Answer:
    """By ItemID or Code."""
    item = _named(call)
    return not_found() if item is None else enveloped(call, "Items", [_as_json(item, call)])


def create_items(call: ApiCall) -> Answer:
    def write(sent: Sent, findings: Findings) -> Item | None:
        code = sent.text("Code") or ""
        if code and call.books.item_with_code(code):
            findings.refuse(f"Price List Item with Code '{code}' already exists")
            return None
        return _save(call, _blank(call), sent, findings)

    return _written(call, write)


def save_items(call: ApiCall) -> Answer:
    """POST updates what it finds by ItemID or by Code, and creates the rest."""

    def write(sent: Sent, findings: Findings) -> Item | None:
        identifier = sent.identifier("ItemID")
        held = call.books.find(Item, identifier) if identifier else call.books.item_with_code(sent.text("Code") or "")
        if identifier and held is None:
            findings.refuse("An existing Item with the specified ItemID could not be found")
            return None
        return _save(call, held or _blank(call), sent, findings)

    return _written(call, write)


def save_item(call: ApiCall) -> Answer:
    held = _named(call)
    if held is None:
        return not_found()
    return _written(call, lambda sent, findings: _save(call, held, sent, findings))


def delete_item(call: ApiCall) -> Answer:
    item = _named(call)
    if item is None:
        return not_found()
    call.books.store.remove(item)
    return Answer(status=204)


def _written(call: ApiCall, write: Any) -> Answer:
    kind = ElementKind(collection="Items", word="Item", id_name="ItemID", render=lambda item: _as_written(item, call))
    if len(sent_elements(call, kind)) > MOST_PER_CALL:
        return plain_validation_refused("A maximum of 500 items can be sent in one request.")
    return write_elements(call, kind, write)


def _blank(call: ApiCall) -> Item:
    return Item(organisation_id=call.books.organisation_id, item_id=str(uuid4()), code="", updated_at=call.now)


def _save(call: ApiCall, held: Item, sent: Sent, findings: Findings) -> Item | None:
    texts = {
        "code": "Code",
        "name": "Name",
        "description": "Description",
        "purchase_description": "PurchaseDescription",
        "inventory_account_code": "InventoryAssetAccountCode",
    }
    changes: dict[str, Any] = {field: sent.text(name) for field, name in texts.items() if sent.has(name)}
    flags = {"is_sold": "IsSold", "is_purchased": "IsPurchased"}
    changes |= {field: sent.flag(name) for field, name in flags.items() if sent.has(name)}
    item = replace(
        held,
        **changes,
        sales=_price(call, held.sales, sent.object("SalesDetails"), findings),
        purchase=_price(call, held.purchase, sent.object("PurchaseDetails"), findings),
        updated_at=whole_millisecond(call.now),
    )
    _check(call, item, sent, findings)
    return None if findings.errors else call.books.store.save(item)


def _price(call: ApiCall, held: ItemPrice, sent: Sent | None, findings: Findings) -> ItemPrice:
    """Without a TaxType the account's is taken."""
    if sent is None:
        return held
    code = sent.text("AccountCode") or held.account_code
    account = call.books.account_with_code(code) if code else None
    if code and (account is None or account.status != "ACTIVE"):
        findings.refuse(f"Account code '{code}' is not a valid code for this document.")
    tax_type = sent.text("TaxType") or held.tax_type or (account.tax_type if account else "")
    if tax_type and call.books.tax_rate(tax_type) is None:
        findings.refuse("Tax rate must be valid.")
    price = sent.decimal("UnitPrice")
    if price is not None:
        price = rounded_unit(price, places=call.unit_places, rounding=ROUND_HALF_UP)
    return ItemPrice(
        unit_price=held.unit_price if price is None else price,
        account_code=code,
        tax_type=tax_type,
        cogs_account_code=sent.text("COGSAccountCode") or held.cogs_account_code,
    )


def _check(call: ApiCall, item: Item, sent: Sent, findings: Findings) -> None:
    if not item.code:
        findings.refuse("Price List Item Code must be supplied")
    for name, limit in LENGTHS.items():
        if len(sent.text(name) or "") > limit:
            findings.refuse(f"Price List Item {name} must not exceed {limit} characters.")
    other = call.books.item_with_code(item.code) if item.code else None
    if other and other.item_id != item.item_id:
        findings.refuse(f"Price List Item with Code '{item.code}' already exists")


def _named(call: ApiCall) -> Item | None:
    key = call.parameters["owner"]
    item: Item | None = call.books.find(Item, key.lower()) or call.books.item_with_code(key)
    return item


def _listed(call: ApiCall, selection: Selection) -> Answer:
    items = selection.all()
    in_order = items if call.query("order") else sorted(items, key=lambda item: item.code)
    return enveloped(call, "Items", [_as_json(item, call) for item in in_order])


def _as_json(item: Item, call: ApiCall) -> Json:
    return _shown(item, call, with_offset(item.updated_at))


def _as_written(item: Item, call: ApiCall) -> Json:
    return _shown(item, call, without_offset(item.updated_at)) | {"ValidationErrors": []}


def _shown(item: Item, call: ApiCall, updated: str) -> Json:
    optional = {
        "Description": item.description,
        "PurchaseDescription": item.purchase_description,
        "InventoryAssetAccountCode": item.inventory_account_code,
    }
    return {
        "ItemID": item.item_id,
        "Code": item.code,
        **{name: value for name, value in optional.items() if value},
        "UpdatedDateUTC": updated,
        "PurchaseDetails": _price_as_json(item.purchase, call),
        "SalesDetails": _price_as_json(item.sales, call),
        "Name": item.name,
        "IsTrackedAsInventory": bool(item.inventory_account_code and item.purchase.cogs_account_code),
        "IsSold": item.is_sold,
        "IsPurchased": item.is_purchased,
    }


def _price_as_json(price: ItemPrice, call: ApiCall) -> Json:
    shown: Json = {}
    if price.unit_price is not None:
        shown["UnitPrice"] = rounded_unit(price.unit_price, places=call.unit_places, rounding=ROUND_HALF_UP)
    optional = {
        "AccountCode": price.account_code,
        "COGSAccountCode": price.cogs_account_code,
        "TaxType": price.tax_type,
    }
    return shown | {name: value for name, value in optional.items() if value}
