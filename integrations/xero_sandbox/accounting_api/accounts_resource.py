"""/Accounts: the chart of accounts, one account per write.

Source: developer.xero.com/documentation/api/accounting/accounts.
"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, sent_elements, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found, plain_validation_refused
from integrations.xero_sandbox.accounting_api.list_reading import ListShape, Wanted, select
from integrations.xero_sandbox.accounting_api.unchanged_lists import unless_unchanged
from integrations.xero_sandbox.books.document_records import CreditNote, Document, Invoice, Payment, Quote
from integrations.xero_sandbox.books.organisation_records import Account
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond, with_offset

Json = dict[str, Any]
CLASSES = {
    "BANK": "ASSET", "CURRENT": "ASSET", "FIXED": "ASSET", "INVENTORY": "ASSET", "NONCURRENT": "ASSET",
    "PREPAYMENT": "ASSET", "CURRLIAB": "LIABILITY", "LIABILITY": "LIABILITY", "TERMLIAB": "LIABILITY",
    "PAYG": "LIABILITY", "EQUITY": "EQUITY", "DEPRECIATN": "EXPENSE", "DIRECTCOSTS": "EXPENSE",
    "EXPENSE": "EXPENSE", "OVERHEADS": "EXPENSE", "OTHERINCOME": "REVENUE", "REVENUE": "REVENUE", "SALES": "REVENUE",
}  # fmt: skip
STATUSES = frozenset({"ACTIVE", "ARCHIVED"})
LONGEST_CODE, LONGEST_NAME = 10, 150
SHAPE = ListShape(
    kind=Account,
    fields={
        "accountid": lambda account: account.account_id,
        "code": lambda account: account.code,
        "name": lambda account: account.name,
        "type": lambda account: account.type,
        "class": lambda account: account.account_class,
        "status": lambda account: account.status,
        "taxtype": lambda account: account.tax_type,
        "systemaccount": lambda account: account.system_account,
        "enablepaymentstoaccount": lambda account: account.enable_payments,
        "currencycode": lambda account: account.currency_code,
        "updateddateutc": lambda account: account.updated_at,
    },
)


def list_accounts(call: ApiCall) -> Answer:
    selection = select(call, SHAPE, Wanted())
    return unless_unchanged(call, selection.count, lambda: _listed(call, selection.all()))


def get_account(call: ApiCall) -> Answer:
    account = _named(call)
    return not_found() if account is None else enveloped(call, "Accounts", [_as_json(account)])


def create_account(call: ApiCall) -> Answer:
    if len(sent_elements(call, KIND)) > 1:
        return plain_validation_refused("Only one account can be sent in one request.")

    def write(sent: Sent, findings: Findings) -> Account | None:
        kind = sent.text("Type") or ""
        if kind not in CLASSES:
            findings.refuse("Account type must be specified.")
            return None
        blank = Account(
            organisation_id=call.books.organisation_id,
            account_id=str(uuid4()),
            code="",
            name="",
            type=kind,
            account_class=CLASSES[kind],
            tax_type=_usual_tax_type(kind, call),
            updated_at=whole_millisecond(call.now),
        )
        return _checked(call, _merged(blank, sent), findings)

    return write_elements(call, KIND, write)


def save_account(call: ApiCall) -> Answer:
    """Archiving is a status like any other change; Xero's own accounts stay as they are."""
    held = _named(call)
    if held is None:
        return not_found()

    def write(sent: Sent, findings: Findings) -> Account | None:
        if held.system_account:
            findings.refuse("System accounts cannot be updated.")
            return None
        status = sent.text("Status") or held.status
        if status not in STATUSES:
            findings.refuse(f"The account status '{status}' is not valid.")
            return None
        changed = replace(_merged(held, sent), status=status, updated_at=whole_millisecond(call.now))
        return _checked(call, changed, findings)

    return write_elements(call, KIND, write)


