"""An organisation more, with settings that a caller gives: to see what an organisation like his would answer."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from integrations.xero_sandbox.back_office.finding_records import ActRefusedError
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.organisation_records import (
    Account,
    BrandingTheme,
    Currency,
    Item,
    Organisation,
    TaxComponent,
    TaxRate,
    TrackingCategory,
    TrackingOption,
)
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.contacts.merge_contact import empty_slots
from integrations.xero_sandbox.wire.sent_fields import Sent

Json = dict[str, Any]
MADE_AT = datetime(2024, 1, 8, 9, 30, tzinfo=UTC)


def open_organisation(wish: Json, *, store: Store) -> Json:
    """
    Books without a document, in the place of those that this call opened before under the same id.

    Raises ActRefusedError where the id, or one of a record's, belongs to another organisation.
    """
    organisation = _organisation(wish)
    identifier = organisation.organisation_id
    standing: Organisation | None = store.get(Organisation, identifier)
    if standing is not None and not standing.is_copy:
        raise ActRefusedError(f"{standing.name} was here before, and is not replaced.")
    with store.transaction("organisation opened"):
        _clear(store, identifier)
        store.save(organisation)
        for record in _records(identifier, wish):
            taken = store.get(type(record), store.table(type(record)).identify(record))
            if taken is not None:
                raise ActRefusedError(f"Another organisation has a {type(record).__name__} of this id.")
            store.save(record)
    return {"id": identifier, "name": organisation.name}


def _clear(store: Store, identifier: str) -> None:
    for table in store.tables().values():
        for record in [one for one in table if getattr(one, "organisation_id", "") == identifier]:
            store.remove(record)


def _organisation(wish: Json) -> Organisation:
    sent = Sent(wish)
    return Organisation(
        organisation_id=str(wish["id"]), name=str(wish["name"]), legal_name=str(wish["name"]),
        short_code=f"!{str(wish['id'])[:5]}", base_currency=str(wish["base_currency"]),
        country_code=str(wish.get("country", "")), version="GLOBAL", timezone="UTC", zone=str(wish.get("zone", "UTC")),
        plan_class="ULTIMATE", tax_number="", tax_name="Tax", financial_year_end=(31, 12),
        sales_tax_basis="ACCRUAL", sales_tax_period="QUARTERLY3", has_multicurrency=len(wish["currencies"]) > 1,
        street=("", "", "", ""), phone=("", ""), created_at=MADE_AT, is_copy=True,
        period_lock_date=sent.date("period_lock_date"), end_of_year_lock_date=sent.date("end_of_year_lock_date"),
    )  # fmt: skip


def _records(identifier: str, wish: Json) -> Iterator[Any]:
    yield from (_account(identifier, one) for one in wish["accounts"])
    yield from (_tax_rate(identifier, one) for one in wish["tax_rates"])
    yield from (Currency(organisation_id=identifier, code=code, description=code) for code in wish["currencies"])
    options = sorted(wish["tracking"], key=lambda one: str(one["category_id"]))
    for category_id, group in groupby(options, key=lambda one: str(one["category_id"])):
        yield _tracking(identifier, category_id, list(group))
    for order, one in enumerate(wish["themes"], start=1):
        yield BrandingTheme(
            organisation_id=identifier, theme_id=one["id"], name=one["name"], sort_order=order, created_at=MADE_AT
        )
    for one in wish["items"]:
        yield Item(
            organisation_id=identifier, item_id=one["id"], code=one["code"], name=one["name"], updated_at=MADE_AT
        )
    yield from (_contact(identifier, one) for one in wish["contacts"])


def _account(identifier: str, one: Json) -> Account:
    return Account(
        organisation_id=identifier, account_id=one["id"], code=one["code"], name=one["name"], type=one["type"],
        account_class=one["class"], tax_type=one["tax_type"], updated_at=MADE_AT, status=_status(one),
        system_account=one["system"],
    )  # fmt: skip


def _tax_rate(identifier: str, one: Json) -> TaxRate:
    return TaxRate(
        organisation_id=identifier, tax_type=one["tax_type"], name=one["name"], report_tax_type=one["tax_type"],
        applies_to=tuple(one["applies_to"]), components=(TaxComponent(name="Tax", rate=Decimal(one["rate"])),),
        status="ACTIVE" if one["is_active"] else "DELETED",
    )  # fmt: skip


def _tracking(identifier: str, category_id: str, options: list[Json]) -> TrackingCategory:
    return TrackingCategory(
        organisation_id=identifier,
        category_id=category_id,
        name=options[0]["category"],
        options=tuple(TrackingOption(option_id=one["id"], name=one["name"], status=_status(one)) for one in options),
    )


def _contact(identifier: str, one: Json) -> Contact:
    return Contact(
        organisation_id=identifier, contact_id=one["id"], name=one["name"], account_number=one["account_number"],
        status=_status(one), updated_at=MADE_AT, **empty_slots(),
    )  # fmt: skip


def _status(one: Json) -> str:
    return "ACTIVE" if one["is_active"] else "ARCHIVED"
