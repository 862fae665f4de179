"""The ledger account, tax type and tracking of a line.

Messages: unconfirmed (integrators' logs), save where xero_accounting.yaml shows them.
"""

from integrations.xero_sandbox.books.document_records import Line, TrackingChoice
from integrations.xero_sandbox.books.organisation_records import Account, TrackingCategory
from integrations.xero_sandbox.documents.line_context import LineContext
from integrations.xero_sandbox.wire.sent_fields import Sent

MOST_TRACKING = 2
UNKNOWN_TRACKING = "Unknown tracking details. A Tracking Category did not match a known active Tracking Category."


def account_of_line(sent: Sent, held: Line | None, fallback_code: str, context: LineContext) -> Account | None:
    """The account a line names by code or id. A draft loses a code that Xero does not know, with a warning."""
    code = sent.text("AccountCode")
    if code is None and (account_id := sent.identifier("AccountID")):
        account: Account | None = context.books.find(Account, account_id)
        if account is None:
            context.findings.refuse("Account must be valid.")
        return account
    if code is None:
        code = held.account_code if held else fallback_code
    if not code:
        return None
    account = context.books.account_with_code(code)
    if account is None or account.status != "ACTIVE":
        if context.is_draft:
            context.findings.warn(f"Account code '{code}' has been removed as it does not match a recognised account.")
        else:
            context.findings.refuse(_refusal_of_missing(code, account))
        return None
    context.findings.refuse(_refusal_of_use(account))
    return account


def check_approved_line(line: Line, context: LineContext) -> None:
    """What a line must have before its document leaves DRAFT; its account may have been archived since."""
    if line.line_amount is None:
        return
    if not line.account_code and not line.account_id:
        context.findings.refuse("Account code must be specified")
        return
    account = context.books.find(Account, line.account_id)
    if account is None or account.status != "ACTIVE":
        context.findings.refuse(_refusal_of_missing(line.account_code, account))
        return
    context.findings.refuse(_refusal_of_use(account))
    if not line.tax_type:
        context.findings.refuse("Tax rate must be valid.")
    elif context.line_amount_types != "NoTax":
        check_tax_type(line.tax_type, account, context)


def check_tax_type(tax_type: str, account: Account | None, context: LineContext) -> None:
    rate = context.books.tax_rate(tax_type)
    if rate is None or rate.status != "ACTIVE":
        context.findings.refuse(
            f"The TaxType code {tax_type} does not exist or cannot be used for this type of transaction."
        )
    elif account is not None and account.account_class not in rate.applies_to:
        context.findings.refuse(f"The TaxType code '{tax_type}' cannot be used with account code '{account.code}'.")


def tracking_of_line(sent: Sent, held: Line | None, context: LineContext) -> tuple[TrackingChoice, ...]:
    given = sent.objects("Tracking")
    if given is None:
        return held.tracking if held else ()
    if len(given) > MOST_TRACKING:
        context.findings.refuse("A line item can have a maximum of two tracking categories.")
        return ()
    categories = context.books.tracking_categories()
    choices = [_choice(part, categories) for part in given]
    if None in choices:
        context.findings.refuse(UNKNOWN_TRACKING)
    return tuple(choice for choice in choices if choice is not None)


def _refusal_of_missing(code: str, account: Account | None) -> str:
    if account is None:
        return f"Account code '{code}' is not a valid code for this document."
    return (
        f"Account code '{code}' has been archived, or has been deleted. Each line item must reference a valid account."
    )


def _refusal_of_use(account: Account) -> str:
    """Bank accounts and Xero's own accounts cannot stand on a line."""
    if account.type == "BANK" or account.system_account:
        return f"Account code '{account.code}' is not a valid code for this document."
    return ""


def _choice(sent: Sent, categories: list[TrackingCategory]) -> TrackingChoice | None:
    category_id, name = sent.identifier("TrackingCategoryID"), (sent.text("Name") or "").casefold()
    for category in categories:
        is_meant = category.category_id == category_id or (name and category.name.casefold() == name)
        if is_meant and category.status == "ACTIVE":
            break
    else:
        return None
    option_id, option_name = sent.identifier("TrackingOptionID"), sent.text("Option")
    option = category.option(option_id) if option_id else category.option_named(option_name or "")
    if option is None or option.status != "ACTIVE":
        return None
    return TrackingChoice(category_id=category.category_id, option_id=option.option_id)
