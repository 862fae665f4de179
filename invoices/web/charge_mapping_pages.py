"""Mappings: charge codes → ledger accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.mapping.choose_account import why_refused
from integrations.mapping.rule_rows import LINES, Row
from integrations.mapping.rules import ChargeTarget, OrganisationRules
from integrations.outbox.change_mapping import change_charge_rule
from integrations.outbox.last_changes import LastChange, last_changes
from integrations.problem_catalogue.codes import MendPage
from integrations.problem_catalogue.describe import describe
from integrations.reference_data.check_rule_row import why_pair_refused
from integrations.web.account_options import AccountOptions
from integrations.web.mend_address import SEVERAL
from invoices.models import ChargeCode
from invoices.models.shipment_charge import Side
from invoices.web.exact_accounts import accounts_by_name, plain_name
from invoices.web.mapping_page import UNCONNECTED, Mapped, change_and_tell, last_change_of, mapped_organisation
from invoices.workflows.count_waiting import shipments_by_charge_code
from invoices.workflows.find_causes import count_held_up

SIDES = {"sales": Side.SELL, "purchases": Side.COST}
TAXES = {"sales": "sales_tax_code", "purchases": "purchase_tax_code"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    One side of a charge code. `note`: which default is used, or what is wrong with what was chosen. `is_unknown`:
    Xero has no such account, so that none of the `options` names it. `exact`: where nothing is chosen, the account
    that is called exactly like the code. `held_up`: how much waits for a choice here.
    """

    side: str
    chosen: str
    options: SafeString
    is_unknown: bool
    note: str
    is_problem: bool
    exact: str
    held_up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """`used`: by how many shipments that are still to be sent."""

    code: str
    name: str
    used: int
    choices: list[Choice]
    changed: LastChange | None

    @property
    def needs_one(self) -> bool:
        return self.used > 0 and any(choice.is_problem for choice in self.choices)


@requires(Permission.VIEW_SETTINGS)
def mapping_charges(request: TenantRequest) -> HttpResponse:
    """Those that something waits for come first."""
    mapped = mapped_organisation(request)
    if mapped is None:
        return render(request, UNCONNECTED)
    wanted = request.GET.get("q", "")
    # A refusal of Xero's that names no charge code leads here with all that the document has.
    picked = wanted.split(SEVERAL)
    rows = sorted(_rows(mapped), key=lambda row: (row.code not in picked, not row.needs_one, row.code))
    context: dict[str, Any] = {
        "rows": rows,
        "wanted": wanted,
        "picked": picked,
        "connection": mapped.connection,
        "exact": sum(bool(choice.exact) for row in rows for choice in row.choices),
        "unmapped": sum(row.needs_one for row in rows),
    }
    return render(request, "integrations/mapping_charges.html", context)


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def map_charge(request: TenantRequest) -> HttpResponse:
    mapped, side = mapped_organisation(request), request.POST.get("side", "")
    if mapped is None or side not in SIDES:
        raise BadRequest("There is no such mapping.")
    charge_code = get_object_or_404(
        ChargeCode.objects.select_related(*TAXES.values()), code=request.POST.get("code", "")
    )
    code, account = charge_code.code, request.POST.get("account", "")
    refusal = _pair_refused(mapped.rules, side, account, charge_code)
    if refusal:
        messages.error(request, f"Not saved. {refusal}")
        return redirect_to_page(request, "mapping_charges")
    change_and_tell(
        request,
        connection=mapped.connection,
        change=lambda: change_charge_rule(
            mapped.connection, side=side, charge_code=code, account_code=account, rules=mapped.rules,
            by=request.user.email, now=read_clock(),
        ),
        done=f"{code} goes to {account} for {side}." if account else f"{code} has no account of its own for {side}.",
    )  # fmt: skip
    return redirect_to_page(request, "mapping_charges")


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def map_exact_charges(request: TenantRequest) -> HttpResponse:
    """All in one version of the rules, so that one step leads back."""
    mapped = mapped_organisation(request)
    if mapped is None:
        raise BadRequest("There is no such mapping.")
    exact = [(row.code, one.side, one.exact) for row in _rows(mapped) for one in row.choices if one.exact]
    if not exact:
        messages.info(request, "Nothing was changed: no account is called exactly like a charge code without one.")
        return redirect_to_page(request, "mapping_charges")
    change_and_tell(
        request,
        connection=mapped.connection,
        change=lambda: [job for one in exact for job in _map_exact(request, mapped, *one)],
        done=f"{len(exact)} account{'' if len(exact) == 1 else 's'} accepted; Versions of the rules leads back.",
    )
    return redirect_to_page(request, "mapping_charges")


