from datetime import date

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.demo.demo_trade import HARBOUR_TRADE, PENNINE_TRADE, Trade
from invoices.demo.forwarder_export import PlantedFault, forwarder_export
from invoices.models import Shipment, ShipmentCharge
from invoices.models.shipment import JobType, Readiness
from invoices.models.upload import UploadState
from tests.workflows.uploads import company, take_in

MARCH = date(2026, 3, 1)


def test_same_seed_gives_the_same_bytes() -> None:
    assert forwarder_export(HARBOUR_TRADE, 50, seed=1, month=MARCH) == forwarder_export(
        HARBOUR_TRADE, 50, seed=1, month=MARCH
    )


def test_trades_and_months_do_not_share_numbers() -> None:
    exports = [
        forwarder_export(trade, 50, seed=1, month=month)
        for trade in (HARBOUR_TRADE, PENNINE_TRADE)
        for month in (MARCH, date(2026, 4, 1))
    ]

    numbers = [line.split(b",")[0] for export in exports for line in set(export.content.splitlines()[1:])]
    assert len(set(numbers)) == 200


def test_every_kind_of_fault_is_planted() -> None:
    planted = forwarder_export(HARBOUR_TRADE, 150, seed=1, month=MARCH).planted

    assert {fault.field for fault in planted} == {
        "exchange_rate",
        "incoterm",
        "charge_code",
        "customer",
        "declared_value",
    }
    assert len({fault.shipment for fault in planted}) == len(planted)


@pytest.mark.parametrize("trade", [HARBOUR_TRADE, PENNINE_TRADE], ids=lambda trade: trade.prefix)
def test_what_is_not_ready_is_exactly_what_was_planted(tenant: Tenant, trade: Trade) -> None:
    export = forwarder_export(trade, 130, seed=3, month=MARCH)

    upload = take_in(tenant, export.content, by=company(tenant, currency=trade.currency))

    assert upload.state == UploadState.DONE
    with tenant_scope(tenant):
        shipments = list(Shipment.objects.all())
        kinds = set(ShipmentCharge.objects.values_list("side", flat=True))
    hindered = {
        PlantedFault(one.number, one.readiness_problems[0]["subject"]) for one in shipments if one.readiness_problems
    }
    assert hindered == set(export.planted)
    assert {one.readiness for one in shipments} == {Readiness.READY, Readiness.NOT_READY}
    assert {one.job_type for one in shipments} == set(JobType)
    assert len({one.currency for one in shipments}) > 1
    assert kinds == {"sell", "cost"}
