"""What every page may need: the company, what this person may do in it, and the looks that he has chosen."""

from typing import Any

from django.http import HttpRequest

from freightbridge.access.permission_checks import reason_against
from freightbridge.access.permissions import Permission
from freightbridge.access.support_visit import running_visit
from freightbridge.ui.page_address import company_of


def page_context(request: HttpRequest) -> dict[str, Any]:
    """`why_not`: by the permission's name, the reason that a disabled button shows; empty where it is allowed."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return _looks(request)
    return {
        **_looks(request),
        "tenant": request.tenant,  # type: ignore[attr-defined]
        "company": company_of(request.tenant),  # type: ignore[attr-defined]
        "membership": membership,
        "may": {permission.name.lower(): membership.has_permission(permission) for permission in Permission},
        "why_not": {permission.name.lower(): reason_against(membership, permission) for permission in Permission},
    }


def _looks(request: HttpRequest) -> dict[str, Any]:
    """Of nobody who is not signed in: then the browser decides."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "own_theme": user.theme,
        "is_compact": user.is_compact,
        "shortcuts_off": not user.shortcuts_on,
        "visit": running_visit(request),
    }
