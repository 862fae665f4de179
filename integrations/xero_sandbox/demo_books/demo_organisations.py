"""Opens the books of the demo organisations. Every id is a hash of its name, so each start makes the same ones."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.organisation_records import (
    Account,
    BrandingTheme,
    Currency,
    Item,
    ItemPrice,
    Organisation,
    TaxComponent,
    TaxRate,
    TrackingCategory,
    TrackingOption,
)
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.contacts.merge_contact import empty_slots
from integrations.xero_sandbox.demo_books.demo_files import demo_id, read_demo_file

COUNTRIES = ("australia", "new_zealand", "united_kingdom", "global_aid")
OPENED_AT = datetime(2024, 1, 8, 9, 30, tzinfo=UTC)
THEME_MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)
CLASSES = {"A": "ASSET", "E": "EQUITY", "X": "EXPENSE", "L": "LIABILITY", "R": "REVENUE"}


def open_demo_organisations(store: Store) -> None:
    chart = read_demo_file("forwarder_chart")
    with store.transaction("demo organisations"):
        for country in COUNTRIES:
            _OrganisationOpener(store, chart, read_demo_file(country)).open()


def open_copies(store: Store, *, of: Organisation, count: int) -> list[Organisation]:
    """Further organisations with the books that this one had at the start, of the same name with a number behind."""
    chart = read_demo_file("forwarder_chart")
    (data,) = [file for file in map(read_demo_file, COUNTRIES) if file["organisation"]["name"] == of.name]
    numbers = range(len(store.table(Organisation)) + 1, len(store.table(Organisation)) + count + 1)
    with store.transaction("copies of an organisation"):
        return [_OrganisationOpener(store, chart, _copied(data, number)).open() for number in numbers]


def _copied(data: dict[str, Any], number: int) -> dict[str, Any]:
    settings = data["organisation"]
    told_apart = {name: f"{settings[name]} {number}" for name in ("name", "legal_name")}
    return data | {"organisation": settings | told_apart | {"short_code": f"!copy{number}"}}


class _OrganisationOpener:
    """Fills the books of one organisation from its file and the chart that all share."""

    def __init__(self, store: Store, chart: dict[str, Any], data: dict[str, Any]) -> None:
        self._store = store
        self._chart = chart
        self._setup: dict[str, Any] = data["setup"]
        self._settings: dict[str, Any] = data["organisation"]
        self._roles: dict[str, str] = data["tax_roles"]
        self._name: str = self._settings["name"]
        self._id = demo_id(self._name)

    def open(self) -> Organisation:
        organisation = self._organisation()
        self._store.save(organisation)
        self._open_tax_rates()
        self._open_accounts()
        self._open_tracking()
        self._open_currencies_and_themes()
        self._open_items()
        self._open_contacts()
        return organisation

    def _organisation(self) -> Organisation:
        tuples = ("financial_year_end", "street", "phone", "sales_terms", "bill_terms")
        settings: dict[str, Any] = {
            name: tuple(value) if name in tuples else value for name, value in self._settings.items()
        }
        return Organisation(organisation_id=self._id, created_at=OPENED_AT, **settings)

    def _open_tax_rates(self) -> None:
        for tax_type, name, report_type, rate, classes, status in self._setup["rates"]:
            component = TaxComponent(name=self._setup["tax_component"], rate=Decimal(rate))
            self._store.save(
                TaxRate(
                    organisation_id=self._id,
                    tax_type=tax_type,
                    name=name,
                    report_tax_type=report_type,
                    applies_to=tuple(CLASSES[letter] for letter in classes),
                    components=(component,),
                    status=status,
                )
            )

    def _open_accounts(self) -> None:
        none = self._roles["none"]
        for status, rows in (("ACTIVE", self._chart["accounts"]), ("ARCHIVED", self._chart["archived"])):
            for code, name, kind, account_class, role in rows:
                pays = code in self._chart["payments_to"]
                self._account(code, name, kind, account_class, self._roles[role], status=status, enable_payments=pays)
        for code, name, kind, account_class, system in self._chart["system"]:
            shown = self._settings["tax_name"] if system == "GST" else name
            self._account(code, shown, kind, account_class, none, system_account=system)
        for code, name, currency in self._setup["banks"]:
            self._account(
                code,
                name,
                "BANK",
                "ASSET",
                none,
                bank_account_type="BANK",
                bank_account_number=f"0625-{demo_id(self._name, name)[:8]}",
                currency_code=currency,
            )

    def _account(self, code: str, name: str, kind: str, account_class: str, tax_type: str, **more: Any) -> None:
        self._store.save(
            Account(
                organisation_id=self._id,
                account_id=demo_id(self._name, "account", code or name),
                code=code,
                name=name,
                type=kind,
                account_class=account_class,
                tax_type=tax_type,
                updated_at=OPENED_AT,
                **more,
            )
        )

    def _open_tracking(self) -> None:
        for category in self._chart["tracking"]:
            options = [(name, "ACTIVE") for name in category["options"]]
            options += [(name, "ARCHIVED") for name in category["archived"]]
            self._store.save(
                TrackingCategory(
                    organisation_id=self._id,
                    category_id=demo_id(self._name, "tracking", category["name"]),
                    name=category["name"],
                    options=tuple(
                        TrackingOption(option_id=demo_id(self._name, category["name"], name), name=name, status=status)
                        for name, status in options
                    ),
                )
            )

    def _open_currencies_and_themes(self) -> None:
        for code in self._setup["currencies"]:
            description = self._chart["currency_names"][code]
            self._store.save(Currency(organisation_id=self._id, code=code, description=description))
        for order, name in enumerate(self._setup["themes"], start=1):
            self._store.save(
                BrandingTheme(
                    organisation_id=self._id,
                    theme_id=demo_id(self._name, "theme", name),
                    name=name,
                    sort_order=order,
                    created_at=THEME_MADE_AT,
                )
            )

    def _open_items(self) -> None:
        taxes = {code: self._roles[role] for code, _, _, _, role in self._chart["accounts"]}
        for code, name, sales, purchases, price in self._chart["items"]:
            self._store.save(
                Item(
                    organisation_id=self._id,
                    item_id=demo_id(self._name, "item", code),
                    code=code,
                    name=name,
                    description=name,
                    purchase_description=name,
                    sales=ItemPrice(
                        unit_price=Decimal(price) if price else None, account_code=sales, tax_type=taxes[sales]
                    ),
                    purchase=ItemPrice(account_code=purchases, tax_type=taxes[purchases]),
                    updated_at=OPENED_AT,
                )
            )

    def _open_contacts(self) -> None:
        for name, account_number, email, kinds, status in self._setup["contacts"]:
            self._store.save(
                Contact(
                    organisation_id=self._id,
                    contact_id=demo_id(self._name, "contact", name),
                    name=name,
                    account_number=account_number,
                    email=email,
                    status=status,
                    is_customer="C" in kinds,
                    is_supplier="S" in kinds,
                    updated_at=OPENED_AT,
                    **empty_slots(),
                )
            )
