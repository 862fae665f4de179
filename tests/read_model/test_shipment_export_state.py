"""PostgreSQL keeps on each shipment why it does not go, and when something of it went to accounting."""

from datetime import timedelta

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroDocument
from invoices.models import Invoice, Shipment
from invoices.models.invoice import InvoiceStatus
from tests.conftest import NOW
from tests.web.page_company import assessed, company, sent

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


@pytest.fixture
def shipment(tenant: Tenant) -> Shipment:
    """Sent, and stopped on its way."""
    company(tenant)
    shipments = assessed(tenant)
    sent(tenant, shipments, state="attention", document={"problem_code": "FB-101"})
    return shipments[0]


def exported(shipment: Shipment) -> tuple[object, object, bool]:
    shipment.refresh_from_db()
    return shipment.first_exported_at, shipment.last_exported_at, shipment.is_in_file


@pytest.mark.parametrize(
    ("state", "code", "cause"),
    [
        ("attention", "FB-405", "FB-405"), ("attention", "", "FB-401"), ("queued", "", "moving"),
        ("voided", "", ""),
    ],
)  # fmt: skip
def test_cause_is_that_of_the_document(tenant: Tenant, shipment: Shipment, state: str, code: str, cause: str) -> None:
    with tenant_scope(tenant):
        XeroDocument.objects.update(state=state, problem_code=code)
        if state == "voided":
            Shipment.objects.update(readiness="nothing")
        shipment.refresh_from_db()

        assert shipment.cause == cause


def test_cause_of_what_was_not_sent_is_what_it_lacks_first(tenant: Tenant) -> None:
    company(tenant)
    (lacking,), (ready,) = assessed(tenant, incoterm=""), assessed(tenant)

    assert (lacking.cause, ready.cause) == (lacking.readiness_problems[0]["code"], "ready")


def test_problem_that_changes_changes_the_cause(tenant: Tenant) -> None:
    company(tenant)
    (lacking,) = assessed(tenant, incoterm="")
    with tenant_scope(tenant):
        Shipment.objects.update(readiness_problems=[{"code": "FB-110"}])
        lacking.refresh_from_db()

        assert lacking.cause == "FB-110"


def test_first_and_last_way_to_accounting(tenant: Tenant, shipment: Shipment) -> None:
    with tenant_scope(tenant):
        by_call = exported(shipment)
        XeroDocument.objects.update(exported_at=LATER)

        assert (by_call, exported(shipment)) == ((NOW, NOW, False), (NOW, LATER, True))


def test_voided_invoice_went_nowhere(tenant: Tenant, shipment: Shipment) -> None:
    with tenant_scope(tenant):
        Invoice.objects.update(status=InvoiceStatus.VOIDED)
        voided = exported(shipment)
        Invoice.objects.update(status=InvoiceStatus.APPROVED)

        assert (voided, exported(shipment)) == ((None, None, False), (NOW, NOW, False))


def test_copy_that_was_read_before_takes_nothing_back(tenant: Tenant, shipment: Shipment) -> None:
    with tenant_scope(tenant):
        XeroDocument.objects.update(exported_at=LATER, problem_code="FB-405")
        shipment.save()

        assert exported(shipment) == (NOW, LATER, True)
        assert shipment.cause == "FB-405"
