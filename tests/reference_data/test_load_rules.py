from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from freightbridge.tenancy.models import Tenant
from integrations.mapping.rules import ChargeTarget
from integrations.models import (
    ChargeRule,
    ConnectionSettings,
    ContactLink,
    ReferenceRecord,
    TaxRule,
    XeroConnection,
)
from integrations.reference_data.load_rules import load_rules
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(in_tenant: Tenant) -> XeroConnection:
    connection = XeroConnection.objects.create(
        organisation_id=UUID(int=1), name="Harbour", base_currency="AUD", country="AU"
    )
    ConnectionSettings.objects.create(connection=connection)
    return connection


def record(connection: XeroConnection, kind: str, code: str, **fields: Any) -> ReferenceRecord:
    usual = {"key": fields.pop("key", f"{kind} {code}"), "name": code, "data": {}}
    return ReferenceRecord.objects.create(connection=connection, kind=kind, code=code, **(usual | fields))


def contact(connection: XeroConnection, number: int, code: str, *, is_active: bool = True) -> str:
    key = str(UUID(int=number))
    record(connection, "contact", code, key=key, name=f"Contact {number}", is_active=is_active)
    return key


def link(connection: XeroConnection, code: str, contact_id: str) -> None:
    ContactLink.objects.create(
        connection=connection, customer_code=code, contact_id=contact_id, contact_name="Linked", matched_by="hand",
        matched_at=NOW,
    )  # fmt: skip


def contacts_of(connection: XeroConnection, *codes: str) -> dict[str, tuple[str, bool]]:
    found = load_rules(connection, customer_codes=codes).contacts
    return {code: (one.name, one.is_active) for code, one in found.items()}


def test_settings_and_rules_become_values(connection: XeroConnection) -> None:
    ConnectionSettings.objects.update(
        unknown_customer="create", target_status="DRAFT", default_sales_account="260", attach_pdf=False,
        branding_theme_id=UUID(int=5), reference_template="{number}",
    )  # fmt: skip
    ChargeRule.objects.create(connection=connection, side="sales", charge_code="FRT", account_code="200", item_code="F")
    TaxRule.objects.create(connection=connection, side="sales", tax_code="GST", tax_type="OUTPUT")
    record(connection, "currency", "AUD")
    record(connection, "currency", "NZD", is_active=False)
    record(connection, "item", "F")
    record(connection, "item", "OLD", is_active=False)

    rules = load_rules(connection, customer_codes=[])

    assert (rules.creates_contacts, rules.target_status, rules.attaches_pdf) == (True, "DRAFT", False)
    assert (rules.branding_theme_id, rules.reference_template) == (str(UUID(int=5)), "{number}")
    assert rules.default_accounts == {"sales": "260", "purchases": ""}
    assert rules.charge_targets == {("sales", "FRT", ""): ChargeTarget(account_code="200", item_code="F")}
    assert rules.tax_types == {("sales", "GST"): "OUTPUT"}
    assert (rules.currencies, rules.items) == ({"AUD"}, {"F"})


def test_active_account_is_not_hidden_by_an_archived_one_of_the_same_code(connection: XeroConnection) -> None:
    data = {"class": "REVENUE", "type": "SALES", "system": "", "tax_type": ""}
    for key, is_active in (("a", False), ("b", True), ("c", False)):
        record(connection, "account", "200", key=key, is_active=is_active, data=data)
    record(connection, "account", "", key="bank", data=data)

    accounts = load_rules(connection, customer_codes=[]).accounts

    assert (list(accounts), accounts["200"].is_active) == (["200"], True)


def test_tax_rate_is_a_decimal(connection: XeroConnection) -> None:
    record(connection, "tax rate", "OUTPUT", data={"rate": "12.5000", "applies_to": ["REVENUE"]})

    rate = load_rules(connection, customer_codes=[]).tax_rates["OUTPUT"]

    assert (rate.rate, rate.applies_to) == (Decimal("12.5"), {"REVENUE"})


@pytest.mark.parametrize(
    ("period", "year", "expected"),
    [
        (None, None, None),
        (date(2025, 6, 30), None, date(2025, 6, 30)),
        (None, date(2024, 6, 30), date(2024, 6, 30)),
        (date(2025, 6, 30), date(2024, 6, 30), date(2025, 6, 30)),
        (date(2023, 6, 30), date(2024, 6, 30), date(2024, 6, 30)),
    ],
)
def test_later_of_the_two_lock_dates_counts(
    connection: XeroConnection, period: date | None, year: date | None, expected: date | None
) -> None:
    connection.period_lock_date, connection.year_lock_date = period, year

    assert load_rules(connection, customer_codes=[]).lock_date == expected


def test_customer_is_known_by_link_before_account_number(connection: XeroConnection) -> None:
    contact(connection, 1, "ALOK")
    link(connection, "ALOK", contact(connection, 2, "OTHER"))

    assert contacts_of(connection, "ALOK") == {"ALOK": ("Contact 2", True)}


def test_customer_without_link_is_known_by_account_number(connection: XeroConnection) -> None:
    contact(connection, 1, "ALOK")
    contact(connection, 2, "GONE", is_active=False)

    assert contacts_of(connection, "ALOK", "GONE", "NEW") == {"ALOK": ("Contact 1", True)}


def test_archived_contact_of_a_link_says_so(connection: XeroConnection) -> None:
    link(connection, "ALOK", contact(connection, 1, "ALOK", is_active=False))

    assert contacts_of(connection, "ALOK") == {"ALOK": ("Contact 1", False)}


def test_link_to_a_contact_that_was_just_created_counts_as_active(connection: XeroConnection) -> None:
    link(connection, "ALOK", str(UUID(int=9)))

    assert contacts_of(connection, "ALOK") == {"ALOK": ("Linked", True)}


def test_only_the_customers_asked_for_are_loaded(connection: XeroConnection) -> None:
    contact(connection, 1, "ALOK")
    link(connection, "OTHER", contact(connection, 2, "OTHER"))

    assert contacts_of(connection, "ALOK") == {"ALOK": ("Contact 1", True)}


def test_number_of_queries_does_not_grow(connection: XeroConnection) -> None:
    counts = []
    for number in (1, 30):
        for one in range(number):
            contact(connection, number * 100 + one, f"C{number}-{one}")
        with CaptureQueriesContext(database) as queries:
            load_rules(connection, customer_codes=[f"C{number}-{one}" for one in range(number)])
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 11
