import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.audit.record_event import SYSTEM, record_event
from freightbridge.observability.correlation import correlated
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from freightbridge.transactions import TransactionError
from tests.conftest import NOW
from tests.freight_factories import CustomerFactory, ShipmentFactory
from tests.rolled_back import roll_back


@pytest.mark.django_db
def test_event_says_who_did_what_to_what(in_tenant: Tenant) -> None:
    shipment = ShipmentFactory(bill_to=None, number="DN-304")

    with correlated("FB-TEST-1234"):
        record_event(action="marked", subject=shipment, by="mia@example.com", now=NOW, reason="by hand")

    event = AuditEvent.objects.get()
    assert (event.at, event.actor, event.action, event.details) == (
        NOW,
        "mia@example.com",
        "marked",
        {"reason": "by hand"},
    )
    assert (event.subject_kind, event.subject_id, event.subject_name) == ("shipment", shipment.public_id, "DN-304")
    assert event.correlation_id == "FB-TEST-1234"


@pytest.mark.django_db
def test_long_name_is_cut(in_tenant: Tenant) -> None:
    record_event(action="x", subject=CustomerFactory(name="N" * 250), by=SYSTEM, now=NOW)

    assert AuditEvent.objects.get().subject_name == "N" * 200


@pytest.mark.django_db
def test_history_outlives_what_it_tells_of(in_tenant: Tenant) -> None:
    shipment = ShipmentFactory(bill_to=None, number="DN-304")
    record_event(action="deleted", subject=shipment, by="mia", now=NOW)

    shipment.delete()

    assert AuditEvent.objects.get().subject_name == "DN-304"


@pytest.mark.django_db(transaction=True)
def test_event_stands_with_what_it_tells_of_or_not_at_all(tenant: Tenant) -> None:
    roll_back(tenant, lambda: record_event(action="x", subject=ShipmentFactory(bill_to=None), by="mia", now=NOW))

    with tenant_scope(tenant):
        assert AuditEvent.objects.count() == 0
        shipment = ShipmentFactory(bill_to=None)
    with pytest.raises(TransactionError):
        record_event(action="x", subject=shipment, by="mia", now=NOW)
