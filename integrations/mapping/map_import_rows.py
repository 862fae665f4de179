"""
A mapped document as rows of the file that a person imports into Xero, one for each line.

The columns, their order and their asterisks are those of the templates that Xero offers for download ("Import your
sales invoices", "Import your bills"). Xero's own help pages name the columns and the date format (DD/MM/YYYY, in the
United States MM/DD/YYYY), let Total and TaxAmount stay empty, want the tax rate by its display name, and take at most
500 documents in a file: central.xero.com, "Import or create invoices using a CSV file". That the templates are still
the same is unconfirmed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations.mapping.documents import MappedDocument, MappedLine
from integrations.mapping.rules import OrganisationRules
from integrations.mapping.source import Party

_ADDRESS = (
    "*ContactName", "EmailAddress", "POAddressLine1", "POAddressLine2", "POAddressLine3", "POAddressLine4", "POCity",
    "PORegion", "POPostalCode", "POCountry",
)  # fmt: skip
_TRACKING = ("TrackingName1", "TrackingOption1", "TrackingName2", "TrackingOption2")
SALES_COLUMNS = (
    *_ADDRESS, "*InvoiceNumber", "Reference", "*InvoiceDate", "*DueDate", "Total", "InventoryItemCode", "*Description",
    "*Quantity", "*UnitAmount", "Discount", "*AccountCode", "*TaxType", "TaxAmount", *_TRACKING, "Currency",
    "BrandingTheme",
)  # fmt: skip
BILL_COLUMNS = (
    *_ADDRESS, "*InvoiceNumber", "*InvoiceDate", "*DueDate", "Total", "InventoryItemCode", "Description", "*Quantity",
    "*UnitAmount", "*AccountCode", "*TaxType", "TaxAmount", *_TRACKING, "Currency",
)  # fmt: skip
MOST_DOCUMENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportNames:
    """What a file names where the API takes ids and codes."""

    contact: str
    tax_rates: dict[str, str]
    branding_theme: str
    is_month_first: bool


def import_names(party: Party, *, rules: OrganisationRules, branding_theme: str) -> ImportNames:
    """A customer without a contact in Xero gets one of his own name when the file is imported."""
    contact = rules.contacts.get(party.code)
    return ImportNames(
        contact=contact.name if contact else party.name,
        tax_rates={tax_type: rate.name for tax_type, rate in rules.tax_rates.items()},
        branding_theme=branding_theme,
        is_month_first=rules.country == "US",
    )


def columns_of(*, is_purchase: bool) -> tuple[str, ...]:
    return BILL_COLUMNS if is_purchase else SALES_COLUMNS


def import_rows(document: MappedDocument, *, party: Party, names: ImportNames) -> list[list[str]]:
    columns = columns_of(is_purchase=document.kind.is_purchase)
    of_document = _document_cells(document, party, names)
    rows = [{**of_document, **_line_cells(line, names)} for line in document.lines]
    return [[row.get(column.removeprefix("*"), "") for column in columns] for row in rows]


def _document_cells(document: MappedDocument, party: Party, names: ImportNames) -> dict[str, str]:
    return {
        "ContactName": names.contact,
        "EmailAddress": party.email,
        "POAddressLine1": party.street,
        "POCity": party.city,
        "PORegion": party.region,
        "POPostalCode": party.postal_code,
        "POCountry": party.country,
        "InvoiceNumber": document.number,
        "Reference": document.reference,
        "InvoiceDate": _day(document.issue_date, names),
        "DueDate": _day(document.due_date, names),
        "Currency": document.currency,
        "BrandingTheme": names.branding_theme,
    }


def _line_cells(line: MappedLine, names: ImportNames) -> dict[str, str]:
    return {
        "InventoryItemCode": line.item_code,
        "Description": line.description,
        "Quantity": _figure(line.quantity),
        "UnitAmount": _figure(line.unit_amount),
        "Discount": _figure(line.discount_percent) if line.discount_percent else "",
        "AccountCode": line.account_code,
        "TaxType": names.tax_rates.get(line.tax_type, line.tax_type),
    }


def _day(day: date, names: ImportNames) -> str:
    return f"{day:%m/%d/%Y}" if names.is_month_first else f"{day:%d/%m/%Y}"


def _figure(value: Decimal) -> str:
    return f"{value.normalize():f}"
