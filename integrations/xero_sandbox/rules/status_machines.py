"""Which status may follow which.

Invoices and credit notes: developer.xero.com/documentation/api/accounting/invoices ("Updating invoice status").
Quotes: unconfirmed; seen on a live organisation and told in XeroAPI/xero-mcp-server, pull request 309.
"""

NEW_DOCUMENT = frozenset({"DRAFT", "SUBMITTED", "AUTHORISED"})
TERMINAL = frozenset({"VOIDED", "DELETED"})

DOCUMENT_STEPS = {
    "DRAFT": frozenset({"DRAFT", "SUBMITTED", "AUTHORISED", "DELETED"}),
    "SUBMITTED": frozenset({"SUBMITTED", "AUTHORISED", "DRAFT", "DELETED"}),
    "AUTHORISED": frozenset({"AUTHORISED", "VOIDED"}),
    "PAID": frozenset({"PAID", "AUTHORISED"}),
    "VOIDED": frozenset[str](),
    "DELETED": frozenset[str](),
}

NEW_QUOTE = frozenset({"DRAFT", "SENT"})
QUOTE_STEPS = {
    "DRAFT": frozenset({"DRAFT", "SENT", "DELETED"}),
    "SENT": frozenset({"SENT", "ACCEPTED", "DECLINED", "DELETED"}),
    "ACCEPTED": frozenset({"ACCEPTED", "INVOICED", "SENT", "DELETED"}),
    "DECLINED": frozenset({"DECLINED", "SENT", "DELETED"}),
    "INVOICED": frozenset({"INVOICED", "SENT", "DELETED"}),
    "DELETED": frozenset[str](),
}

NOT_FOR_CREATION = "Invoice not of valid status for creation"
NOT_FOR_MODIFICATION = "Invoice not of valid status for modification"
VOID_WITH_MONEY = (
    "The status VOIDED cannot be applied to the invoice because it has payments or credit notes allocated to it."
)
EDIT_WITH_MONEY = "This document cannot be edited as it has a payment or credit note allocated to it."


def refusal_of_step(*, status: str, wanted: str, has_money_applied: bool) -> str:
    """Why an existing invoice or credit note may not go to `wanted`; empty if it may."""
    if wanted == "VOIDED" and has_money_applied and status not in TERMINAL:
        return VOID_WITH_MONEY
    if wanted not in DOCUMENT_STEPS[status]:
        return NOT_FOR_MODIFICATION
    return ""


def refusal_of_new(wanted: str) -> str:
    return "" if wanted in NEW_DOCUMENT else NOT_FOR_CREATION


def refusal_of_quote_step(*, status: str | None, wanted: str) -> str:
    """Why a quote may not go to `wanted`; a new quote has status None. Wording unconfirmed."""
    allowed = NEW_QUOTE if status is None else QUOTE_STEPS[status]
    if wanted in allowed:
        return ""
    return f"Quote status cannot be changed from {status or 'new'} to {wanted}"
