"""The rules of an organisation as the mapping wants them: a handful of queries for any number of documents."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Max

from integrations.mapping.rules import (
    ChargeTarget,
    Contact,
    LedgerAccount,
    OrganisationRules,
    TaxRate,
    TrackingChoice,
)
from integrations.models import (
    ChargeRule,
    ConnectionSettings,
    ContactLink,
    ReferenceRecord,
    RulesVersion,
    TaxPlaceRule,
    TaxRule,
    TrackingRule,
    XeroConnection,
)
from integrations.models.connection_settings import ItemChoice, UnknownCustomer
from integrations.models.reference_record import ReferenceKind

SHORT_LISTS = [
    ReferenceKind.ACCOUNT, ReferenceKind.TAX_RATE, ReferenceKind.CURRENCY, ReferenceKind.ITEM, ReferenceKind.TRACKING,
]  # fmt: skip


def load_rules(connection: XeroConnection, *, customer_codes: Iterable[str]) -> OrganisationRules:
    """`customer_codes`: of those whose contacts matter. In the tenant's scope."""
    settings = ConnectionSettings.objects.get(connection=connection)
    records = _records(connection)
    return OrganisationRules(
        organisation_id=str(connection.organisation_id),
        base_currency=connection.base_currency,
        country=connection.country,
        currencies=frozenset(record.code for record in records[ReferenceKind.CURRENCY] if record.is_active),
        lock_date=lock_date_of(connection),
        target_status=settings.target_status,
        sends_customer_reference=settings.send_customer_reference,
        reference_template=settings.reference_template,
        creates_contacts=settings.unknown_customer == UnknownCustomer.CREATE,
        attaches_pdf=settings.attach_pdf,
        branding_theme_id=str(settings.branding_theme_id or ""),
        default_accounts={"sales": settings.default_sales_account, "purchases": settings.default_purchase_account},
        charge_targets={
            (rule.side, rule.charge_code, rule.cost_centre): ChargeTarget(
                account_code=rule.account_code, tax_type=rule.tax_type, item_code=rule.item_code
            )
            for rule in ChargeRule.objects.filter(connection=connection)
        },
        tax_types={(rule.side, rule.tax_code): rule.tax_type for rule in TaxRule.objects.filter(connection=connection)},
        accounts={record.code: _account(record) for record in records[ReferenceKind.ACCOUNT] if record.code},
        tax_rates={record.code: _tax_rate(record) for record in records[ReferenceKind.TAX_RATE]},
        items=frozenset(record.code for record in records[ReferenceKind.ITEM] if record.is_active),
        contacts=_contacts(connection, list(customer_codes)),
        tax_places={
            (rule.side, rule.place, rule.charge_code): rule.tax_code
            for rule in TaxPlaceRule.objects.filter(connection=connection)
        },
        tracking={
            (rule.category, rule.dimension, rule.value.casefold()): rule.option
            for rule in TrackingRule.objects.filter(connection=connection)
        },
        tracking_options=frozenset(
            TrackingChoice(category=record.code, option=record.name)
            for record in records[ReferenceKind.TRACKING]
            if record.is_active
        ),
        matches_items=settings.items == ItemChoice.MATCH,
        creates_items=settings.items == ItemChoice.CREATE,
        version=RulesVersion.objects.filter(connection=connection).aggregate(last=Max("number"))["last"],
    )


def with_contacts(rules: OrganisationRules, connection: XeroConnection, codes: Iterable[str]) -> OrganisationRules:
    return replace(rules, contacts=_contacts(connection, list(codes)))


def lock_date_of(connection: XeroConnection) -> date | None:
    """The later one: Xero takes nothing of that day or before (xero-api.md 5.8: PeriodLockDate, EndOfYearLockDate)."""
    return max(filter(None, [connection.period_lock_date, connection.year_lock_date]), default=None)


def _records(connection: XeroConnection) -> dict[str, list[ReferenceRecord]]:
    found: dict[str, list[ReferenceRecord]] = {kind: [] for kind in SHORT_LISTS}
    # Active ones last, so that an archived account of the same code does not hide the one in use.
    for record in ReferenceRecord.objects.filter(connection=connection, kind__in=SHORT_LISTS).order_by("is_active"):
        found[record.kind].append(record)
    return found


def _account(record: ReferenceRecord) -> LedgerAccount:
    return LedgerAccount(
        code=record.code,
        name=record.name,
        account_class=record.data["class"],
        kind=record.data["type"],
        is_active=record.is_active,
        is_system=bool(record.data["system"]),
        tax_type=record.data.get("tax_type", ""),
    )


def _tax_rate(record: ReferenceRecord) -> TaxRate:
    return TaxRate(
        tax_type=record.code,
        name=record.name,
        rate=Decimal(record.data["rate"]),
        is_active=record.is_active,
        applies_to=frozenset(record.data["applies_to"]),
    )


def _contacts(connection: XeroConnection, codes: list[str]) -> dict[str, Contact]:
    """By link first; a customer without one has the contact that carries his code as its account number."""
    records = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT)
    by_number = {record.code: _contact(record) for record in records.filter(code__in=codes, is_active=True)}
    links = list(ContactLink.objects.filter(connection=connection, customer_code__in=codes))
    known = {
        record.key: _contact(record) for record in records.filter(key__in=[str(link.contact_id) for link in links])
    }
    return by_number | {link.customer_code: known.get(str(link.contact_id), _linked(link)) for link in links}


def _linked(link: ContactLink) -> Contact:
    """One that we created since the contacts were read last."""
    return Contact(
        contact_id=str(link.contact_id), name=link.contact_name, account_number=link.customer_code, is_active=True
    )


def _contact(record: ReferenceRecord) -> Contact:
    return Contact(contact_id=record.key, name=record.name, account_number=record.code, is_active=record.is_active)
