"""Versions of mapping and sending rules: who changed what and when, and the way back (F22, N20)."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.mapping.rule_rows import difference_words
from integrations.models import RulesVersion, SyncJob
from integrations.outbox.versioned_rules import change_rules, replace_rules
from integrations.reference_data.rule_store import read_rules
from integrations.web.connection_strip import connection_of
from integrations.web.going_words import going_words

SHOWN = 50
UNCONNECTED = "integrations/sending_rules_unconnected.html"


@requires(Permission.VIEW_SETTINGS)
def rules_versions(request: TenantRequest) -> HttpResponse:
    """`back`: of the version that somebody thinks of going back to, what that would change."""
    connection = connection_of(request)
    if connection is None:
        return render(request, UNCONNECTED)
    versions = list(RulesVersion.objects.filter(connection=connection).order_by("-number")[:SHOWN])
    numbers = [version.number for version in versions]
    built = SyncJob.objects.filter(connection=connection, rules_version__in=numbers).order_by()
    counts = dict(built.values_list("rules_version").annotate(count=Count("id")))
    asked = request.GET.get("back", "")
    chosen = next((version for version in versions if str(version.number) == asked), None)
    context: dict[str, Any] = {
        "rows": [(version, counts.get(version.number, 0)) for version in versions],
        "newest": numbers[0] if numbers else None,
        "chosen": chosen,
        "back": difference_words(read_rules(connection), chosen.rules) if chosen else [],
        "connection": connection,
        "why": why_not(request),
    }
    return render(request, "integrations/rules_versions.html", context)


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def rules_roll_back(request: TenantRequest) -> HttpResponse:
    """Itself a new version. What is queued goes as it was built."""
    check(request.membership, Permission.MANAGE_SENDING_RULES)
    number = request.POST.get("number", "")
    wanted = number if number.isdecimal() else "0"
    version = get_object_or_404(RulesVersion, connection=connection_of(request), number=wanted)
    going = change_rules(
        version.connection, lambda: replace_rules(version.connection, version.rules),
        reason=f"rolled back to version {version.number}", by=request.user.email, now=read_clock(),
    )  # fmt: skip
    messages.success(request, f"The rules are those of version {version.number} again.{going_words(going)}")
    return redirect_to_page(request, "rules_versions")


def why_not(request: TenantRequest) -> str:
    """Against changing all rules at once; empty where it is allowed."""
    needed = (Permission.MANAGE_MAPPINGS, Permission.MANAGE_SENDING_RULES)
    allowed = all(request.membership.has_permission(one) for one in needed)
    return "" if allowed else "Needs the right to manage mappings and sending rules."
