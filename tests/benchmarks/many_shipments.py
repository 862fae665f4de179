"""Fills a scratch database with a year and more of freight, made of a few days of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Max, Model, Value
from django.db.models.functions import Concat, Lower

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import AccountingLogEntry, SyncJob, XeroDocument
from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge
from tests.benchmarks.bare_tables import bare_tables
from tests.conftest import make_tenant
from tests.web.page_company import UNMAPPED, assessed, company, sent

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
    return fill_companies({slug: size}, states=states)[slug]


def fill_companies(
    sizes: Mapping[str, int], *, states: Sequence[str] = STATES, seeds: int = SEEDS
) -> dict[str, Tenant]:
    """Companies with so many shipments each, by slug: copies of so many `seeds`."""
    tenants = {slug: _seeded(slug, states, seeds) for slug in sizes}
    with bare_tables(COPIED):
        for slug, size in sizes.items():
            _multiply_freight(tenants[slug], times=size // seeds)
    return tenants


def _seeded(slug: str, states: Sequence[str], count: int) -> Tenant:
    tenant = make_tenant(slug)
    company(tenant)
    for state in states:
        some = assessed(tenant, count // len(states), **({"incoterm": ""} if state == "not ready" else {}))
        if state not in {"", "not ready"}:
            sent(
                tenant,
                some,
                state=state,
                **({"problem_code": "FB-301", "problems": [UNMAPPED]} if state == "attention" else {}),
            )
    make_searchable(tenant)
    return tenant


def make_searchable(tenant: Tenant) -> None:
    """By number and reference, which an import derives and a factory does not."""
    with tenant_scope(tenant):
        Shipment.objects.update(search_text=Lower(Concat("number", Value("\n"), "customer_reference")))


def _multiply_freight(tenant: Tenant, *, times: int) -> None:
    """What the tenant has stands `times` times as often then, read model and all."""
    with tenant_scope(tenant), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        for model in COPIED:
            last_id = model._default_manager.aggregate(last=Max("pk"))["last"] or 0
            cursor.execute(_copying(model), [times - 1, tenant.pk, last_id])


def _copying(model: type[Model]) -> str:
    table = model._meta.db_table
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field) for field in fields)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1::bigint, %s) AS copy "  # noqa: S608
        "WHERE tenant_id = %s AND id <= %s"
    )


def _value(field: "Field[Any, Any]") -> str:
    column = f'"{field.column}"'
    if field.primary_key or field.related_model in COPIED:
        return f"{column} + copy * {APART}"
    return TOLD_APART.get(field.name, "{column}").format(column=column, days=DAYS)
