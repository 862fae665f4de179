"""Mappings: tax codes → tax rates. A rate that differs from ours, or that Xero does not allow there, is not offered."""

from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.mapping.rule_rows import TAX_CODES
from integrations.mapping.rules import OrganisationRules
from integrations.outbox.change_mapping import CLASSES, change_tax_rule, why_rate_refused
from integrations.outbox.last_changes import LastChange, last_changes
from integrations.problem_catalogue.codes import MendPage
from invoices.models import TaxCode
from invoices.web.mapping_page import UNCONNECTED, Mapped, change_and_tell, last_change_of, mapped_organisation
from invoices.workflows.count_waiting import charges_by_tax_code
from invoices.workflows.find_causes import count_held_up

SIDES = ("sales", "purchases")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateOption:
    """`reason`: why it cannot be chosen; empty where it can."""

    tax_type: str
    label: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxChoice:
    """`held_up`: how much waits for a choice here."""

    side: str
    chosen: str
    options: list[RateOption]
    note: str
    held_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """`used`: by how many charges that no invoice bills yet."""

    code: TaxCode
    used: int
    choices: list[TaxChoice]
    changed: LastChange | None


@requires(Permission.VIEW_SETTINGS)
def mapping_taxes(request: TenantRequest) -> HttpResponse:
    mapped = mapped_organisation(request)
    if mapped is None:
        return render(request, UNCONNECTED)
    context = {"rows": _rows(mapped), "connection": mapped.connection, "wanted": request.GET.get("q", "")}
    return render(request, "integrations/mapping_taxes.html", context)


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def map_tax(request: TenantRequest) -> HttpResponse:
    mapped, side = mapped_organisation(request), request.POST.get("side", "")
    rate = mapped.rules.tax_rates.get(request.POST.get("tax_type", "")) if mapped else None
    if mapped is None or rate is None or side not in SIDES:
        raise BadRequest("There is no such mapping.")
    code = get_object_or_404(TaxCode, code=request.POST.get("code", ""))
    change_and_tell(
        request,
        connection=mapped.connection,
        change=lambda: change_tax_rule(
            mapped.connection, side=side, tax_code=code.code, rate=rate, our_rate=_percent(code),
            by=request.user.email, now=read_clock(),
        ),
        done=f"{code.code} becomes {rate.name} for {side}.",
    )  # fmt: skip
    return redirect_to_page(request, "mapping_taxes")


def rate_options(rules: OrganisationRules, *, side: str, code: TaxCode) -> list[RateOption]:
    """Of the rates that Xero has for this side, by name."""
    fitting = [rate for rate in rules.tax_rates.values() if rate.is_active and rate.applies_to & CLASSES[side]]
    return [
        RateOption(
            tax_type=rate.tax_type,
            label=f"{rate.name} ({rate.rate.normalize():f} %)",
            reason=why_rate_refused(rate, side=side, our_rate=_percent(code)),
        )
        for rate in sorted(fitting, key=lambda rate: rate.name)
    ]


def _rows(mapped: Mapped) -> list[TaxRow]:
    changes, held_up = last_changes(mapped.connection), count_held_up(MendPage.TAXES)
    used = charges_by_tax_code(mapped.rules)
    return [
        TaxRow(
            code=code,
            used=used[code.code],
            choices=[_choice(mapped.rules, side, code, held_up[side, code.code]) for side in SIDES],
            changed=last_change_of(changes, TAX_CODES, ({"side": side, "tax_code": code.code} for side in SIDES)),
        )
        for code in TaxCode.objects.order_by("code")
    ]


def _choice(rules: OrganisationRules, side: str, code: TaxCode, held_up: int) -> TaxChoice:
    chosen, options = rules.tax_types.get((side, code.code), ""), rate_options(rules, side=side, code=code)
    current = rules.tax_rates.get(chosen)
    wrong = why_rate_refused(current, side=side, our_rate=_percent(code)) if current else ""
    missing = "" if chosen or side != "sales" else "No tax rate yet"
    return TaxChoice(side=side, chosen=chosen, options=options, note=wrong or missing, held_up=held_up)


def _percent(code: TaxCode) -> str:
    return f"{code.rate.normalize():f}"