def _map_exact(request: TenantRequest, mapped: Mapped, code: str, side: str, account: str) -> list[int]:
    return change_charge_rule(
        mapped.connection, side=side, charge_code=code, account_code=account, rules=mapped.rules,
        by=request.user.email, now=read_clock(),
    )  # fmt: skip


def _rows(mapped: Mapped) -> list[MappingRow]:
    rules, changes = mapped.rules, last_changes(mapped.connection)
    held_up = count_held_up(MendPage.CHARGES)
    named = {side: accounts_by_name(rules, side=side) for side in SIDES}
    options = {side: AccountOptions(rules, side=side) for side in SIDES}
    used = shipments_by_charge_code()
    return [
        MappingRow(
            code=code.code,
            name=code.name,
            used=used.get(code.pk, 0),
            choices=[
                _choice(rules, side, code, named[side], options[side], held_up[side, code.code]) for side in SIDES
            ],
            changed=last_change_of(changes, LINES, _lines_of(code.code)),
        )
        for code in ChargeCode.objects.select_related(*TAXES.values())
    ]


def _lines_of(code: str) -> list[Row]:
    return [{"side": side, "charge_code": code, "cost_centre": ""} for side in SIDES]


def _pair_refused(rules: OrganisationRules, side: str, account: str, code: ChargeCode) -> str:
    tax_code = getattr(code, TAXES[side])
    return why_pair_refused(rules, side=side, account_code=account, tax_code=tax_code.code) if tax_code else ""


def _exact(rules: OrganisationRules, side: str, code: ChargeCode, named: Mapping[str, str]) -> str:
    """Empty where there is none that would be taken."""
    account = named.get(plain_name(code.name), "")
    return "" if account and _pair_refused(rules, side, account, code) else account


def _choice(
    rules: OrganisationRules,
    side: str,
    charge_code: ChargeCode,
    named: Mapping[str, str],
    options: AccountOptions,
    held_up: int,
) -> Choice:
    code = charge_code.code
    chosen = rules.charge_targets.get((side, code, ""), ChargeTarget(account_code="")).account_code
    default = rules.default_accounts.get(side, "")
    refusal = why_refused(rules, side=side, account_code=chosen or default, charge_code=code)
    is_gone = bool(chosen) and refusal is not None
    if not chosen and not default:
        note = "No account yet" if side == "sales" else ""
    elif refusal is not None:
        note = describe(refusal).text
    else:
        note = "" if chosen else f"Default used: {default} {rules.accounts[default].name}"
    pair = "" if refusal is not None else _pair_refused(rules, side, chosen or default, charge_code)
    note = pair or note
    is_problem = is_gone or bool(pair) or (side == "sales" and not chosen and (not default or refusal is not None))
    exact = "" if chosen else _exact(rules, side, charge_code, named)
    is_unknown = bool(chosen) and chosen not in rules.accounts
    return Choice(
        side=side, chosen=chosen, options=options.with_chosen(chosen), is_unknown=is_unknown, note=note,
        is_problem=is_problem, exact=exact, held_up=held_up,
    )  # fmt: skip
