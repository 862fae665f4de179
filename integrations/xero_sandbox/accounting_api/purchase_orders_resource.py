"""/PurchaseOrders, to be read: people write them in the back office.

Source: xero_accounting.yaml, getPurchaseOrders (Status, DateFrom, DateTo, order, page, pageSize, If-Modified-Since)
and the schema PurchaseOrder. Which fields a list leaves out is unconfirmed: here it has all.
"""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.line_rendering import line_in_list
from integrations.xero_sandbox.accounting_api.list_reading import IndexedBy, ListShape, Wanted, asked_page, select
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import PurchaseOrder
from integrations.xero_sandbox.contacts.contact_rendering import contact_in_document_list
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.wire_dates import day_text, with_offset

Json = dict[str, Any]
UNIT_PLACES = 4
SHAPE = ListShape(
    kind=PurchaseOrder,
    knows_where=False,
    fields={
        "purchaseorderid": lambda order: order.document_id,
        "purchaseordernumber": lambda order: order.number,
        "status": lambda order: order.status,
        "date": lambda order: order.document_date,
        "updateddateutc": lambda order: order.updated_at,
    },
    indexes=(IndexedBy(facet="status", paths={"status": str.upper}),),
)


def list_orders(call: ApiCall) -> Answer:
    equals = {"status": call.query("Status")} if call.query("Status") else {}
    selection, page = select(call, SHAPE, Wanted(equals=equals)), asked_page(call)

    def listed() -> Answer:
        elements = [_order(order, call.books) for order in page.cut(selection)]
        block = page.block(selection.count) if call.query("page") else None
        return enveloped(call, "PurchaseOrders", elements, pagination=block)

    return unless_unchanged(call, selection.count, listed)


def get_order(call: ApiCall) -> Answer:
    order = call.books.find(PurchaseOrder, call.parameters["document"].lower())
    return not_found() if order is None else enveloped(call, "PurchaseOrders", [_order(order, call.books)])


def _order(order: PurchaseOrder, books: CompanyBooks) -> Json:
    contact: Contact = books.find(Contact, order.contact_id)
    due: Json = {}
    if order.delivery_date is not None:
        due = {"DeliveryDate": with_offset(order.delivery_date), "DeliveryDateString": day_text(order.delivery_date)}
    return {
        "PurchaseOrderID": order.document_id,
        "PurchaseOrderNumber": order.number,
        "DateString": day_text(order.document_date),
        "Date": with_offset(order.document_date),
        **due,
        "AttentionTo": "",
        "HasErrors": False,
        "IsDiscounted": False,
        "Reference": order.reference,
        "Type": order.type,
        "CurrencyRate": order.currency_rate,
        "CurrencyCode": order.currency_code,
        "Contact": contact_in_document_list(contact),
        "Status": order.status,
        "LineAmountTypes": order.line_amount_types,
        "LineItems": [line_in_list(line, books, unit_places=UNIT_PLACES) for line in order.lines],
        "SubTotal": order.sub_total,
        "TotalTax": order.total_tax,
        "Total": order.total,
        "UpdatedDateUTC": with_offset(order.updated_at),
        "HasAttachments": order.has_attachments,
    }
