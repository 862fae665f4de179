"""What PostgreSQL itself refuses: changed history, keys across companies, rows of nobody."""

from typing import Any
from uuid import UUID

import psycopg2
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from freightbridge.audit.models import AuditEvent
from freightbridge.audit.record_event import record_event
from freightbridge.tenancy.models import Tenant, TenantModel
from freightbridge.tenancy.scope import TenantScopeError, tenant_scope
from integrations.models import AccountingLogEntry, ChargeRule, XeroConnection
from invoices.models import ShipmentCharge
from tests.addresses import owner_url
from tests.conftest import NOW
from tests.freight_factories import ShipmentFactory

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]
HISTORY = {AuditEvent, AccountingLogEntry}


def history(kind: type[TenantModel]) -> Any:
    if kind is AuditEvent:
        return record_event(action="x", subject=ShipmentFactory(bill_to=None), by="mia", now=NOW)
    return AccountingLogEntry.objects.create(at=NOW, result="info", event="x", text="x")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", HISTORY, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("change", ["update", "delete", "save", "sql"])
def test_history_cannot_be_changed(in_tenant: Tenant, kind: Any, change: str) -> None:
    row = history(kind)
    table = kind._meta.db_table

    def run() -> None:
        if change == "update":
            kind.objects.update(at=NOW)
        elif change == "delete":
            kind.objects.all().delete()
        elif change == "save":
            row.save()
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET at = now()")  # noqa: S608 a name of ours

    with pytest.raises(IntegrityError, match=f"{table} is append-only"), transaction.atomic():
        run()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", HISTORY, ids=lambda kind: kind.__name__)
def test_history_cannot_be_changed_by_the_owner_of_the_table_either(tenant: Tenant, kind: Any) -> None:
    with tenant_scope(tenant):
        history(kind)
    owner = psycopg2.connect(owner_url())

    with owner, owner.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant.pk)])
        with pytest.raises(psycopg2.errors.RestrictViolation):
            cursor.execute(f"DELETE FROM {kind._meta.db_table}")  # noqa: S608 a name of ours
        owner.rollback()
    owner.close()


@pytest.mark.django_db
def charge_for(tenant: Tenant, shipment_id: int) -> None:
    """Keys are checked at the commit, which a test never comes to."""
    with transaction.atomic(), tenant_scope(tenant), connection.cursor() as cursor:
        ShipmentCharge.objects.create(shipment_id=shipment_id)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db
def test_key_to_a_row_of_another_company_is_refused(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(other_tenant):
        theirs = ShipmentFactory(bill_to=None).pk

    with pytest.raises(IntegrityError, match="invoices_shipmentcharge_shipment_key"):
        charge_for(tenant, theirs)


@pytest.mark.django_db
def test_key_to_another_company_and_key_to_nothing_fail_alike(tenant: Tenant, other_tenant: Tenant) -> None:
    """Otherwise the error would tell which ids exist elsewhere."""
    with tenant_scope(other_tenant):
        theirs = ShipmentFactory(bill_to=None).pk
    told = []

    for shipment_id in (theirs, 10**9):
        with pytest.raises(IntegrityError) as refused:
            charge_for(tenant, shipment_id)
        told.append(str(refused.value).replace(f", {shipment_id})", ", …)"))

    assert told[0] == told[1]


@pytest.mark.django_db
@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_every_table_answers_only_in_a_scope(tenant: Tenant, model: Any) -> None:
    with pytest.raises(TenantScopeError):
        model.objects.exists()
    with pytest.raises(TenantScopeError):
        model._default_manager.exists()
    with pytest.raises(TenantScopeError):
        model._base_manager.exists()
    with tenant_scope(tenant):
        assert model.objects.count() == 0


@pytest.mark.django_db
def test_related_rows_are_found_through_the_scope_of_the_company(in_tenant: Tenant) -> None:
    """Models that can be read over all companies have a second manager, which must not become the usual one."""
    made = XeroConnection.objects.create(organisation_id=UUID(int=1), name="Harbour")
    ChargeRule.objects.create(connection=made, side="sales", charge_code="FRT", account_code="200")

    assert made.charge_rules.count() == 1
    assert ChargeRule.objects.get().connection == made


@pytest.mark.django_db
@pytest.mark.parametrize("setting", ["", "x", "0", "-1"])
def test_setting_that_names_no_company_shows_nothing(tenant: Tenant, setting: str) -> None:
    with tenant_scope(tenant):
        ShipmentFactory(bill_to=None)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, true)", [setting])
        try:
            with transaction.atomic():
                cursor.execute("SELECT count(*) FROM invoices_shipment")
                seen = cursor.fetchone()[0]
        except Exception:  # noqa: BLE001 an error shows nothing either
            seen = 0

    assert seen == 0
