"""Tells before anything is sent what comes to less than nothing, and so arrives in Xero as a credit note (F84)."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet

from freightbridge.tenancy.models import Tenant
from integrations.models.connection_settings import SentSides
from invoices.domain.billable_shipments import PARTIES, BillableShipment
from invoices.domain.draft_input import CREDIT_NOTES, Draft, ShipmentToBill
from invoices.domain.grouping import group_shipments
from invoices.domain.shipment_queries import NET
from invoices.models import Shipment, ShipmentCharge
from invoices.models.shipment_charge import Side
from invoices.workflows.route_shipments import contexts_of
from invoices.workflows.sending_context import sending_context

# What the dialog looks at, those with a discount first; the preview tells of each document by itself.
MOST = 500
NAMED = 3


def explain_credits(going: QuerySet[Shipment], *, sides: str, tenant: Tenant) -> list[str]:
    """A sentence for each credit note that sending these would raise. One query where nothing is taken off."""
    sent = [Side.SELL, Side.COST] if sides == SentSides.BOTH else [Side.SELL]
    unbilled = ShipmentCharge.objects.filter(shipment__in=going.values("id"), side__in=sent, invoice=None)
    less = list(unbilled.annotate(net=NET).filter(net__lt=0).values_list("shipment_id", "supplier_id")[:MOST])
    if not less:
        return []
    ids = _invoiced_together(going, less, tenant=tenant)
    words = []
    for context, members in contexts_of(ids, tenant=tenant):
        billable = context.load_billable(members)
        drafts = group_shipments(part for one in billable for part in _parts(one, sent))
        words += [told for draft in drafts if (told := credit_words(draft))]
    return words


def credit_words(draft: Draft) -> str:
    """Empty for what is billed or offered."""
    if draft.kind not in CREDIT_NOTES:
        return ""
    nets = [charge.amounts.net for charge in draft.charges]
    charged, less = (
        sum((net for net in nets if net > 0), Decimal(0)),
        -sum((net for net in nets if net < 0), Decimal(0)),
    )
    currency, total = draft.first.currency, draft.totals.total
    names = _names([one.number for one in draft.shipments])
    came = (
        f"charges of {currency} {charged:,.2f} less {currency} {less:,.2f} come to less than nothing"
        if charged
        else f"only discounts and credits are there, {currency} {less:,.2f} before tax"
    )
    return (
        f"{names}: {came}. Xero takes no negative {'bill' if draft.first.side == Side.COST else 'invoice'}, so it "
        f"becomes a credit note of {currency} {total:,.2f} with tax."
    )


def _invoiced_together(
    going: QuerySet[Shipment], less: Sequence[tuple[int, int | None]], *, tenant: Tenant
) -> list[int]:
    """Those with something to take off, and those of the same parties, which may stand on the same document."""
    first = list(dict.fromkeys(shipment_id for shipment_id, _ in less))
    party = PARTIES[sending_context(tenant).customer_key]
    same_party = Q(**{f"{party}__in": Shipment.objects.filter(pk__in=first).values(party)})
    same_supplier = Q(charges__supplier__in={supplier_id for _, supplier_id in less if supplier_id})
    others = going.filter(same_party | same_supplier).exclude(pk__in=first).order_by("id").distinct()
    return [*first, *others.values_list("id", flat=True)[: MOST - len(first)]]


def _parts(one: BillableShipment, sent: Sequence[Side]) -> list[ShipmentToBill]:
    return [*([one.to_bill] if one.to_bill else []), *(one.to_pay if Side.COST in sent else ())]


def _names(numbers: Sequence[str]) -> str:
    shown = ", ".join(numbers[:NAMED])
    return f"{shown} and {len(numbers) - NAMED} more" if len(numbers) > NAMED else shown
