"""A cause is mended where it is shown, and everything it held up goes on (N2)."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from uuid import UUID

from freightbridge.audit.record_event import record_events
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.active_connection import require_connection
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from integrations.models import ReferenceRecord, SendBatch, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.outbox.change_mapping import (
    MappingRefusedError,
    change_charge_rule,
    change_tax_rule,
    match_contact,
)
from integrations.outbox.try_stopped import go_on
from integrations.outbox.versioned_rules import new_version
from integrations.problem_catalogue.codes import MendPage
from integrations.reference_data.load_rules import load_rules
from invoices.models import ChargeCode, Customer, Invoice, Shipment, TaxCode
from invoices.workflows.find_causes import Cause, shipments_of, stopped_jobs_of, unsent_shipments_of
from invoices.workflows.send_again import send_again
from invoices.workflows.send_mended import is_for_worker
from invoices.workflows.send_to_accounting import send_to_accounting

MISSING_FIELD, ITEM_IS_MISSING = "FB-401", "FB-308"
# As the column keeps it.
RATE_STEP, HIGHEST_RATE = Decimal("0.000001"), Decimal(10) ** 12


class Mend(StrEnum):
    """What a person chooses or enters."""

    ACCOUNT = "account"
    TAX_RATE = "tax rate"
    CONTACT = "contact"
    EXCHANGE_RATE = "exchange rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOn:
    """
    `resent`: stopped documents that go on; `later`: jobs of those that a worker is to send on, for they are many;
    `batch`: of what had not been sent, None where nothing was.
    """

    resent: int = 0
    later: tuple[int, ...] = ()
    batch: SendBatch | None = None


def mend_of(cause: Cause) -> Mend | None:
    """None: it is mended elsewhere. A refusal of Xero's may name several codes, and then no single one is at fault."""
    key = cause.key
    if key.page == MendPage.CHARGES and key.code != ITEM_IS_MISSING:
        return Mend.ACCOUNT if ChargeCode.objects.filter(code=key.subject).exists() else None
    if key.page == MendPage.TAXES:
        return Mend.TAX_RATE if TaxCode.objects.filter(code=key.subject).exists() else None
    if key.page == MendPage.CUSTOMERS:
        return Mend.CONTACT if Customer.objects.filter(code=key.subject).exists() else None
    is_rate = key.code == MISSING_FIELD and cause.problem.subject == "exchange_rate"
    return Mend.EXCHANGE_RATE if is_rate else None


def mend_cause(cause: Cause, chosen: str, *, by: str, now: datetime) -> WentOn:
    """
    Saves what was chosen; what was stopped by it goes on. In the tenant's scope. Raises MappingRefusedError,
    NotConnectedError.
    """
    mend, connection = mend_of(cause), require_connection()
    if not chosen:
        raise MappingRefusedError("Choose one first.")
    if mend not in MAPPED:
        _set_exchange_rate(cause, _rate(chosen), by=by, now=now)
        enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
        return WentOn()
    with new_version(connection, reason="mapping changed", by=by, now=now):
        freed = MAPPED[mend](connection, cause, chosen, by=by, now=now)
    if is_for_worker(freed):
        return WentOn(later=tuple(freed))
    return WentOn(resent=go_on(connection, freed, now=now).count)


def send_on(cause: Cause, *, mended: WentOn, form_token: UUID, by: str, now: datetime) -> WentOn:
    """
    What was stopped and is still, goes on, and what was not sent yet is handed over; a worker checks each of those
    once more. `mended`: what went on with the mend. In the tenant's scope. Raises NotConnectedError.
    """
    connection, went_on = require_connection(), mended
    unsent = unsent_shipments_of(cause.key)
    if unsent.exists():
        went_on = replace(went_on, batch=send_to_accounting(unsent, form_token=form_token, by=by, now=now))
    if mend_of(cause) is not None:
        return went_on
    enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
    stopped = list(stopped_jobs_of(cause.key).values_list("pk", flat=True))
    if is_for_worker(stopped):
        return replace(went_on, later=tuple(stopped))
    invoices = list(Invoice.objects.filter(sync_jobs__in=stopped).distinct().order_by("id"))
    return replace(went_on, resent=went_on.resent + send_again(invoices, by=by, now=now))


def _choose_account(connection: XeroConnection, cause: Cause, chosen: str, *, by: str, now: datetime) -> list[int]:
    rules, key = load_rules(connection, customer_codes=[]), cause.key
    return change_charge_rule(
        connection, side=key.side, charge_code=key.subject, account_code=chosen, rules=rules, by=by, now=now
    )


def _choose_contact(connection: XeroConnection, cause: Cause, chosen: str, *, by: str, now: datetime) -> list[int]:
    contact = _contact(connection, chosen)
    return match_contact(connection, customer_code=cause.key.subject, contact=contact, by=by, now=now)


def _choose_rate(connection: XeroConnection, cause: Cause, chosen: str, *, by: str, now: datetime) -> list[int]:
    rate = load_rules(connection, customer_codes=[]).tax_rates.get(chosen)
    if rate is None:
        raise MappingRefusedError("Xero has no such tax rate any more.")
    code = TaxCode.objects.get(code=cause.key.subject)
    return change_tax_rule(
        connection, side=cause.key.side, tax_code=code.code, rate=rate, our_rate=f"{code.rate.normalize():f}",
        by=by, now=now,
    )  # fmt: skip


def _contact(connection: XeroConnection, name: str) -> ReferenceRecord:
    """By its name, which Xero keeps unique among active ones."""
    contacts = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT, is_active=True)
    found = contacts.filter(name=name).order_by("key").first()
    if found is None:
        raise MappingRefusedError(f"Xero has no active contact called “{name}”. Take one of those that are offered.")
    return found


def _rate(text: str) -> Decimal:
    try:
        rate = Decimal(text.replace(",", ".")).quantize(RATE_STEP)
    except InvalidOperation as error:
        raise MappingRefusedError(f"“{text}” is no exchange rate: a number such as 0.6512.") from error
    if not rate.is_finite() or not 0 < rate < HIGHEST_RATE:
        raise MappingRefusedError("An exchange rate is above 0.")
    return rate


def _set_exchange_rate(cause: Cause, rate: Decimal, *, by: str, now: datetime) -> None:
    shipments = list(shipments_of(cause.key).select_for_update())
    Shipment.objects.filter(pk__in=[one.pk for one in shipments]).update(exchange_rate=rate, updated_at=now)
    changes = (
        (one, {"Exchange rate": {"before": _shown(one.exchange_rate), "after": _shown(rate)}}) for one in shipments
    )
    record_events(changes, action="shipment changed", by=by, now=now)


def _shown(rate: Decimal | None) -> str:
    return "" if rate is None else f"{rate.normalize():f}"


# What is chosen by a rule or a link of our own, and who writes it: each answers which stopped jobs may go on.
MAPPED = {Mend.ACCOUNT: _choose_account, Mend.TAX_RATE: _choose_rate, Mend.CONTACT: _choose_contact}
