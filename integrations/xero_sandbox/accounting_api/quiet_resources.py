"""Collections that Xero has and these books do not use: they answer, and are empty.

So a client that reads every stream finds every stream. Names and paging: xero_accounting.yaml.
"""

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found, not_implemented
from integrations.xero_sandbox.accounting_api.list_reading import asked_page
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.wire.http_messages import Answer

PAGED = frozenset(
    {"banktransactions", "manualjournals", "overpayments", "prepayments", "purchaseorders", "linkedtransactions"}
)
WITHOUT_CHANGES = frozenset({"budgets", "contactgroups", "linkedtransactions", "paymentservices", "repeatinginvoices"})
NAMES = {
    name.lower(): name
    for name in (
        "BankTransactions", "BankTransfers", "BatchPayments", "Budgets", "ContactGroups", "Employees",
        "ExpenseClaims", "Journals", "LinkedTransactions", "ManualJournals", "Overpayments", "PaymentServices",
        "Prepayments", "PurchaseOrders", "Receipts", "RepeatingInvoices",
    )
}  # fmt: skip


def list_nothing(call: ApiCall) -> Answer:
    name = call.request.segments[2].lower()
    block = asked_page(call).block(0) if name in PAGED and call.query("page") else None
    if name in WITHOUT_CHANGES:
        return enveloped(call, NAMES[name], [], pagination=block)
    return unless_unchanged(call, 0, lambda: enveloped(call, NAMES[name], [], pagination=block))


def get_nothing(_call: ApiCall) -> Answer:
    return not_found()


def write_nothing(call: ApiCall) -> Answer:
    return not_implemented(f"Writing {NAMES[call.request.segments[2].lower()]}")
