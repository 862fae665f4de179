"""Brings a shipment up to what Xero says now of the document it came from, but for what was changed here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from freightbridge.audit.change import Change
from freightbridge.audit.record_event import SYSTEM
from freightbridge.tenancy.models import Tenant
from integrations.models import FoundDocument
from integrations.models.found_document import FoundKind
from invoices.domain.merge_news import merge_news
from invoices.models import BillingEntity, ChargeCode, Shipment, ShipmentCharge
from invoices.workflows.save_shipment import save_shipment

# What of the news stands on the shipment, by its field there.
FIELDS = {
    "reference": "customer_reference",
    "currency": "currency",
    "exchange_rate": "exchange_rate",
    "eta_date": "eta_date",
    "goods": "goods",
}
WORDS = {"reference": "reference", "exchange_rate": "rate", "eta_date": "arrival date", "unit_price": "price"}
LINE_FIELDS = ("description", "quantity", "unit_price", "discount_percent")
OVER = {"DELETED", "VOIDED", "DECLINED"}


def follow_news(found: FoundDocument, shipment: Shipment, *, tenant: Tenant, now: datetime) -> None:
    """In the tenant's scope. Says in the note what was changed on both sides, and stays as it is here."""
    applied, news = found.applied or {}, _wanted(found)
    merged = merge_news(
        standing={name: _text(getattr(shipment, field)) for name, field in FIELDS.items()},
        applied={name: applied.get(name, "") for name in FIELDS},
        news={name: news[name] for name in FIELDS},
    )
    changes = [Change(_word(name), applied.get(name, ""), text) for name, text in merged.changes.items()]
    for name, text in merged.changes.items():
        setattr(shipment, FIELDS[name], _value(name, text))
    conflicts = [
        f"The {WORDS.get(name, name)} is {news[name]} in Xero, and was changed here." for name in merged.conflicts
    ]
    charges, removed = _follow_lines(shipment, applied.get("lines", {}), news["lines"], conflicts)
    if changes or charges or removed:
        save_shipment(shipment, charges=charges, removed=removed, changes=changes, tenant=tenant, by=SYSTEM, now=now)
    if found.xero_status in OVER:
        conflicts.insert(0, f"It is {found.xero_status.lower()} in Xero; the shipment stands as it is.")
    found.applied, found.note, found.is_pending = news, " ".join(conflicts), False
    found.save(update_fields=["applied", "note", "is_pending"])


def _wanted(found: FoundDocument) -> dict[str, Any]:
    """What an invoice says is billed already, and what is ordered is not ours to bill: neither has charges here."""
    news = dict(found.content)
    if found.kind != FoundKind.QUOTE:
        news["lines"] = {}
    # A rate counts in other currencies alone.
    entity = BillingEntity.objects.filter(is_default=True).first()
    if entity is not None and news["currency"] == entity.base_currency:
        news["exchange_rate"] = ""
    return news


def _follow_lines(
    shipment: Shipment,
    applied: dict[str, dict[str, str]],
    news: dict[str, dict[str, str]],
    conflicts: list[str],
) -> tuple[list[ShipmentCharge], list[ShipmentCharge]]:
    """Charges to be saved and removed; what is invoiced already stays."""
    standing = {one.source_key: one for one in shipment.charges.exclude(source_key="")}
    codes = {code.code.upper(): code for code in ChargeCode.objects.all()} if news else {}
    saved, removed = [], []
    for key, line in news.items():
        if key not in standing and key not in applied:
            saved.append(_charge(key, line, codes))
        elif key in standing:
            charge = _changed(standing[key], applied.get(key, {}), line, conflicts)
            saved += [charge] if charge else []
    for key in applied.keys() - news.keys():
        charge = standing.get(key)
        if charge is not None and _is_untouched(charge, applied[key]):
            removed.append(charge)
        elif charge is not None:
            conflicts.append(f"{charge.description} is gone in Xero, and was changed or invoiced here.")
    return saved, removed


def _charge(key: str, line: dict[str, str], codes: dict[str, ChargeCode]) -> ShipmentCharge:
    """Its item code may be one of our charge codes; else the shipment is not ready until somebody chooses one."""
    charge = ShipmentCharge(source_key=key, charge_code=codes.get(line["item_code"].upper()))
    _write(charge, {name: line[name] for name in LINE_FIELDS})
    return charge


def _changed(
    charge: ShipmentCharge, applied: dict[str, str], line: dict[str, str], conflicts: list[str]
) -> ShipmentCharge | None:
    merged = merge_news(
        standing={name: _text(getattr(charge, name)) for name in LINE_FIELDS},
        applied={name: applied.get(name, "") for name in LINE_FIELDS},
        news={name: line[name] for name in LINE_FIELDS},
    )
    if charge.invoice_id or charge.quote_id:
        if merged.changes or merged.conflicts:
            conflicts.append(f"{charge.description} was changed in Xero, and is invoiced here already.")
        return None
    conflicts += [
        f"The {WORDS.get(name, name)} of {charge.description} was changed here too." for name in merged.conflicts
    ]
    _write(charge, merged.changes)
    return charge if merged.changes else None


def _is_untouched(charge: ShipmentCharge, applied: dict[str, str]) -> bool:
    is_free = charge.invoice_id is None and charge.quote_id is None
    return is_free and all(_text(getattr(charge, name)) == applied.get(name, "") for name in LINE_FIELDS)


def _write(charge: ShipmentCharge, changes: dict[str, str]) -> None:
    for name, text in changes.items():
        setattr(charge, name, text if name == "description" else Decimal(text))


def _word(name: str) -> str:
    return WORDS.get(name, name)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _value(name: str, text: str) -> object:
    if name == "exchange_rate":
        return Decimal(text) if text else None
    if name == "eta_date":
        return date.fromisoformat(text) if text else None
    return text
