"""Currency, number, branding theme and period of a document: the parts above its lines."""

from datetime import date
from decimal import Decimal
from typing import Any

from integrations.xero_sandbox.books.document_records import Document
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.documents.document_family import DocumentFamily
from integrations.xero_sandbox.rules.day_rates import SIX_PLACES, is_odd, units_per_base
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.lock_dates import refusal_by_lock
from integrations.xero_sandbox.wire.sent_fields import Sent

LONGEST_NUMBER = 255
BASE_RATE = Decimal("1.000000")


def read_currency(
    sent: Sent, held: Document | None, *, document_date: date, context: DeskContext, findings: Findings
) -> tuple[str, Decimal]:
    """Code and rate. The rate is units of the document's currency for one unit of the base currency (unconfirmed).

    Source: developer.xero.com/documentation/api/accounting/invoices (CurrencyCode, CurrencyRate).
    """
    base = context.books.organisation.base_currency
    code = sent.text("CurrencyCode") or (held.currency_code if held else base)
    if context.books.currency(code) is None:
        findings.refuse(f"Organisation is not subscribed to currency {code}")
        return code, BASE_RATE
    if code == base:
        return code, BASE_RATE
    usual = day_rate(code, document_date, context)
    given = sent.decimal("CurrencyRate")
    if given is not None and given <= 0:
        findings.refuse("CurrencyRate must be greater than zero.")
    elif given is not None:
        if is_odd(given, usual):
            findings.warn(
                f"The currency rate {given.normalize():f} differs greatly from the rate of the day, {usual:f}."
            )
        return code, given.quantize(SIX_PLACES, context.rounding)
    if held is not None and held.currency_code == code and held.document_date == document_date:
        return code, held.currency_rate
    return code, usual


def day_rate(code: str, day: date, context: DeskContext) -> Decimal:
    rate = units_per_base(currency=code, base=context.books.organisation.base_currency, day=day)
    if context.switches.currency_rate_means == "base_per_foreign":
        return (1 / rate).quantize(SIX_PLACES)
    return rate


def check_period(day: date, *, context: DeskContext, findings: Findings) -> None:
    organisation = context.books.organisation
    findings.refuse(
        refusal_by_lock(
            day,
            period_lock_date=organisation.period_lock_date,
            end_of_year_lock_date=organisation.end_of_year_lock_date,
        )
    )


def read_number(
    sent: Sent,
    held: Any,
    *,
    document_type: str,
    family: DocumentFamily,
    context: DeskContext,
    findings: Findings,
) -> str:
    """Numbers of sales are unique and given by Xero where missing; suppliers' numbers are neither."""
    number = sent.text(family.number_name)
    is_sale = family.types[document_type]
    if not number:
        return held.number if held else (next_number(document_type, family, context) if is_sale else "")
    if len(number) > LONGEST_NUMBER or not (number.isascii() and number.isprintable()):
        findings.refuse(f"{family.number_name} must be at most 255 printable ASCII characters.")
    elif is_sale and _is_taken(number, held, document_type, family, context):
        findings.refuse(family.number_taken)
    return number


def read_branding_theme(
    sent: Sent, held: str | None, *, is_sale: bool, context: DeskContext, findings: Findings
) -> str:
    themes = context.books.branding_themes()
    given = sent.identifier("BrandingThemeID")
    if given is None:
        if held is not None:
            return held
        return themes[0].theme_id if is_sale and themes else ""
    if all(theme.theme_id != given for theme in themes):
        findings.refuse("Branding theme must be valid.")
    return given


def next_number(document_type: str, family: DocumentFamily, context: DeskContext) -> str:
    table = context.books.store.table(family.record)
    count = len(table.ids("type", context.books.organisation_id, document_type)) + 1
    while context.books.numbered(family.record, f"{family.number_prefix}{count:04d}"):
        count += 1
    return f"{family.number_prefix}{count:04d}"


def _is_taken(number: str, held: Any, document_type: str, family: DocumentFamily, context: DeskContext) -> bool:
    own_id = held.document_id if held else ""
    return any(
        other.type == document_type
        and other.document_id != own_id
        and (other.status != "DELETED" or context.switches.deleted_number == "taken")
        for other in context.books.numbered(family.record, number)
    )
