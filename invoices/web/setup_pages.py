"""The set-up list: what a company does once, ticked off by what is there (F21)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from freightbridge.access.permission_checks import TenantRequest, requires
from freightbridge.access.permissions import Permission
from freightbridge.clock import read_clock
from freightbridge.ui.page_address import page_address
from integrations.web.connection_strip import connection_of
from invoices.workflows.check_setup import Coverage, SetupState, check_setup, remember_setup_done

NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupStep:
    """`note`: how far it has come. `needs`: the name of the permission that the page behind its button asks for."""

    name: str
    title: str
    text: str
    note: str
    is_done: bool
    address: str
    label: str
    needs: str


@requires(Permission.VIEW_SETTINGS)
def setup(request: TenantRequest) -> HttpResponse:
    steps = setup_steps(request)
    context = {"steps": steps, "done": sum(step.is_done for step in steps)}
    return render(request, "invoices/setup.html", context)


def setup_steps(request: TenantRequest) -> list[SetupStep]:
    """Once the last one is done this is remembered, and the list leaves the menu."""
    state = check_setup(connection_of(request))
    if state.is_done and request.tenant.setup_done_at is None:
        remember_setup_done(request.tenant, now=read_clock())
    return [*_steps_of_settings(request, state), *_steps_of_rules(request, state)]


def _steps_of_settings(request: TenantRequest, state: SetupState) -> list[SetupStep]:
    customers_note = _note(state.customers, "customer", "No customers yet: upload shipments first.")
    if state.creates_contacts and state.customers.total:
        customers_note = "Customers that Xero does not know are created there when something is first sent to them."
    taxes = [
        _note(state.taxes, "tax code", "No taxes yet: upload shipments first."),
        _note(state.currencies, "currency", ""),
    ]
    is_currency_left = state.taxes.is_done and not state.currencies.is_done
    page, label = (
        ("mapping_currencies", "See the currencies") if is_currency_left else ("mapping_taxes", "Choose tax rates")
    )
    return [
        _step(
            request, "connect", "Connect Xero", "xero_connection", "VIEW_SETTINGS", is_done=state.is_connected,
            label="Open the connection", text="An admin allows FreightBridge to write into your organisation.",
        ),
        _step(
            request, "customers", "Match customers", "mapping_customers", "VIEW_SETTINGS",
            is_done=state.customers.is_done, note=customers_note, label="Match customers",
            text="Each customer gets its contact in Xero, by the account number or by hand.",
        ),
        _step(
            request, "charges", "Match charge codes", "mapping_charges", "VIEW_SETTINGS",
            is_done=state.charge_codes.is_done, label="Choose accounts",
            note=_note(state.charge_codes, "charge code", "No charges yet: upload shipments first."),
            text="Each charge code goes to a ledger account.",
        ),
        _step(
            request, "taxes", "Taxes and currencies", page, "VIEW_SETTINGS",
            is_done=state.taxes.is_done and state.currencies.is_done, label=label,
            note=" ".join(filter(None, taxes)),
            text="Each tax code becomes a rate of Xero's; each currency must be in use there.",
        ),
    ]  # fmt: skip


def _steps_of_rules(request: TenantRequest, state: SetupState) -> list[SetupStep]:
    test = _step(
        request, "send", "Send a test draft", "shipments", "SEND_TO_ACCOUNTING", is_done=state.has_sent,
        label="Choose a shipment",
        text="Set the status of new documents to Draft, send one shipment, and look at it in Xero before you go on.",
    )  # fmt: skip
    rules = _step(
        request, "rules", "Choose the sending rules", "sending_rules", "VIEW_SETTINGS", is_done=state.are_rules_chosen,
        label="Open the rules", note="" if state.are_rules_chosen else "Done once somebody has saved them.",
        text="Invoice or quote, draft or approved, the reference, the PDF, and what to do with unknown customers.",
    )  # fmt: skip
    numbers = _step(
        request, "numbers", "Check the numbers", "number_series", "VIEW_SETTINGS", is_done=state.numbers.is_done,
        label="See the numbers", note=_numbers_note(state),
        text="Your next invoice, credit note and quote get numbers that Xero has not got yet.",
    )  # fmt: skip
    return [rules, numbers, test]


def _step(  # noqa: PLR0913 a row of a table, each cell named
    request: TenantRequest, name: str, title: str, page: str, needs: str, *, is_done: bool, label: str, text: str,
    note: str = "",
) -> SetupStep:  # fmt: skip
    return SetupStep(
        name=name,
        title=title,
        text=text,
        note=note,
        is_done=is_done,
        address=page_address(request.tenant, page),
        label=label,
        needs=Permission[needs].name.lower(),
    )


def _numbers_note(state: SetupState) -> str:
    if state.numbers.taken:
        return f"Xero already holds {state.numbers.taken}: begin at {state.numbers.begin}."
    return "" if state.numbers.is_done or not state.is_connected else "Xero has not been asked about all of them yet."


def _note(coverage: Coverage, word: str, nothing: str) -> str:
    if not coverage.total:
        return nothing
    if not coverage.open:
        return ""
    named = ", ".join(coverage.open[:NAMED])
    more = f" and {len(coverage.open) - NAMED} more" if len(coverage.open) > NAMED else ""
    return f"{len(coverage.open)} of {coverage.total} to match ({word}): {named}{more}."
