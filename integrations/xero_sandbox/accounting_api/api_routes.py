"""Every address of the accounting API (/api.xro/2.0/…), who answers there, and which scopes open it."""

from collections.abc import Callable
from dataclasses import dataclass

from integrations.xero_sandbox.accounting_api import (
    accounts_resource,
    attachments_resource,
    branding_themes_resource,
    contacts_resource,
    credit_notes_resource,
    currencies_resource,
    history_resource,
    invoices_resource,
    items_resource,
    organisation_resource,
    payments_resource,
    people_resource,
    purchase_orders_resource,
    quiet_resources,
    quotes_resource,
    tax_rates_resource,
    tracking_resource,
)
from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.scope_rules import (
    ANY_OF_THEM,
    ATTACHMENTS,
    BANK_TRANSACTIONS,
    BUDGETS,
    CONTACTS,
    INVOICES,
    ITEMS,
    JOURNALS,
    MANUAL_JOURNALS,
    PAYMENTS,
    SETTINGS,
)
from integrations.xero_sandbox.wire.http_messages import Answer

Resource = Callable[[ApiCall], Answer]
BASE = ("api.xro", "2.0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`pattern` segments in braces are parameters; the first segment is always a collection."""

    method: str
    pattern: tuple[str, ...]
    resource: Resource
    scopes: tuple[str, ...]


def _routes(scopes: tuple[str, ...], *rows: tuple[str, str, Resource]) -> list[Route]:
    return [
        Route(method=method, pattern=tuple(pattern.split("/")), resource=resource, scopes=scopes)
        for method, pattern, resource in rows
    ]


def _papers(collection: str, scopes: tuple[str, ...], *, has_history: bool = True) -> list[Route]:
    """Attachments and history of one collection."""
    attachments = _routes(
        ATTACHMENTS,
        ("GET", f"{collection}/{{owner}}/Attachments", attachments_resource.list_attachments),
        ("GET", f"{collection}/{{owner}}/Attachments/{{file}}", attachments_resource.get_attachment),
        ("PUT", f"{collection}/{{owner}}/Attachments/{{file}}", attachments_resource.save_attachment),
        ("POST", f"{collection}/{{owner}}/Attachments/{{file}}", attachments_resource.save_attachment),
    )
    return attachments + (_history(collection, scopes) if has_history else [])


def _history(collection: str, scopes: tuple[str, ...]) -> list[Route]:
    return _routes(
        scopes,
        ("GET", f"{collection}/{{owner}}/History", history_resource.list_history),
        ("PUT", f"{collection}/{{owner}}/History", history_resource.add_history),
    )


def _quiet(collection: str, scopes: tuple[str, ...]) -> list[Route]:
    return _routes(
        scopes,
        ("GET", collection, quiet_resources.list_nothing),
        ("GET", f"{collection}/{{record}}", quiet_resources.get_nothing),
        ("POST", f"{collection}/{{record}}", quiet_resources.get_nothing),
        ("PUT", collection, quiet_resources.write_nothing),
        ("POST", collection, quiet_resources.write_nothing),
    )


ROUTES: list[Route] = [
    *_routes(
        INVOICES,
        ("GET", "Invoices", invoices_resource.list_invoices),
        ("PUT", "Invoices", invoices_resource.create_invoices),
        ("POST", "Invoices", invoices_resource.save_invoices),
        ("GET", "Invoices/{document}", invoices_resource.get_invoice),
        ("POST", "Invoices/{document}", invoices_resource.save_invoice),
        ("GET", "Invoices/{document}/pdf", invoices_resource.get_invoice_as_pdf),
        ("GET", "Invoices/{document}/OnlineInvoice", invoices_resource.get_online_invoice),
        ("POST", "Invoices/{document}/Email", invoices_resource.email_invoice),
        ("GET", "CreditNotes", credit_notes_resource.list_credit_notes),
        ("PUT", "CreditNotes", credit_notes_resource.create_credit_notes),
        ("POST", "CreditNotes", credit_notes_resource.save_credit_notes),
        ("GET", "CreditNotes/{document}", credit_notes_resource.get_credit_note),
        ("POST", "CreditNotes/{document}", credit_notes_resource.save_credit_note),
        ("GET", "CreditNotes/{document}/pdf", credit_notes_resource.get_credit_note_as_pdf),
        ("PUT", "CreditNotes/{document}/Allocations", credit_notes_resource.create_allocations),
        ("DELETE", "CreditNotes/{document}/Allocations/{allocation}", credit_notes_resource.delete_allocation),
        ("GET", "Quotes", quotes_resource.list_quotes),
        ("PUT", "Quotes", quotes_resource.create_quotes),
        ("POST", "Quotes", quotes_resource.save_quotes),
        ("GET", "Quotes/{document}", quotes_resource.get_quote),
        ("POST", "Quotes/{document}", quotes_resource.save_quote),
        ("GET", "Quotes/{document}/pdf", quotes_resource.get_quote_as_pdf),
    ),
    *_papers("Invoices", INVOICES),
    *_papers("CreditNotes", INVOICES),
    *_papers("Quotes", INVOICES),
    *_routes(
        CONTACTS,
        ("GET", "Contacts", contacts_resource.list_contacts),
        ("PUT", "Contacts", contacts_resource.create_contacts),
        ("POST", "Contacts", contacts_resource.save_contacts),
        ("GET", "Contacts/{owner}", contacts_resource.get_contact),
        ("POST", "Contacts/{owner}", contacts_resource.save_contact),
    ),
    *_papers("Contacts", CONTACTS),
    *_routes(
        ITEMS,
        ("GET", "Items", items_resource.list_items),
        ("PUT", "Items", items_resource.create_items),
        ("POST", "Items", items_resource.save_items),
        ("GET", "Items/{owner}", items_resource.get_item),
        ("POST", "Items/{owner}", items_resource.save_item),
        ("DELETE", "Items/{owner}", items_resource.delete_item),
    ),
    *_history("Items", ITEMS),
    *_routes(
        PAYMENTS,
        ("GET", "Payments", payments_resource.list_payments),
        ("PUT", "Payments", payments_resource.create_payments),
        ("POST", "Payments", payments_resource.create_payments),
        ("GET", "Payments/{owner}", payments_resource.get_payment),
        ("POST", "Payments/{owner}", payments_resource.save_payment),
    ),
    *_history("Payments", PAYMENTS),
    *_routes(
        SETTINGS,
        ("GET", "Organisation", organisation_resource.get_organisation),
        ("GET", "Organisations", organisation_resource.get_organisation),
        ("GET", "Organisation/Actions", organisation_resource.get_actions),
        ("GET", "Accounts", accounts_resource.list_accounts),
        ("PUT", "Accounts", accounts_resource.create_account),
        ("GET", "Accounts/{account}", accounts_resource.get_account),
        ("POST", "Accounts/{account}", accounts_resource.save_account),
        ("DELETE", "Accounts/{account}", accounts_resource.delete_account),
        ("GET", "TaxRates", tax_rates_resource.list_tax_rates),
        ("PUT", "TaxRates", tax_rates_resource.create_tax_rates),
        ("POST", "TaxRates", tax_rates_resource.save_tax_rates),
        ("GET", "TaxRates/{tax_type}", tax_rates_resource.get_tax_rate),
        ("GET", "TrackingCategories", tracking_resource.list_tracking_categories),
        ("PUT", "TrackingCategories", tracking_resource.create_tracking_category),
        ("GET", "TrackingCategories/{category}", tracking_resource.get_tracking_category),
        ("POST", "TrackingCategories/{category}", tracking_resource.save_tracking_category),
        ("DELETE", "TrackingCategories/{category}", tracking_resource.delete_tracking_category),
        ("PUT", "TrackingCategories/{category}/Options", tracking_resource.create_tracking_options),
        ("POST", "TrackingCategories/{category}/Options/{option}", tracking_resource.save_tracking_option),
        ("DELETE", "TrackingCategories/{category}/Options/{option}", tracking_resource.delete_tracking_option),
        ("GET", "Currencies", currencies_resource.list_currencies),
        ("PUT", "Currencies", currencies_resource.create_currency),
        ("GET", "BrandingThemes", branding_themes_resource.list_branding_themes),
        ("GET", "BrandingThemes/{theme}", branding_themes_resource.get_branding_theme),
        ("GET", "Users", people_resource.list_users),
        ("GET", "Users/{user}", people_resource.get_user),
    ),
    *_papers("Accounts", SETTINGS, has_history=False),
    *_quiet("BankTransactions", BANK_TRANSACTIONS),
    *_quiet("BankTransfers", BANK_TRANSACTIONS),
    *_quiet("BatchPayments", PAYMENTS),
    *_quiet("Budgets", BUDGETS),
    *_quiet("ContactGroups", CONTACTS),
    *_quiet("Employees", SETTINGS),
    *_quiet("ExpenseClaims", ANY_OF_THEM),
    *_quiet("Journals", JOURNALS),
    *_quiet("LinkedTransactions", INVOICES),
    *_quiet("ManualJournals", MANUAL_JOURNALS),
    *_quiet("Overpayments", PAYMENTS),
    *_quiet("PaymentServices", SETTINGS),
    *_quiet("Prepayments", PAYMENTS),
    *_routes(
        INVOICES,
        ("GET", "PurchaseOrders", purchase_orders_resource.list_orders),
        ("GET", "PurchaseOrders/{document}", purchase_orders_resource.get_order),
        ("POST", "PurchaseOrders/{record}", quiet_resources.get_nothing),
        ("PUT", "PurchaseOrders", quiet_resources.write_nothing),
        ("POST", "PurchaseOrders", quiet_resources.write_nothing),
    ),
    *_quiet("Receipts", ANY_OF_THEM),
    *_quiet("RepeatingInvoices", INVOICES),
]

_BY_SHAPE: dict[tuple[int, str], list[Route]] = {}
for _route in ROUTES:
    _BY_SHAPE.setdefault((len(_route.pattern), _route.pattern[0].lower()), []).append(_route)


def find_routes(segments: list[str]) -> list[tuple[Route, dict[str, str]]]:
    """The routes of an address, whatever their method, each with its parameters. Names match in any case."""
    if [segment.lower() for segment in segments[:2]] != list(BASE) or len(segments) == len(BASE):
        return []
    parts = segments[len(BASE) :]
    found = []
    for route in _BY_SHAPE.get((len(parts), parts[0].lower()), []):
        parameters = {"collection": parts[0]}
        for pattern, part in zip(route.pattern, parts, strict=True):
            if pattern.startswith("{"):
                parameters[pattern[1:-1]] = part
            elif pattern.lower() != part.lower():
                break
        else:
            found.append((route, parameters))
    return _without_shadowed(found)


def _without_shadowed(found: list[tuple[Route, dict[str, str]]]) -> list[tuple[Route, dict[str, str]]]:
    """`Organisation/Actions` is more than some `{organisation}`: fewer parameters win, by method."""
    best: dict[str, tuple[Route, dict[str, str]]] = {}
    for route, parameters in found:
        held = best.get(route.method)
        if held is None or len(parameters) < len(held[1]):
            best[route.method] = (route, parameters)
    return list(best.values())
