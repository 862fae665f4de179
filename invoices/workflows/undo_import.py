"""Takes away again what an import made, as far as nothing was built upon it; what it changed stays changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from freightbridge.access.models import User
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant
from integrations.models import ChargeRule
from invoices.models import ChargeCode, Customer, Invoice, InvoiceLine, Shipment, ShipmentCharge, SourceRow, Upload
from invoices.models.upload import UploadState
from invoices.workflows.check_upload import lock_upload
from invoices.workflows.import_upload import assess_imported

UNDOABLE = {UploadState.DONE, UploadState.STOPPED}
CREATED_KINDS = ("shipments", "charges", "customers", "charge_codes")
# So many of the kept ones are named in the audit event.
NAMED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptShipment:
    """Something of it could not be taken away, and why."""

    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoResult:
    """How many of each were taken away."""

    shipments: int
    charges: int
    customers: int
    charge_codes: int
    kept: tuple[KeptShipment, ...]


def undo_import(upload: Upload, *, tenant: Tenant, by: User, now: datetime) -> UndoResult:
    """In the tenant's scope. Raises UploadStateError."""
    locked = lock_upload(upload, allowed=UNDOABLE)
    rows = list(locked.rows.exclude(created={}).values_list("created", flat=True))
    created = {kind: _ids(rows, kind) for kind in CREATED_KINDS}
    kept: dict[int, str] = {}
    charges = _remove_charges(created["charges"], kept)
    _remove_source_rows(rows)
    shipments = _remove_shipments(created["shipments"], kept)
    result = UndoResult(
        shipments=shipments,
        charges=charges,
        customers=_remove_customers(created["customers"]),
        charge_codes=_remove_charge_codes(created["charge_codes"]),
        kept=_named(kept),
    )
    locked.state, locked.notes = UploadState.UNDONE, [*locked.notes, _sentence(result)]
    locked.save()
    assess_imported(locked, sorted(kept), tenant=tenant, now=now)
    record_event(action="undo import", subject=locked, by=by.email, now=now, **_details(result))
    upload.refresh_from_db()
    return result


def _ids(rows: Iterable[Mapping[str, list[int]]], kind: str) -> list[int]:
    return [pk for created in rows for pk in created.get(kind, ())]


def _remove_charges(ids: Sequence[int], kept: dict[int, str]) -> int:
    """A charge that an invoice bills stays, one that a voided invoice billed too: its lines tell what it was."""
    charges = ShipmentCharge.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    lines = dict(InvoiceLine.objects.filter(charge__in=ids).values_list("charge_id", "invoice_id"))
    bound = {charge: charge.invoice_id or lines.get(charge.pk) for charge in charges}
    bound = {charge: invoice_id for charge, invoice_id in bound.items() if invoice_id is not None}
    invoices = Invoice.objects.in_bulk(set(bound.values()))
    kept.update({charge.shipment_id: f"It is on {invoices[invoice_id]}." for charge, invoice_id in bound.items()})
    removed, _ = ShipmentCharge.objects.filter(pk__in=set(ids) - {charge.pk for charge in bound}).delete()
    return removed


def _remove_source_rows(rows: Iterable[Mapping[str, list[int]]]) -> None:
    """Of rows that left no charge behind: uploaded again, they are new."""
    left = set(ShipmentCharge.objects.filter(pk__in=_ids(rows, "charges")).values_list("id", flat=True))
    gone = [created for created in rows if not left & set(created.get("charges", ()))]
    SourceRow.objects.filter(pk__in=_ids(gone, "source_rows")).delete()


def _remove_shipments(ids: Sequence[int], kept: dict[int, str]) -> int:
    """Those that only this upload knows."""
    invoiced = InvoiceLine.objects.filter(shipment__in=ids).values_list("shipment_id", flat=True)
    charged = ShipmentCharge.objects.filter(shipment__in=ids).values_list("shipment_id", flat=True)
    brought = SourceRow.objects.filter(shipment__in=ids).values_list("shipment_id", flat=True)
    reasons = {
        "It was invoiced.": set(invoiced),
        "It has charges that did not come with this upload.": set(charged),
        "Another upload brought rows of it too.": set(brought),
    }
    for reason, shipment_ids in reasons.items():
        for shipment_id in shipment_ids - kept.keys():
            kept[shipment_id] = reason
    gone = Shipment.objects.filter(pk__in=set(ids) - kept.keys())
    _, by_model = gone.delete()
    return by_model.get(Shipment._meta.label, 0)


def _remove_customers(ids: Sequence[int]) -> int:
    """Those whom nothing names any more."""
    used = Shipment.objects.filter(Q(bill_to__in=ids) | Q(consignee__in=ids) | Q(buyer__in=ids))
    named = {pk for parties in used.values_list("bill_to", "consignee", "buyer") for pk in parties}
    named |= set(ShipmentCharge.objects.filter(supplier__in=ids).values_list("supplier", flat=True))
    named |= set(Invoice.objects.filter(customer__in=ids).values_list("customer", flat=True))
    return Customer.objects.filter(pk__in=set(ids) - named).delete()[0]


def _remove_charge_codes(ids: Sequence[int]) -> int:
    """Those that no charge has and nobody has given a tax or a ledger account."""
    codes = ChargeCode.objects.filter(pk__in=ids, sales_tax_code=None, purchase_tax_code=None)
    used = set(ShipmentCharge.objects.filter(charge_code__in=ids).values_list("charge_code", flat=True))
    used |= set(InvoiceLine.objects.filter(charge_code__in=ids).values_list("charge_code", flat=True))
    mapped = ChargeRule.objects.values("charge_code")
    return codes.exclude(pk__in=used).exclude(code__in=mapped).delete()[0]


def _named(kept: Mapping[int, str]) -> tuple[KeptShipment, ...]:
    shipments = Shipment.objects.filter(pk__in=kept).order_by("number").values_list("id", "number")
    return tuple(KeptShipment(number=number, reason=kept[pk]) for pk, number in shipments)


def _sentence(result: UndoResult) -> str:
    gone = f"Undone: {result.shipments:,} shipments and {result.charges:,} charges were taken away."
    if not result.kept:
        return gone
    named = "; ".join(f"{one.number}: {one.reason}" for one in result.kept[:NAMED])
    return f"{gone} {len(result.kept):,} shipments were kept. {named}"


def _details(result: UndoResult) -> dict[str, Any]:
    return {**asdict(result), "kept": len(result.kept), "kept_shipments": [one.number for one in result.kept[:NAMED]]}
