from datetime import timedelta

import pytest

from freightbridge.access.models import User
from freightbridge.audit.models import AuditEvent
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import ChargeCode, Customer, Shipment, ShipmentCharge, SourceRow, Upload
from invoices.models.upload import UploadState
from invoices.workflows.check_upload import UploadStateError
from invoices.workflows.draft_shipment import delete_draft, draft_shipment
from invoices.workflows.undo_import import KeptShipment, UndoResult, undo_import
from tests.freight_factories import ChargeFactory
from tests.workflows.uploads import check, company, fresh, jobs, line, report, take_in


@pytest.fixture
def person(tenant: Tenant) -> User:
    return company(tenant)


def undo(tenant: Tenant, upload: Upload, person: User) -> UndoResult:
    with tenant_scope(tenant):
        return undo_import(upload, tenant=tenant, by=person, now=read_clock())


def what_stands(tenant: Tenant) -> dict[str, list[str]]:
    with tenant_scope(tenant):
        return {
            "shipments": sorted(Shipment.objects.values_list("number", flat=True)),
            "charges": sorted(ShipmentCharge.objects.values_list("charge_code__code", flat=True)),
            "customers": sorted(Customer.objects.values_list("code", flat=True)),
            "rows": sorted(SourceRow.objects.values_list("key", flat=True)),
        }


def bill(tenant: Tenant, number: str) -> None:
    with tenant_scope(tenant):
        draft_shipment(Shipment.objects.get(number=number), tenant=tenant, by="x@example.com", now=read_clock())


NOTHING: dict[str, list[str]] = {"shipments": [], "charges": [], "customers": [], "rows": []}


def test_what_came_in_goes_again(tenant: Tenant, person: User) -> None:
    upload = take_in(tenant, jobs(line("S-1"), line("S-1", "THC"), line("S-2")), by=person)

    result = undo(tenant, upload, person)

    assert result == UndoResult(shipments=2, charges=3, customers=1, charge_codes=0, kept=())
    assert what_stands(tenant) == NOTHING
    undone = fresh(tenant, upload)
    assert undone.state == UploadState.UNDONE
    assert undone.notes == ["Undone: 2 shipments and 3 charges were taken away."]


def test_undone_file_is_new_when_it_comes_again(tenant: Tenant, person: User) -> None:
    content = jobs(line("S-1"), line("S-2"))
    undo(tenant, take_in(tenant, content, by=person), person)

    again = take_in(tenant, content, by=person)

    assert [outcome for _, _, outcome, _ in report(tenant, again)] == ["new", "new"]


def test_shipment_on_an_invoice_stays_and_is_named(tenant: Tenant, person: User) -> None:
    upload = take_in(tenant, jobs(line("S-1"), line("S-2")), by=person)
    bill(tenant, "S-1")

    result = undo(tenant, upload, person)

    assert result.kept == (KeptShipment(number="S-1", reason="It is on Draft sales invoice."),)
    assert what_stands(tenant) == {"shipments": ["S-1"], "charges": ["FRT"], "customers": ["BLUE"], "rows": ["#1"]}
    assert fresh(tenant, upload).notes[-1].endswith("1 shipments were kept. S-1: It is on Draft sales invoice.")


def test_charge_that_came_after_the_invoice_goes_from_the_shipment_that_stays(tenant: Tenant, person: User) -> None:
    take_in(tenant, jobs(line("S-1")), by=person)
    bill(tenant, "S-1")
    second = take_in(tenant, jobs(line("S-1"), line("S-1", "THC")), by=person)

    result = undo(tenant, second, person)

    assert (result.charges, result.shipments, result.kept) == (1, 0, ())
    assert what_stands(tenant)["charges"] == ["FRT"]


def test_charge_whose_draft_was_deleted_goes(tenant: Tenant, person: User) -> None:
    upload = take_in(tenant, jobs(line("S-1")), by=person)
    with tenant_scope(tenant):
        one = Shipment.objects.get()
        draft = draft_shipment(one, tenant=tenant, by=person.email, now=read_clock())
        delete_draft(draft, tenant=tenant, by=person.email, now=read_clock())

    assert undo(tenant, upload, person).kept == ()
    assert what_stands(tenant) == NOTHING


def test_shipment_with_a_charge_of_a_person_stays(tenant: Tenant, person: User) -> None:
    upload = take_in(tenant, jobs(line("S-1")), by=person)
    with tenant_scope(tenant):
        ChargeFactory(shipment=Shipment.objects.get(), charge_code=ChargeCode.objects.get(code="DOC"))

    result = undo(tenant, upload, person)

    assert result.kept == (KeptShipment(number="S-1", reason="It has charges that did not come with this upload."),)
    assert what_stands(tenant)["charges"] == ["DOC"]


def test_shipment_that_another_upload_speaks_of_stays(tenant: Tenant, person: User) -> None:
    first = take_in(tenant, jobs(line("S-1", price="")), by=person)
    take_in(tenant, jobs(line("S-1", price=""), line("S-1", price="")), by=person)

    result = undo(tenant, first, person)

    assert result.kept == (KeptShipment(number="S-1", reason="Another upload brought rows of it too."),)


def test_customer_whom_somebody_else_uses_stays(tenant: Tenant, person: User) -> None:
    first = take_in(tenant, jobs(line("S-1"), line("S-2", Customer_Code="RED", Customer_Name="Red Ltd")), by=person)
    take_in(tenant, jobs(line("S-3")), by=person)

    result = undo(tenant, first, person)

    assert result.customers == 1
    assert what_stands(tenant)["customers"] == ["BLUE"]


def test_change_of_what_stood_before_stays(tenant: Tenant, person: User) -> None:
    take_in(tenant, jobs(line("S-1")), by=person)
    second = take_in(tenant, jobs(line("S-1", price="120")), by=person)

    undo(tenant, second, person)

    with tenant_scope(tenant):
        assert ShipmentCharge.objects.get().unit_price == 120


def test_undo_is_audited_and_done_once(tenant: Tenant, person: User) -> None:
    upload = take_in(tenant, jobs(line("S-1")), by=person)
    undo(tenant, upload, person)

    with pytest.raises(UploadStateError, match="is in the state “Undone”"):
        undo(tenant, upload, person)

    with tenant_scope(tenant):
        event = AuditEvent.objects.get(action="undo import")
    assert (event.actor, event.details["shipments"], event.details["kept"]) == (person.email, 1, 0)
    assert event.at - upload.uploaded_at < timedelta(minutes=5)


def test_upload_that_was_not_imported_cannot_be_undone(tenant: Tenant, person: User) -> None:
    upload = check(tenant, jobs(line("S-1")), by=person)

    with pytest.raises(UploadStateError, match="Checked, nothing imported yet"):
        undo(tenant, upload, person)
