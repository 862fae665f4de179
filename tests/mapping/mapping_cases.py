"""Reads the case folders, and gives other tests the usual document and the usual rules as values."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from integrations.mapping.rules import ChargeTarget, Contact, LedgerAccount, OrganisationRules, TaxRate
from integrations.mapping.source import ExportableDocument, from_json

CASES = Path(__file__).parent / "cases"
AS_THEY_STAND = (
    "organisation_id", "base_currency", "country", "target_status", "sends_customer_reference", "reference_template",
    "creates_contacts", "attaches_pdf", "branding_theme_id", "default_accounts",
)  # fmt: skip


def case_names() -> list[str]:
    return sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((CASES / name).read_text())
    return content


def source_of(changes: dict[str, Any]) -> ExportableDocument:
    """The usual document with other fields, as JSON writes them."""
    return from_json(ExportableDocument, read("usual_source.json") | changes)


def rules_of(changes: dict[str, Any]) -> OrganisationRules:
    given = read("usual_rules.json") | changes
    return OrganisationRules(
        **{name: given[name] for name in AS_THEY_STAND},
        currencies=frozenset(given["currencies"]),
        lock_date=date.fromisoformat(given["lock_date"]) if given["lock_date"] else None,
        charge_targets={
            (one["side"], one["charge_code"], one.get("cost_centre", "")): ChargeTarget(
                account_code=one["account"], tax_type=one.get("tax_type", ""), item_code=one["item"]
            )
            for one in given["charge_rules"]
        },
        tax_types={(one["side"], one["tax_code"]): one["tax_type"] for one in given["tax_rules"]},
        accounts={one["code"]: _account(one) for one in given["accounts"]},
        tax_rates={one["tax_type"]: _tax_rate(one) for one in given["tax_rates"]},
        items=frozenset(given["items"]),
        contacts={one["customer"]: _contact(one) for one in given["contacts"]},
    )


def _account(one: dict[str, Any]) -> LedgerAccount:
    return LedgerAccount(
        code=one["code"], name=one["name"], account_class=one["class"], kind=one["kind"], is_active=one["active"],
        is_system=one["system"],
    )  # fmt: skip


def _tax_rate(one: dict[str, Any]) -> TaxRate:
    return TaxRate(
        tax_type=one["tax_type"], name=one["name"], rate=Decimal(one["rate"]), is_active=one["active"],
        applies_to=frozenset(one["applies_to"]),
    )  # fmt: skip


def _contact(one: dict[str, Any]) -> Contact:
    return Contact(
        contact_id=one["contact_id"], name=one["name"], account_number=one["customer"], is_active=one["active"]
    )
