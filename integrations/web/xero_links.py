"""Addresses of Xero's own pages, for people to follow."""

from urllib.parse import urlencode

from django.conf import settings

from integrations.mapping.source import DocumentKind

# XeroAPI/xero-mcp-server, src/consts/deeplinks.ts, and
# developer.xero.com/documentation/guides/how-to-guides/deep-link-xero.
PAGES = {DocumentKind.SALES_INVOICE: "invoicing/view", DocumentKind.QUOTE: "quotes/view"}
CLASSIC_PAGES = {
    DocumentKind.BILL: "/AccountsPayable/Edit.aspx?InvoiceID=",
    DocumentKind.SALES_CREDIT_NOTE: "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=",
    DocumentKind.BILL_CREDIT_NOTE: "/AccountsPayable/ViewCreditNote.aspx?creditNoteID=",
}


def document_link(*, short_code: str, kind: str, xero_id: object) -> str:
    """Empty where nothing is there yet, or the organisation's short code is not known."""
    if not short_code or not xero_id:
        return ""
    page = PAGES.get(DocumentKind(kind))
    if page is not None:
        return f"{settings.XERO_WEB_BASE_URL}/app/{short_code}/{page}/{xero_id}"
    query = urlencode({"shortcode": short_code, "redirecturl": f"{CLASSIC_PAGES[DocumentKind(kind)]}{xero_id}"})
    return f"{settings.XERO_WEB_BASE_URL}/organisationlogin/default.aspx?{query}"


def contact_link(*, short_code: str, contact_id: object) -> str:
    return f"{settings.XERO_WEB_BASE_URL}/app/{short_code}/contacts/contact/{contact_id}" if short_code else ""
