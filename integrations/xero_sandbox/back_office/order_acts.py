"""What a person does with purchase orders, which apps only read here."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.back_office.act_context import ActContext
from integrations.xero_sandbox.back_office.document_acts import contact_of
from integrations.xero_sandbox.books.document_records import Line, PurchaseOrder
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond

Json = dict[str, Any]


def save_order(act: ActContext) -> Json:
    """
    The order called `number`, new or changed: `contact`, `status`, `reference`, `delivery_date`, and `lines` of
    `description`, `quantity` and `unit_amount`, untaxed. What is not named of a standing one stays.
    """
    standing = next(iter(act.books.numbered(PurchaseOrder, act.text("number"))), None)
    order: PurchaseOrder = standing or _blank(act)
    lines = tuple(_line(line) for line in act.wish["lines"]) if "lines" in act.wish else order.lines
    total = sum((line.line_amount or Decimal(0) for line in lines), Decimal("0.00"))
    changed = replace(
        order,
        status=act.text_or("status", order.status),
        reference=act.text_or("reference", order.reference),
        delivery_date=Sent(act.wish).date("delivery_date") or order.delivery_date,
        lines=lines,
        sub_total=total,
        total=total,
        updated_at=whole_millisecond(act.now),
    )
    act.books.store.save(changed)
    return {"document": changed.document_id, "number": changed.number, "status": changed.status}


def _blank(act: ActContext) -> PurchaseOrder:
    return PurchaseOrder(
        organisation_id=act.books.organisation_id,
        document_id=str(uuid4()),
        number=act.text("number"),
        contact_id=contact_of(act).contact_id,
        document_date=act.desk.today,
        status="AUTHORISED",
        line_amount_types="Exclusive",
        lines=(),
        currency_code=act.books.organisation.base_currency,
        currency_rate=Decimal(1),
        sub_total=Decimal("0.00"),
        total_tax=Decimal("0.00"),
        total=Decimal("0.00"),
        created_at=act.now,
        updated_at=act.now,
    )


def _line(line: Json) -> Line:
    quantity, unit_amount = Decimal(str(line["quantity"])), Decimal(str(line["unit_amount"]))
    return Line(
        line_item_id=str(uuid4()),
        description=line["description"],
        quantity=quantity,
        unit_amount=unit_amount,
        line_amount=(quantity * unit_amount).quantize(Decimal("0.01")),
        tax_amount=Decimal("0.00"),
    )
