"""Each list of Xero's as reference records. Pure; sources: developer.xero.com/documentation/api/accounting/<list>."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from integrations.models.reference_record import ReferenceKind

APPLIES_TO = {
    "ASSET": "CanApplyToAssets",
    "EQUITY": "CanApplyToEquity",
    "EXPENSE": "CanApplyToExpenses",
    "LIABILITY": "CanApplyToLiabilities",
    "REVENUE": "CanApplyToRevenue",
}
Element = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The fields of a ReferenceRecord."""

    key: str
    code: str
    name: str
    is_active: bool = True
    data: dict[str, Any] = field(default_factory=dict)


def account(element: Element) -> Iterable[Record]:
    """Bank accounts may have no code, and no line can go to one without."""
    yield Record(
        key=element["AccountID"],
        code=element.get("Code", ""),
        name=element["Name"],
        is_active=element.get("Status", "ACTIVE") == "ACTIVE",
        data={
            "class": element.get("Class", ""),
            "type": element.get("Type", ""),
            "system": element.get("SystemAccount", ""),
            "tax_type": element.get("TaxType", ""),
        },
    )


def tax_rate(element: Element) -> Iterable[Record]:
    """Xero lists deleted rates too."""
    yield Record(
        key=element["TaxType"],
        code=element["TaxType"],
        name=element["Name"],
        is_active=element.get("Status", "ACTIVE") == "ACTIVE",
        data={
            "rate": str(element.get("EffectiveRate", element.get("DisplayTaxRate", 0))),
            "applies_to": [name for name, flag in APPLIES_TO.items() if element.get(flag)],
        },
    )


def currency(element: Element) -> Iterable[Record]:
    yield Record(key=element["Code"], code=element["Code"], name=element.get("Description") or element["Code"])


def branding_theme(element: Element) -> Iterable[Record]:
    order = {"sort_order": int(element.get("SortOrder", 0))}
    yield Record(key=element["BrandingThemeID"], code="", name=element["Name"], data=order)


def item(element: Element) -> Iterable[Record]:
    yield Record(key=element["ItemID"], code=element["Code"], name=element.get("Name") or element["Code"])


def tracking(element: Element) -> Iterable[Record]:
    """An option each; its category is the code."""
    for option in element.get("Options", []):
        is_active = element.get("Status") == "ACTIVE" and option.get("Status", "ACTIVE") == "ACTIVE"
        yield Record(
            key=option["TrackingOptionID"], code=element["Name"], name=option["Name"], is_active=is_active,
            data={"category_id": element["TrackingCategoryID"]},
        )  # fmt: skip


def contact(element: Element) -> Iterable[Record]:
    """MergedToContactID comes with lists that are read page by page (Xero's accounting OpenAPI, schema Contact)."""
    yield Record(
        key=element["ContactID"],
        code=element.get("AccountNumber", ""),
        name=element["Name"],
        is_active=element.get("ContactStatus", "ACTIVE") == "ACTIVE",
        data={
            "email": element.get("EmailAddress", ""),
            "number": element.get("ContactNumber", ""),
            "merged_to": element.get("MergedToContactID", ""),
        },
    )


# The lists that are read whole, every time: they are short.
WHOLE_LISTS: tuple[tuple[ReferenceKind, str, Callable[[Element], Iterable[Record]]], ...] = (
    (ReferenceKind.ACCOUNT, "Accounts", account),
    (ReferenceKind.TAX_RATE, "TaxRates", tax_rate),
    (ReferenceKind.CURRENCY, "Currencies", currency),
    (ReferenceKind.BRANDING_THEME, "BrandingThemes", branding_theme),
    (ReferenceKind.ITEM, "Items", item),
    (ReferenceKind.TRACKING, "TrackingCategories", tracking),
)
