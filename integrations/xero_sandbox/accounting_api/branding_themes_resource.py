"""/BrandingThemes. Source: developer.xero.com/documentation/api/accounting/brandingthemes."""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.books.organisation_records import BrandingTheme
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.wire_dates import with_offset


def list_branding_themes(call: ApiCall) -> Answer:
    """The theme with the lowest SortOrder is the default."""
    return enveloped(call, "BrandingThemes", [_as_json(theme) for theme in call.books.branding_themes()])


def get_branding_theme(call: ApiCall) -> Answer:
    theme: BrandingTheme | None = call.books.find(BrandingTheme, call.parameters["theme"].lower())
    return not_found() if theme is None else enveloped(call, "BrandingThemes", [_as_json(theme)])


def _as_json(theme: BrandingTheme) -> dict[str, Any]:
    return {
        "BrandingThemeID": theme.theme_id,
        "Name": theme.name,
        "LogoUrl": theme.logo_url,
        "Type": "INVOICE",
        "SortOrder": theme.sort_order,
        "CreatedDateUTC": with_offset(theme.created_at),
    }
