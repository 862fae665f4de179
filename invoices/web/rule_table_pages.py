"""Mappings: lines by charge code and cost centre, tax by country, and tracking: tables of rules with one form each."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from freightbridge.access.permission_checks import TenantRequest, check, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import redirect_to_page
from integrations.mapping.rule_rows import Row, RuleTable, row_words, words
from integrations.outbox.versioned_rules import change_rules
from integrations.reference_data.check_rule_row import row_faults
from integrations.reference_data.rule_store import put_row, read_rules, remove_row
from integrations.web.going_words import going_words
from invoices.web.mapping_page import UNCONNECTED, UNSENT_ONLY, Mapped, mapped_organisation
from invoices.web.rule_forms import LineForm, RuleForm, TaxPlaceForm, TrackingForm, known_codes
from invoices.web.rule_tester import decision_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """`name` of its URL; `note` says which rule wins."""

    name: str
    title: str
    heading: str
    note: str
    form: type[RuleForm]

    @property
    def table(self) -> RuleTable:
        return self.form.table


LINES_PAGE = RulePage(
    name="mapping_lines",
    title="Cost centres and items",
    heading="Charge codes and cost centres → account, tax, item",
    note="The most specific line wins: charge code with cost centre, then charge code, then cost centre, then the "
    "default of the sending rules.",
    form=LineForm,
)
PLACES_PAGE = RulePage(
    name="mapping_countries",
    title="Tax by country",
    heading="Customer's country → tax code",
    note="The tax code of the charge wins, then the customer's, then a rule with its charge code, then a rule for any; "
    "a country goes before home and abroad. Where none fits, the charge code's tax code counts, then the account's.",
    form=TaxPlaceForm,
)
TRACKING_PAGE = RulePage(
    name="mapping_tracking",
    title="Tracking",
    heading="Branch, department, mode, lane … → tracking",
    note="In each tracking category of Xero's the most telling rule wins: charge code, cost centre, customer, customer "
    "group, lane, mode, job type, department, branch, any.",
    form=TrackingForm,
)
PAGES = {page.table.name: page for page in (LINES_PAGE, PLACES_PAGE, TRACKING_PAGE)}


@requires(Permission.VIEW_SETTINGS)
def mapping_lines(request: TenantRequest) -> HttpResponse:
    return _rules(request, LINES_PAGE)


@requires(Permission.VIEW_SETTINGS)
def mapping_countries(request: TenantRequest) -> HttpResponse:
    return _rules(request, PLACES_PAGE)


@requires(Permission.VIEW_SETTINGS)
def mapping_tracking(request: TenantRequest) -> HttpResponse:
    return _rules(request, TRACKING_PAGE)


@requires(Permission.MANAGE_MAPPINGS)
@require_POST
def rule_remove(request: TenantRequest) -> HttpResponse:
    mapped, page = mapped_organisation(request), PAGES.get(request.POST.get("table", ""))
    if mapped is None or page is None:
        raise BadRequest("There is no such rule.")
    row = {name: request.POST.get(name, "") for name in page.table.key}
    said = row_words(page.table, row)
    going = change_rules(
        mapped.connection, lambda: remove_row(mapped.connection, page.table, row), reason=f"{said} removed",
        by=request.user.email, now=read_clock(),
    )  # fmt: skip
    messages.success(request, f"{said} is removed.{going_words(going)}")
    return redirect_to_page(request, page.name)


def _rules(request: TenantRequest, page: RulePage) -> HttpResponse:
    mapped = mapped_organisation(request)
    if mapped is None:
        return render(request, UNCONNECTED)
    data = request.POST if request.method == "POST" else None
    if data is not None:
        check(request.membership, Permission.MANAGE_MAPPINGS)
    known = known_codes()
    form = page.form(data, rules=mapped.rules, known=known)
    if form.is_valid():
        _save(request, page, mapped, form.row)
        return redirect_to_page(request, page.name)
    rows = read_rules(mapped.connection)[page.table.name]
    context: dict[str, Any] = {
        "page": page,
        "columns": [words(name).capitalize() for name in page.table.fields],
        "rows": [_shown(page.table, row, row_faults(mapped.rules, known, page.table, row)) for row in rows],
        "form": form,
        "connection": mapped.connection,
        "decision": decision_of(mapped.rules, request.GET) if page is LINES_PAGE else None,
        "codes": sorted(known.charge_codes) if page is LINES_PAGE else None,
        "asked": request.GET,
    }
    return render(request, "integrations/rule_table.html", context)


def _save(request: TenantRequest, page: RulePage, mapped: Mapped, row: Row) -> None:
    said = row_words(page.table, row)
    going = change_rules(
        mapped.connection, lambda: put_row(mapped.connection, page.table, row), reason=f"{said} saved",
        by=request.user.email, now=read_clock(),
    )  # fmt: skip
    messages.success(request, f"{said} is saved. {UNSENT_ONLY}{going_words(going)}")


def _shown(table: RuleTable, row: Row, faults: list[Any]) -> dict[str, Any]:
    return {
        "cells": [
            (words(name).capitalize(), row[name] or ("any" if name in table.key else "—")) for name in table.fields
        ],
        "key": [(name, row[name]) for name in table.key],
        "name": row_words(table, row),
        "faults": [fault.text for fault in faults],
    }
