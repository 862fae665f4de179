"""What an admin decides about several organisations: the default, whose numbers each has, and the routing rules."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from integrations.job_states import DocumentState
from integrations.mapping.route_document import CONDITIONS, RouteRule, told
from integrations.models import ConnectionSettings, RoutingRule, XeroConnection, XeroDocument
from invoices.models import BillingEntity, NumberSeries
from invoices.models.invoice import InvoiceKind
from invoices.workflows.check_numbers import ask_for_check

NUMBERED = (InvoiceKind.SALES_INVOICE, InvoiceKind.SALES_CREDIT_NOTE, InvoiceKind.QUOTE)


class RoutingRefusedError(Exception):
    """The change makes no sense; the message says why."""


def make_default(connection: XeroConnection, *, by: str, now: datetime) -> None:
    """In the tenant's scope. Raises RoutingRefusedError."""
    if not connection.is_active:
        raise RoutingRefusedError(f"{connection.name} is not connected.")
    before = XeroConnection.objects.filter(is_default=True).exclude(pk=connection.pk)
    name = ", ".join(one.name for one in before if one.is_active)
    # One after the other: at no moment are there two.
    before.update(is_default=False)
    XeroConnection.objects.filter(pk=connection.pk).update(is_default=True)
    change = {"Default organisation": {"before": name, "after": connection.name}}
    record_event(action="default organisation changed", subject=connection, by=by, now=now, **change)
    enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)


def set_biller(connection: XeroConnection, entity: BillingEntity | None, *, by: str, now: datetime) -> None:
    """Whose numbers, terms and letterhead its documents have from now on; None: the default entity's."""
    settings = ConnectionSettings.objects.select_related("billing_entity").get(connection=connection)
    before, settings.billing_entity = settings.billing_entity, entity
    settings.save(update_fields=["billing_entity"])
    change = {"Billing entity": {"before": str(before or ""), "after": str(entity or "")}}
    record_event(action="billing entity chosen", subject=settings, by=by, now=now, **change)
    ask_for_check(connection, by="", now=now)
    enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)


def add_rule(connection: XeroConnection, conditions: Mapping[str, str], *, by: str, now: datetime) -> RoutingRule:
    """After the others. Raises RoutingRefusedError."""
    known = {name: conditions.get(name, "").strip() for name in CONDITIONS}
    known["currency"] = known["currency"].upper()
    if not any(known.values()):
        raise RoutingRefusedError("A rule needs at least one condition; without any the default decides.")
    if RoutingRule.objects.filter(**known).exists():
        raise RoutingRefusedError("There is a rule with these conditions already.")
    last = RoutingRule.objects.aggregate(last=Max("position"))["last"] or 0
    rule: RoutingRule = RoutingRule.objects.create(connection=connection, position=last + 1, **known)
    _record(rule, action="routing rule added", by=by, now=now)
    return rule


def move_rule_up(rule: RoutingRule, *, by: str, now: datetime) -> None:
    """It changes places with the one before it; the first stays."""
    before = RoutingRule.objects.filter(position__lt=rule.position).order_by("-position").first()
    if before is None:
        return
    with transaction.atomic():
        rule.position, before.position = before.position, rule.position
        RoutingRule.objects.bulk_update([rule, before], ["position"])
    _record(rule, action="routing rule moved up", by=by, now=now)


def delete_rule(rule: RoutingRule, *, by: str, now: datetime) -> None:
    _record(rule, action="routing rule deleted", by=by, now=now)
    rule.delete()


def add_entity(entity: BillingEntity, *, prefix: str, by: str, now: datetime) -> None:
    """With a number series for each kind: INV-, CN- and Q- behind the prefix. Raises RoutingRefusedError."""
    prefixes = {kind: f"{prefix}{infix}" for kind, infix in zip(NUMBERED, ("INV-", "CN-", "Q-"), strict=True)}
    if BillingEntity.objects.filter(code=entity.code).exists():
        raise RoutingRefusedError(f"There is a billing entity {entity.code} already.")
    if NumberSeries.objects.filter(prefix__in=prefixes.values()).exists():
        raise RoutingRefusedError(f"Another number series begins with {prefix}INV- already: choose another prefix.")
    entity.save()
    NumberSeries.objects.bulk_create(
        NumberSeries(billing_entity=entity, kind=kind, prefix=text) for kind, text in prefixes.items()
    )
    record_event(action="billing entity entered", subject=entity, by=by, now=now, prefix=prefix)


def pinned_count() -> int:
    """Documents that are queued or sent; no rule moves them any more."""
    return XeroDocument.objects.exclude(state__in=[DocumentState.CANCELLED, DocumentState.VOIDED]).count()


def _record(rule: RoutingRule, *, action: str, by: str, now: datetime) -> None:
    wanted = {name: getattr(rule, name) for name in CONDITIONS}
    text = told(RouteRule(connection_id=rule.connection_id, **wanted))
    record_event(action=action, subject=rule, by=by, now=now, rule=text, organisation=rule.connection.name)
    enqueue_work(ASSESS_SHIPMENTS, [rule.connection_id], now=now)
