"""Copies mapping and sending rules to another company of the same person, with a look at what does not fit there."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from freightbridge.access.models import Membership
from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import directory_scope, tenant_scope
from freightbridge.ui.page_address import redirect_to_page
from integrations.connection.active_connection import find_connection
from integrations.mapping.rule_rows import MAPPING_TABLES, SENDING, RuleSet, difference_words, row_words
from integrations.mapping.rules import OrganisationRules
from integrations.models import XeroConnection
from integrations.outbox.versioned_rules import change_rules, replace_rules
from integrations.reference_data.check_rule_row import KnownCodes, row_faults
from integrations.reference_data.load_rules import load_rules
from integrations.reference_data.rule_store import read_rules
from integrations.web.connection_strip import connection_of
from invoices.web.mapping_page import UNCONNECTED
from invoices.web.rule_forms import known_codes

NEEDED = (Permission.MANAGE_MAPPINGS, Permission.MANAGE_SENDING_RULES)
# What names things of one organisation alone.
NOT_COPIED = {"branding_theme_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPlan:
    """`rules`: the other company's as they would be. `left_out`: what does not exist there, a sentence each."""

    rules: RuleSet
    changes: list[str]
    left_out: list[str]


@requires(Permission.MANAGE_SENDING_RULES, opens_own_scope=True)
def rules_copy(request: TenantRequest) -> HttpResponse:
    """`to`: the slug of the other company; looked at by GET, done by POST. One company's rows at a time."""
    targets = _targets(request)
    slug = request.POST.get("to", request.GET.get("to", ""))
    target = get_object_or_404(Tenant, slug=slug, pk__in=[one.pk for one in targets]) if slug else None
    with tenant_scope(request.tenant):
        connection = connection_of(request)
        wanted = read_rules(connection) if connection else {}
    if connection is None:
        return _rendered(request, UNCONNECTED, {})
    context: dict[str, Any] = {"targets": targets, "target": target, "connection": connection}
    if target is not None:
        with tenant_scope(target):
            there = find_connection()
            plan = _plan(there, wanted) if there else None
            if there and plan and request.method == "POST":
                _copy(request, there, plan)
        context |= {"plan": plan, "there": there}
        if request.method == "POST" and plan:
            messages.success(request, f"The rules are copied to {target.name}, as a new version there.")
            return redirect_to_page(request, "rules_versions")
    return _rendered(request, "integrations/rules_copy.html", context)


def _targets(request: TenantRequest) -> list[Tenant]:
    """Other companies whose rules this person may change."""
    with directory_scope():
        found = Membership.directory.filter(user=request.user).exclude(tenant=request.tenant.pk)
        memberships = list(found.select_related("tenant").order_by("tenant__name"))
    return [one.tenant for one in memberships if all(one.has_permission(needed) for needed in NEEDED)]


def _plan(there: XeroConnection, wanted: RuleSet) -> CopyPlan:
    """In the other company's scope."""
    standing, known, rules = read_rules(there), known_codes(), load_rules(there, customer_codes=[])
    kept, left_out = _that_fit(wanted, standing, known=known, rules=rules)
    return CopyPlan(rules=kept, changes=difference_words(standing, kept), left_out=left_out)


def _that_fit(
    wanted: RuleSet, standing: RuleSet, *, known: KnownCodes, rules: OrganisationRules
) -> tuple[RuleSet, list[str]]:
    kept: dict[str, Any] = {table.name: [] for table in MAPPING_TABLES}
    left_out = []
    for table in MAPPING_TABLES:
        for row in wanted[table.name]:
            faults = row_faults(rules, known, table, row)
            if faults:
                left_out.append(f"{row_words(table, row)}: {faults[0].text}")
            else:
                kept[table.name].append(row)
    own = {row["name"]: row for row in standing[SENDING.name]}
    kept[SENDING.name] = []
    for row in wanted[SENDING.name]:
        is_account = row["name"].startswith("default_") and row["value"] and row["value"] not in rules.accounts
        if is_account:
            left_out.append(f"Sending rule {row['name'].replace('_', ' ')}: there is no account {row['value']} there.")
        kept[SENDING.name].append(own[row["name"]] if is_account or row["name"] in NOT_COPIED else row)
    return kept, left_out


def _copy(request: TenantRequest, there: XeroConnection, plan: CopyPlan) -> None:
    change_rules(
        there, lambda: replace_rules(there, plan.rules), reason=f"copied from {request.tenant.name}",
        by=request.user.email, now=read_clock(),
    )  # fmt: skip


def _rendered(request: TenantRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    with tenant_scope(request.tenant):
        return render(request, template, context)
