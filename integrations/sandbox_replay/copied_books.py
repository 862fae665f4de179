"""An organisation's settings as we know them, in the form in which the sandbox opens books with them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Q

from integrations.models import ContactLink, ReferenceRecord, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.sandbox_replay.disguise_body import other_id, other_name

Json = dict[str, Any]
NAMESPACE = UUID("8e2f8c0e-52f3-5c1b-9f62-0f6f2b1f7a55")


def replay_organisation_id(connection: XeroConnection) -> str:
    """Of the sandbox's copy: never the organisation's own."""
    return str(uuid5(NAMESPACE, str(connection.organisation_id)))


def copied_books(connection: XeroConnection, elements: list[Json]) -> Json:
    """With the contacts that `elements`, what a call carries, speak of; no others. In the tenant's scope."""
    copy_id = replay_organisation_id(connection)
    known = ReferenceRecord.objects.filter(connection=connection).exclude(kind=ReferenceKind.CONTACT).order_by("id")
    by_kind: dict[str, list[ReferenceRecord]] = {kind: [] for kind in ReferenceKind.values}
    for record in known:
        by_kind[record.kind].append(record)
    currencies = [one.code for one in by_kind[ReferenceKind.CURRENCY] if one.is_active]
    return {
        "id": copy_id,
        "name": f"Replay of {connection.base_currency} books {copy_id[:8]}",
        "country": connection.country,
        "base_currency": connection.base_currency,
        "zone": connection.time_zone,
        "period_lock_date": _day(connection.period_lock_date),
        "end_of_year_lock_date": _day(connection.year_lock_date),
        "currencies": list(dict.fromkeys([connection.base_currency, *currencies])),
        "accounts": [_account(one, copy_id) for one in by_kind[ReferenceKind.ACCOUNT]],
        "tax_rates": [_tax_rate(one) for one in by_kind[ReferenceKind.TAX_RATE]],
        "tracking": [_tracking(one, copy_id) for one in by_kind[ReferenceKind.TRACKING]],
        "themes": [_named(one, copy_id) for one in by_kind[ReferenceKind.BRANDING_THEME] if one.is_active],
        "items": [{**_named(one, copy_id), "code": one.code} for one in by_kind[ReferenceKind.ITEM] if one.is_active],
        "contacts": list(_contacts(connection, elements, copy_id)),
    }


def _contacts(connection: XeroConnection, elements: list[Json], copy_id: str) -> Iterable[Json]:
    """Those that documents name by id, and those that a new contact could be taken for."""
    ids = {str(one["Contact"].get("ContactID", "")) for one in elements if isinstance(one.get("Contact"), dict)}
    names = {str(one["Name"]) for one in elements if "Name" in one}
    numbers = {str(one["AccountNumber"]) for one in elements if one.get("AccountNumber")}
    alike = Q(key__in=ids) | Q(name__in=names) | Q(code__in=numbers)
    found = ReferenceRecord.objects.filter(alike, connection=connection, kind=ReferenceKind.CONTACT)
    contacts = {one.key: (one.name, one.code, one.is_active) for one in found}
    for link in ContactLink.objects.filter(connection=connection, contact_id__in=[one for one in ids if _is_id(one)]):
        contacts.setdefault(str(link.contact_id), (link.contact_name, link.customer_code, True))
    for key, (name, number, is_active) in contacts.items():
        yield {
            "id": other_id(key, copy_id), "name": other_name(name), "account_number": number, "is_active": is_active
        }  # fmt: skip


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _account(one: ReferenceRecord, copy_id: str) -> Json:
    fields = {name: one.data.get(name, "") for name in ("type", "class", "tax_type", "system")}
    return {**_named(one, copy_id), "code": one.code, "is_active": one.is_active, **fields}


def _tax_rate(one: ReferenceRecord) -> Json:
    return {
        "tax_type": one.code, "name": one.name, "rate": one.data.get("rate", "0"),
        "applies_to": one.data.get("applies_to", []), "is_active": one.is_active,
    }  # fmt: skip


def _tracking(one: ReferenceRecord, copy_id: str) -> Json:
    category = other_id(one.data.get("category_id", ""), copy_id)
    return {**_named(one, copy_id), "category": one.code, "category_id": category, "is_active": one.is_active}


def _named(one: ReferenceRecord, copy_id: str) -> Json:
    return {"id": other_id(one.key, copy_id), "name": one.name}


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
