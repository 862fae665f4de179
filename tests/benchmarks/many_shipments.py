"""Fills a scratch database with a year and more of freight, made of a few days of it."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Max, Model, Value
from django.db.models.functions import Concat, Lower

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, SyncJob, XeroDocument
from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge
from tests.conftest import make_tenant
from tests.web.page_company import assessed, company, sent

SEEDS = 400
# Of every ten: what becomes of them.
STATES = ("in xero", "in xero", "in xero", "in xero", "in xero", "in xero", "attention", "queued", "", "not ready")
# In the order in which they can stand.
COPIED: tuple[type[Model], ...] = (
    Shipment, Invoice, ShipmentCharge, InvoiceLine, XeroDocument, SyncJob, AccountingLogEntry,
)  # fmt: skip
# Ids of copies are so far apart; none that the database gives out itself comes near.
APART = 10_000_000
# Copies begin on other days of two years.
DAYS = 730
AT_ONCE = 50
# What must differ from copy to copy, where nothing about the field says so.
TOLD_APART = {
    "number": "{column} || '-' || copy",
    "identity": "left(md5({column} || copy), 26)",
    "search_text": "replace({column}, lower(number), lower(number) || '-' || copy)",
    "list_date": "{column} - mod(copy * 7, {days})::int",
    "issue_date": "{column} - mod(copy * 7, {days})::int",
    "due_date": "{column} - mod(copy * 7, {days})::int",
    "at": "{column} - copy * interval '1 minute'",
    "xero_id": "CASE WHEN {column} IS NOT NULL THEN gen_random_uuid() END",
    "public_id": "gen_random_uuid()",
}


def fill(slug: str, size: int, *, states: Sequence[str] = STATES) -> Tenant:
    """A company with `size` shipments, rounded to hundreds, of these states."""
    tenant = make_tenant(slug)
    company(tenant)
    for state in states:
        some = assessed(tenant, SEEDS // len(states), **({"incoterm": ""} if state == "not ready" else {}))
        if state not in {"", "not ready"}:
            sent(tenant, some, state=state, **({"problem_code": "FB-101"} if state == "attention" else {}))
    make_searchable(tenant)
    multiply_freight(tenant, times=size // SEEDS)
    return tenant


def make_searchable(tenant: Tenant) -> None:
    """By number and reference, which an import derives and a factory does not."""
    with tenant_scope(tenant):
        Shipment.objects.update(search_text=Lower(Concat("number", Value("\n"), "customer_reference")))


def multiply_freight(tenant: Tenant, *, times: int) -> None:
    """What the tenant has stands `times` times as often then. Through every guard of the tables, as the app's role."""
    with tenant_scope(tenant):
        last_ids = {model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0 for model in COPIED}
    for first in range(1, times, AT_ONCE):
        with tenant_scope(tenant), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            for model in COPIED:
                cursor.execute(_copying(model), [first, min(first + AT_ONCE, times) - 1, tenant.pk, last_ids[model]])


def _copying(model: type[Model]) -> str:
    table = model._meta.db_table
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field) for field in fields)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(%s::bigint, %s) AS copy "  # noqa: S608
        "WHERE tenant_id = %s AND id <= %s"
    )


def _value(field: "Field[Any, Any]") -> str:
    column = f'"{field.column}"'
    if field.primary_key or field.related_model in COPIED:
        return f"{column} + copy * {APART}"
    return TOLD_APART.get(field.name, "{column}").format(column=column, days=DAYS)
