"""An import of messages that is broken off, and goes on although what it looks up has changed meanwhile."""

from decimal import Decimal

import pytest

from freightbridge.background_work.work_kinds import Work
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.domain.derived_fields import derive_fields
from invoices.intake.edi.plan_messages import parts_of
from invoices.intake.edi.read_messages import read_messages
from invoices.models import Shipment, ShipmentCharge, Upload
from invoices.models.upload import UploadState
from invoices.workflows import import_upload as importing
from invoices.workflows import walk_upload
from invoices.workflows.import_upload import import_upload, start_import
from invoices.workflows.load_message_knowledge import load_message_knowledge
from tests.freight_factories import ShipmentFactory
from tests.intake.carrier_messages import edifact
from tests.workflows.uploads import check, company, fresh, report

SHIPMENTS = 6


class BrokenOffError(Exception):
    pass


def bill(count: int) -> bytes:
    lines = "".join(f"LIN+{n}++FRT'\nRFF+AWB:125-{11110000 + n}'\nMOA+203:10'\n" for n in range(count))
    return edifact(f"BGM+380+B-1+9'\nNAD+SU+S1::91++Supplier'\nCUX+2:AUD:4'\n{lines}UNS+S'").encode()


def make_shipments(count: int) -> None:
    for n in range(count):
        made = ShipmentFactory(number=f"S-{n}", references={"awb": [f"125 {1111}-{n:04}"]})
        derive_fields(made, created_date=made.list_date)
        made.save()


def started(tenant: Tenant, count: int) -> Upload:
    person = company(tenant)
    with tenant_scope(tenant):
        make_shipments(count)
    upload = check(tenant, bill(count), by=person, file_name="bill.edi")
    with tenant_scope(tenant):
        start_import(upload, by=person, now=read_clock())
    return fresh(tenant, upload)


@pytest.mark.django_db(transaction=True)
def test_import_that_was_broken_off_goes_on_and_neither_skips_nor_doubles(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = started(tenant, SHIPMENTS)
    work, whole = Work(tenant_id=tenant.pk, subject_id=upload.pk), importing.write_report
    monkeypatch.setattr(walk_upload, "CHUNK", 1)
    calls = []

    def breaking(*arguments: object, **named: object) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise BrokenOffError
        return whole(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "write_report", breaking)
    with pytest.raises(BrokenOffError):
        import_upload(work)
    broken = fresh(tenant, upload)
    with tenant_scope(tenant):
        Shipment.objects.filter(number="S-4").update(references={}, search_text="s-4")

    import_upload(work)

    done = fresh(tenant, upload)
    assert (broken.shipments_done, done.shipments_done, done.state) == (2, SHIPMENTS, UploadState.DONE)
    assert [row[1:3] for row in report(tenant, upload)] == [(f"S-{n}", "new") for n in range(SHIPMENTS)]
    with tenant_scope(tenant):
        assert (
            list(ShipmentCharge.objects.order_by("shipment__number").values_list("unit_price", flat=True))
            == [Decimal(10)] * SHIPMENTS
        )


def test_references_are_looked_up_in_a_fixed_number_of_queries(
    tenant: Tenant, django_assert_num_queries: object
) -> None:
    with tenant_scope(tenant):
        make_shipments(3)
        for count in (1, 3):
            parts = parts_of(read_messages(bill(count)))
            with django_assert_num_queries(7):  # type: ignore[operator]
                known = load_message_knowledge(parts, begun=None)
            assert {one.number for one in known.shipments} == {f"S-{n}" for n in range(count)}


def test_references_of_another_company_are_never_found(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        make_shipments(2)
    parts = parts_of(read_messages(bill(2)))

    with tenant_scope(other_tenant):
        assert load_message_knowledge(parts, begun=None).shipments == ()
