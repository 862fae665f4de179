"""What customers owe, and what is not in Xero yet, as tables by age whose cells lead to the lists they count."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from freightbridge.tenancy.models import Tenant
from freightbridge.ui.page_address import page_address
from integrations.problem_catalogue.codes import CATALOGUE
from invoices.domain.age_buckets import Bucket, due_buckets, waiting_buckets
from invoices.domain.receivables import CREDIT, ReceivableGroup
from invoices.domain.unsent_money import MOVING, READY, UnsentGroup
from invoices.web.ageing_tables import Aged, AgeTable, age_tables

CREDITS_LABEL = "Open credits"
OWED = {"state": "in-xero", "money": "open"}
CAUSES = {READY: "Ready, not sent yet", MOVING: "On its way to Xero"}


def cause_title(cause: str) -> str:
    return CAUSES.get(cause) or (CATALOGUE[cause].title if cause in CATALOGUE else cause)


def invoices_address(tenant: Tenant, bucket: Bucket | None = None, **query: str) -> str:
    """The list of what is open in Xero, of this age."""
    return _address(tenant, "invoices", {**OWED, "kind": "sales invoice", **query}, bucket, ("due_from", "due_to"))


def unsent_address(tenant: Tenant, bucket: Bucket | None = None, **query: str) -> str:
    return _address(tenant, "shipments", {"money": "unsent", **query}, bucket, ("from_date", "to_date"))


def receivable_tables(tenant: Tenant, groups: Iterable[ReceivableGroup], *, today: date) -> list[AgeTable]:
    """By customer; open credits stand beside what is owed and are not taken off it."""
    buckets = due_buckets(today)
    credit_place = len(buckets)

    def address(currency: str, customer: str | None, place: int | None) -> str:
        query = {"currency": currency, **({"customer": customer} if customer else {})}
        if place == credit_place:
            return invoices_address(tenant, None, **query, kind="sales credit note")
        return invoices_address(tenant, None if place is None else buckets[place], **query)

    aged = [
        Aged(
            currency=group.currency,
            key=group.customer_code,
            name=group.customer_name,
            bucket=credit_place if group.bucket == CREDIT else group.bucket,
            count=group.invoices,
            amount=group.due,
        )
        for group in groups
    ]
    labels = [*(bucket.label for bucket in buckets), CREDITS_LABEL]
    return age_tables(aged, labels, address, added_up=credit_place)


def unsent_by_cause(tenant: Tenant, groups: Iterable[UnsentGroup], *, today: date) -> list[AgeTable]:
    aged = [_aged(group, key=group.cause, name=cause_title(group.cause)) for group in groups]
    return _unsent_tables(tenant, aged, "cause", today=today)


def unsent_by_customer(tenant: Tenant, groups: Iterable[UnsentGroup], *, today: date) -> list[AgeTable]:
    aged = [_aged(group, key=group.customer_code, name=group.customer_name or "No customer yet") for group in groups]
    return _unsent_tables(tenant, aged, "customer", today=today)


def _unsent_tables(tenant: Tenant, aged: list[Aged], rows_by: str, *, today: date) -> list[AgeTable]:
    buckets = waiting_buckets(today)

    def address(currency: str, key: str | None, place: int | None) -> str:
        """None where no filter says "without a currency" or "without a customer"."""
        if not currency or key == "":
            return ""
        query = {"currency": currency, **({rows_by: key} if key else {})}
        return unsent_address(tenant, None if place is None else buckets[place], **query)

    return age_tables(aged, [bucket.label for bucket in buckets], address, added_up=len(buckets))


def _aged(group: UnsentGroup, *, key: str, name: str) -> Aged:
    return Aged(
        currency=group.currency, key=key, name=name, bucket=group.bucket, count=group.shipments, amount=group.net
    )


def _address(tenant: Tenant, page: str, query: dict[str, str], bucket: Bucket | None, names: tuple[str, str]) -> str:
    days = (bucket.from_date, bucket.to_date) if bucket else (None, None)
    dated = {name: day.isoformat() for name, day in zip(names, days, strict=True) if day}
    return f"{page_address(tenant, page)}?{urlencode({**query, **dated})}"
