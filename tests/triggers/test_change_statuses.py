import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import ReachedStatus, Shipment, StatusChange
from invoices.workflows import change_statuses
from tests.freight_factories import ShipmentFactory
from tests.triggers.trigger_company import agree, work
from tests.web.page_company import Visitor, assessed, company, sent

TOKEN = str(uuid.UUID(int=7))


def change(person: Visitor, shipments: Sequence[Shipment], status: str, token: str = TOKEN) -> Any:
    ids = [str(shipment.public_id) for shipment in shipments]
    return person.post("change_status", shipment=ids, status=status, form_token=token)


def statuses(tenant: Tenant) -> list[str]:
    with tenant_scope(tenant):
        return list(Shipment.objects.order_by("id").values_list("status", flat=True))


def made(tenant: Tenant, *of: str) -> list[Shipment]:
    with tenant_scope(tenant):
        return [ShipmentFactory(status=status) for status in of]


def test_dialog_counts_what_changes_and_each_reason_of_what_does_not(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    in_xero = assessed(tenant, status="delivered")
    sent(tenant, in_xero)
    shipments = [*in_xero, *made(tenant, "booked", "booked", "in transit", "cancelled")]
    ids = [str(shipment.public_id) for shipment in shipments]

    before = operator.post("status_dialog", shipment=ids).content.decode()
    page = operator.post("status_dialog", shipment=ids, status="cancelled").content.decode()

    assert "Change the status of 5 shipments" in before
    assert ("<strong>3</strong> change: 2 from Booked, 1 from In transit." in page, "Change 3" in page) == (True, True)
    assert "<strong>1</strong>: It is Cancelled already." in page
    assert "<strong>1</strong>: It has documents in accounting; give them up or void them first." in page


def test_dialog_says_that_shipments_go_by_themselves_at_that_status(tenant: Tenant, operator: Visitor) -> None:
    agree(tenant, is_automatic=True)
    ids = [str(shipment.public_id) for shipment in made(tenant, "booked")]

    pages = [
        operator.post("status_dialog", shipment=ids, status=one).content.decode() for one in ("closed", "invoice ready")
    ]

    assert ["go to accounting by themselves" in page for page in pages] == [False, True]


def test_few_are_changed_at_once_and_taken_back_again(tenant: Tenant, operator: Visitor) -> None:
    shipments = made(tenant, "booked", "in transit", "closed", "cancelled")

    change(operator, shipments, "closed")
    changed = statuses(tenant)
    page = operator.text("status_change", 1)
    operator.post("status_change_undo", 1)
    back = operator.text("status_change", 1)

    assert changed == ["closed", "closed", "closed", "cancelled"]
    assert ("Finished" in page, "It is Closed already." in page, "Take the change back?" in page) == (True, True, True)
    assert statuses(tenant) == ["booked", "in transit", "closed", "cancelled"]
    assert ("Taken back" in back, "Take the change back?" in back) == (True, False)
    with tenant_scope(tenant):
        events = AuditEvent.objects.filter(action="status changed", subject_id=shipments[0].public_id).order_by("id")
        told = [event.details["status"] for event in events]
    assert told == [{"before": "Booked", "after": "Closed"}, {"before": "Closed", "after": "Booked"}]


def test_what_somebody_changed_since_is_not_taken_back(tenant: Tenant, operator: Visitor) -> None:
    shipments = made(tenant, "booked", "booked")
    change(operator, shipments, "arrived")
    with tenant_scope(tenant):
        Shipment.objects.filter(pk=shipments[0].pk).update(status="delivered")

    operator.post("status_change_undo", 1)

    assert statuses(tenant) == ["delivered", "booked"]
    assert "Somebody gave it another status since." in operator.text("status_change", 1)


def test_second_click_changes_nothing_twice(tenant: Tenant, operator: Visitor) -> None:
    shipments = made(tenant, "booked")

    answers = {change(operator, shipments, status)["Location"] for status in ("arrived", "closed")}

    with tenant_scope(tenant):
        assert StatusChange.objects.count() == 1
    assert (answers, statuses(tenant)) == ({"/o/acme-freight/status-changes/1/"}, ["arrived"])


@pytest.mark.django_db(transaction=True)
def test_many_are_changed_in_the_background_with_progress_and_undo(
    tenant: Tenant, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_statuses, "FEW", 2)
    monkeypatch.setattr(change_statuses, "CHUNK", 2)
    made(tenant, *["booked"] * 5)

    operator.post("change_status", all="1", filters="", status="closed", form_token=TOKEN)
    waiting = operator.text("status_change", 1)
    work()
    changed = statuses(tenant)
    operator.post("status_change_undo", 1)
    work()

    assert ("0 of 5" in waiting, "being changed" in waiting) == (True, True)
    assert (changed, statuses(tenant)) == (["closed"] * 5, ["booked"] * 5)


def test_status_given_to_many_makes_them_go_by_themselves_until_it_is_taken_back(
    tenant: Tenant, operator: Visitor
) -> None:
    company(tenant)
    agree(tenant, is_automatic=True)
    shipments = assessed(tenant, 2)

    change(operator, shipments, "invoice ready")
    with tenant_scope(tenant):
        going = ReachedStatus.objects.count()
    operator.post("status_change_undo", 1)

    with tenant_scope(tenant):
        assert (going, ReachedStatus.objects.count()) == (2, 0)


@pytest.mark.parametrize("data", [{"status": "lost"}, {"status": "closed", "form_token": "x"}, {}])
def test_click_that_makes_no_sense_is_refused(tenant: Tenant, operator: Visitor, data: dict[str, str]) -> None:
    (shipment,) = made(tenant, "booked")

    answer = operator.post("change_status", shipment=str(shipment.public_id), **data)

    assert (answer.status_code, statuses(tenant)) == (400, ["booked"])