def delete_account(call: ApiCall) -> Answer:
    account = _named(call)
    if account is None:
        return not_found()
    if account.system_account or _is_used(call, account):
        return plain_validation_refused("Account is in use or is a system account and cannot be deleted.")
    deleted = replace(account, status="DELETED", updated_at=whole_millisecond(call.now))
    call.books.store.remove(account)
    return enveloped(call, "Accounts", [_as_json(deleted)])


def _usual_tax_type(kind: str, call: ApiCall) -> str:
    """That of the accounts of the same type."""
    return next((account.tax_type for account in call.books.all(Account) if account.type == kind), "NONE")


def _merged(account: Account, sent: Sent) -> Account:
    texts = {
        "code": "Code",
        "name": "Name",
        "description": "Description",
        "tax_type": "TaxType",
        "bank_account_number": "BankAccountNumber",
        "currency_code": "CurrencyCode",
    }
    changes: dict[str, Any] = {field: sent.text(name) for field, name in texts.items() if sent.has(name)}
    flags = {"enable_payments": "EnablePaymentsToAccount", "show_in_expense_claims": "ShowInExpenseClaims"}
    changes |= {field: sent.flag(name) for field, name in flags.items() if sent.has(name)}
    return replace(account, **changes)


def _checked(call: ApiCall, account: Account, findings: Findings) -> Account | None:
    others = [other for other in call.books.all(Account) if other.account_id != account.account_id]
    if not account.name or any(other.name.casefold() == account.name.casefold() for other in others):
        findings.refuse("Please enter a unique Name.")
    if account.type != "BANK" and not account.code:
        findings.refuse("Please enter a unique Code.")
    if account.code and any(other.code.casefold() == account.code.casefold() for other in others):
        findings.refuse("Please enter a unique Code.")
    if len(account.code) > LONGEST_CODE or len(account.name) > LONGEST_NAME:
        findings.refuse("Code must not exceed 10 and Name 150 characters.")
    if call.books.tax_rate(account.tax_type) is None:
        findings.refuse("Tax rate must be valid.")
    if account.currency_code and call.books.currency(account.currency_code) is None:
        findings.refuse(f"The current organisation is not subscribed to currency '{account.currency_code}'.")
    return None if findings.errors else call.books.store.save(account)


def _is_used(call: ApiCall, account: Account) -> bool:
    documents: list[Document] = [each for kind in (Invoice, CreditNote, Quote) for each in call.books.all(kind)]
    named = {line.account_id for document in documents for line in document.lines}
    return account.account_id in named.union(payment.account_id for payment in call.books.all(Payment))


def _named(call: ApiCall) -> Account | None:
    account: Account | None = call.books.find(Account, call.parameters["account"].lower())
    return account


def _listed(call: ApiCall, accounts: list[Account]) -> Answer:
    in_order = accounts if call.query("order") else sorted(accounts, key=lambda account: account.code)
    return enveloped(call, "Accounts", [_as_json(account) for account in in_order])


def _as_json(account: Account) -> Json:
    optional = {
        "BankAccountNumber": account.bank_account_number,
        "BankAccountType": account.bank_account_type,
        "CurrencyCode": account.currency_code,
        "SystemAccount": account.system_account,
        "Description": account.description,
    }
    return {
        "AccountID": account.account_id,
        **({"Code": account.code} if account.code else {}),
        "Name": account.name,
        "Status": account.status,
        "Type": account.type,
        "TaxType": account.tax_type,
        "Class": account.account_class,
        "EnablePaymentsToAccount": account.enable_payments,
        "ShowInExpenseClaims": account.show_in_expense_claims,
        **{name: value for name, value in optional.items() if value},
        "ReportingCode": account.account_class[:3],
        "ReportingCodeName": account.account_class.title(),
        "HasAttachments": False,
        "UpdatedDateUTC": with_offset(account.updated_at),
        "AddToWatchlist": False,
    }


KIND = ElementKind(collection="Accounts", word="Account", id_name="AccountID", render=_as_json)
