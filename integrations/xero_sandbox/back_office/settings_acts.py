"""What a person changes in an organisation's settings, and in its connections to apps."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from integrations.xero_sandbox.back_office.act_context import ActContext
from integrations.xero_sandbox.back_office.finding_records import ActRefusedError
from integrations.xero_sandbox.books.identity_records import AccessToken, Connection, Grant
from integrations.xero_sandbox.books.organisation_records import Account, Currency, TaxRate
from integrations.xero_sandbox.identity.token_endpoint import revoke_everything
from integrations.xero_sandbox.rules.day_rates import DOLLARS
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond

Json = dict[str, Any]


def set_account_status(act: ActContext, status: str) -> Json:
    """`account` by its code; Xero's own accounts cannot be archived."""
    account: Account | None = act.books.account_with_code(act.text("account"))
    if account is None or account.system_account:
        raise ActRefusedError(f"Account {act.text('account')!r} is not there or belongs to Xero.")
    act.books.store.save(replace(account, status=status, updated_at=whole_millisecond(act.now)))
    return {"account": account.code, "status": status}


def set_tax_rate_status(act: ActContext) -> Json:
    """`tax_type` to `status` (ACTIVE, ARCHIVED, DELETED)."""
    rate: TaxRate | None = act.books.tax_rate(act.text("tax_type"))
    if rate is None:
        raise ActRefusedError(f"There is no tax rate {act.text('tax_type')!r}.")
    status = act.text_or("status", "DELETED")
    act.books.store.save(replace(rate, status=status))
    return {"tax_type": rate.tax_type, "status": status}


def set_lock_date(act: ActContext) -> Json:
    """`date` for the `period` or `end_of_year` lock; without a date the lock is taken off."""
    field = {"period": "period_lock_date", "end_of_year": "end_of_year_lock_date"}.get(act.text_or("lock", "period"))
    if field is None:
        raise ActRefusedError("lock is 'period' or 'end_of_year'.")
    day = Sent(act.wish).date("date")
    change: dict[str, Any] = {field: day}
    act.books.store.save(replace(act.books.organisation, **change))
    return {field: day.isoformat() if day else None}


def set_approval_limits(act: ActContext) -> Json:
    """An old plan's limits: `sales` and `bills` that can be approved in a month; without them no limit."""
    limits = None
    if act.wish.get("sales") is not None:
        limits = (int(act.text("sales")), int(act.text("bills")))
    act.books.store.save(replace(act.books.organisation, approval_limits=limits))
    return {"approval_limits": limits}


def set_rounding_opt_in(act: ActContext) -> Json:
    """`on`: whether the organisation takes RoundingAmount from apps."""
    is_on = Sent(act.wish).flag("on") is not False
    act.books.store.save(replace(act.books.organisation, takes_rounding_amount=is_on))
    return {"takes_rounding_amount": is_on}


def set_demo_company(act: ActContext) -> Json:
    """`on`: whether the organisation says of itself that it is Xero's demo company (IsDemoCompany)."""
    is_on = Sent(act.wish).flag("on") is not False
    act.books.store.save(replace(act.books.organisation, is_demo_company=is_on))
    return {"is_demo_company": is_on}


def add_currency(act: ActContext) -> Json:
    code = act.text("currency").upper()
    if code not in DOLLARS:
        raise ActRefusedError(f"{code} is no currency that the sandbox has rates for.")
    act.books.store.save(
        Currency(organisation_id=act.books.organisation_id, code=code, description=act.text_or("description", code))
    )
    return {"currencies": _codes(act)}


def drop_currency(act: ActContext) -> Json:
    code = act.text("currency").upper()
    currency = act.books.currency(code)
    if currency is None or code == act.books.organisation.base_currency:
        raise ActRefusedError(f"{code} is not subscribed, or is the base currency.")
    act.books.store.remove(currency)
    return {"currencies": _codes(act)}


def disconnect(act: ActContext) -> Json:
    """As in Xero's Connected apps: every app loses this organisation, or the one called `client_id`."""
    wanted = act.text_or("client_id", "")
    dropped = []
    for connection in act.books.store.table(Connection).all("organisation", act.books.organisation_id):
        if connection.is_active and wanted in {"", connection.client_id}:
            act.books.store.save(replace(connection, is_active=False))
            dropped.append(connection.connection_id)
    return {"disconnected": dropped}


def expire_access_tokens(act: ActContext) -> Json:
    """Every access token that reaches this organisation runs out now; refresh tokens stay good."""
    people = _people(act)
    expired = 0
    for token in act.books.store.table(AccessToken).all("all"):
        if (token.client_id, token.user_id) in people and token.expires_at > act.now:
            act.books.store.save(replace(token, expires_at=act.now - timedelta(seconds=1)))
            expired += 1
    return {"expired": expired}


def revoke_grant(act: ActContext) -> Json:
    """The consents that reach this organisation are withdrawn, as POST /connect/revocation would."""
    people = _people(act)
    revoked = []
    for grant in act.books.store.table(Grant).all("all"):
        if (grant.client_id, grant.user_id) in people and not grant.is_revoked:
            revoke_everything(act.books.store, grant)
            revoked.append(grant.grant_id)
    return {"revoked": revoked}


def _people(act: ActContext) -> set[tuple[str, str]]:
    connections = act.books.store.table(Connection).all("organisation", act.books.organisation_id)
    return {(connection.client_id, connection.user_id) for connection in connections}


def _codes(act: ActContext) -> list[str]:
    return sorted(currency.code for currency in act.books.all(Currency))
