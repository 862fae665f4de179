"""Fills a scratch database with companies that are connected to Xero, each with its schedules, a few of them active."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.models import Model, QuerySet

from freightbridge.background_work.models import WorkItem
from freightbridge.background_work.work_kinds import KINDS
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from integrations.connection import connection_work as kinds
from integrations.connection.quiet_connection import QUIET_EVERY
from integrations.connection.reconcile_times import ReconcileTimes
from integrations.connection.token_times import TokenTimes
from integrations.lanes.new_lane import new_budget
from integrations.models import ConnectionSettings, OrganisationLane, XeroConnection, XeroDocument, XeroGrant
from integrations.payments.sweep_unsettled import EVERY as SWEPT_EVERY
from integrations.payments.sweep_unsettled import SWEEP_UNSETTLED
from integrations.reference_data.refresh_from_xero import EVERY as REFRESHED_EVERY
from invoices.models import BillingEntity
from invoices.workflows.sync_customers import EVERY as SYNCED_EVERY
from tests.benchmarks.quiet_xero import access_token, refresh_token

# One company of so many has something open; what is due for the others is only what keeps a connection alive.
ACTIVE_OF = 100 / 3
DAY = timedelta(days=1)
CHECKED_EVERY = timedelta(minutes=15)
SCHEDULES = {
    kinds.SYNC_CUSTOMERS: SYNCED_EVERY,
    SWEEP_UNSETTLED: SWEPT_EVERY,
    kinds.LOOK_IN: TokenTimes().look_in,
    kinds.KEEP_GRANT_ALIVE: TokenTimes().keep_alive,
    kinds.DAILY_DIGEST: DAY,
}  # fmt: skip
# Of an active one; that of the others comes round as seldom as `QUIET_EVERY` says.
READINGS = {
    kinds.CHECK_PAYMENTS: CHECKED_EVERY,
    kinds.COMPARE_LEDGERS: ReconcileTimes().every,
    kinds.REFRESH_REFERENCE_DATA: REFRESHED_EVERY,
}
TABLES: tuple[type[Model], ...] = (
    BillingEntity, XeroGrant, XeroConnection, ConnectionSettings, OrganisationLane, WorkItem, XeroDocument,
)  # fmt: skip


def fill_tenants(count: int, *, seed: int = 7) -> None:
    """As a day finds them: everything regular is due at a moment of its own, spread over its interval."""
    rng, now = random.Random(seed), read_clock()  # noqa: S311 spreads moments, keeps no secret
    tenants = Tenant.objects.bulk_create(
        Tenant(name=f"Freight {number}", slug=f"freight-{number}", created_at=now) for number in range(count)
    )
    with _as_owner_of_all():
        _insert(BillingEntity, (_billing_entity(tenant.pk) for tenant in tenants))
        grants = _insert(XeroGrant, (_grant(tenant.pk, now, rng) for tenant in tenants))
        connected = _insert(XeroConnection, (_connection(grant, now) for grant in grants))
        _insert(ConnectionSettings, (ConnectionSettings(tenant_id=one.tenant_id, connection=one) for one in connected))
        active = {one.pk for one in connected[: round(count / ACTIVE_OF)]}
        _insert(OrganisationLane, (_lane(one, now, rng, is_active=one.pk in active) for one in connected))
        _insert(XeroDocument, (_document(one, now, is_active=one.pk in active) for one in connected))
        _insert(WorkItem, (item for one in connected for item in _items(one, now, rng, is_active=one.pk in active)))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _as_owner_of_all() -> Iterator[None]:
    """For once rows of all tenants are written at a time: the owner lifts what binds him too, and lays it on again."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table._meta.db_table} NO FORCE ROW LEVEL SECURITY")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table._meta.db_table} FORCE ROW LEVEL SECURITY")


def _insert(model: type[Model], rows: Iterable[Any]) -> list[Any]:
    return QuerySet(model, using="owner").bulk_create(rows, batch_size=1000)


def _billing_entity(tenant_id: int) -> BillingEntity:
    return BillingEntity(tenant_id=tenant_id, code="MAIN", name="Quiet Freight", base_currency="AUD", is_default=True)


def _grant(tenant_id: int, now: datetime, rng: random.Random) -> XeroGrant:
    """Its access token has expired for all but those that were asked with lately."""
    user_id = UUID(int=rng.getrandbits(128), version=4)
    grant = XeroGrant(
        tenant_id=tenant_id, xero_user_id=user_id, expires_at=now + timedelta(minutes=rng.uniform(-25, 25)),
        refreshed_at=now, version=1,
    )  # fmt: skip
    grant.access_token, grant.refresh_token = access_token(user_id), refresh_token(user_id)
    return grant


def _connection(grant: XeroGrant, now: datetime) -> XeroConnection:
    """The organisation bears the id of the person who consented: the quiet Xero knows it by that."""
    connection = XeroConnection(
        tenant_id=grant.tenant_id, grant=grant, organisation_id=grant.xero_user_id, name="Quiet Freight",
        connected_at=now, payments_checked_at=now, reference_data_at=now, contacts_read_at=now,
    )  # fmt: skip
    connection.identity_key = uuid4().hex
    return connection


def _lane(connection: XeroConnection, now: datetime, rng: random.Random, *, is_active: bool) -> OrganisationLane:
    """That of an active one waits for its next minute; the others have nothing to do."""
    lane = OrganisationLane(tenant_id=connection.tenant_id, connection=connection)
    for name in ("minute_started_at", "minute_left", "day_started_at", "day_left", "day_limit"):
        setattr(lane, name, getattr(new_budget(now), name))
    lane.last_served_at = now - timedelta(minutes=rng.uniform(0, 60))
    lane.next_at = now + timedelta(minutes=rng.uniform(0, 60)) if is_active else None
    return lane


def _document(connection: XeroConnection, now: datetime, *, is_active: bool) -> XeroDocument:
    """Everybody has sent something once; that of an active one is not paid yet."""
    money_state = "unpaid" if is_active else "paid"
    return XeroDocument(
        tenant_id=connection.tenant_id, connection=connection, kind="sales invoice", identity=uuid4().hex[:26],
        state="in xero", xero_id=uuid4(), number="F-1", currency="AUD", total=110, money_state=money_state, sent_at=now,
    )  # fmt: skip


def _items(connection: XeroConnection, now: datetime, rng: random.Random, *, is_active: bool) -> Iterator[WorkItem]:
    readings = READINGS if is_active else dict.fromkeys(READINGS, QUIET_EVERY)
    for kind, every in {**SCHEDULES, **readings}.items():
        subject = {kinds.KEEP_GRANT_ALIVE: connection.grant_id, kinds.DAILY_DIGEST: connection.tenant_id}
        yield WorkItem(
            tenant_id=connection.tenant_id, kind=kind, subject_id=subject.get(kind, connection.pk),
            queue=KINDS[kind].queue, next_at=now + every * rng.random(),
        )  # fmt: skip
