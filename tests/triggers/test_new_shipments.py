import re
from datetime import timedelta

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import ListVisit, Shipment
from tests.freight_factories import ShipmentFactory
from tests.web.page_company import Visitor

LINK = re.compile(r'href="\?(new_since=[^"]+)">(\S+) new since you last looked')


def made(tenant: Tenant, number: str, *, minutes_ago: int = 0) -> Shipment:
    with tenant_scope(tenant):
        shipment: Shipment = ShipmentFactory(number=number, created_at=read_clock() - timedelta(minutes=minutes_ago))
        return shipment


def away(tenant: Tenant, minutes: int) -> None:
    """As if everybody's last look had been so long ago."""
    with tenant_scope(tenant):
        for visit in ListVisit.objects.all():
            visit.looked_at -= timedelta(minutes=minutes)
            visit.looked_before_at -= timedelta(minutes=minutes)
            visit.save()


def test_new_ones_are_counted_for_each_member_and_can_be_listed(
    tenant: Tenant, operator: Visitor, admin: Visitor
) -> None:
    made(tenant, "SHP-OLD", minutes_ago=120)
    first = operator.text("shipments")
    away(tenant, 60)
    made(tenant, "SHP-NEW")
    made(tenant, "SHP-NEW-2")

    page = operator.text("shipments")
    found = LINK.search(page)
    assert found is not None
    listed = operator.client.get(f"/o/acme-freight/shipments/?{found[1]}").content.decode()

    assert found[2] == "2"
    assert "since you last looked" not in first + admin.text("shipments")
    assert ("SHP-NEW-2" in listed, "SHP-OLD" in listed, "Show all shipments" in listed) == (True, False, True)


def test_new_stays_new_while_somebody_looks_and_is_old_when_he_comes_back(tenant: Tenant, operator: Visitor) -> None:
    operator.text("shipments")
    away(tenant, 60)
    made(tenant, "SHP-1")
    operator.text("shipments")
    away(tenant, 5)

    still = operator.text("shipments")
    away(tenant, 40)
    with tenant_scope(tenant):
        Shipment.objects.update(created_at=read_clock() - timedelta(minutes=45))
    afterwards = operator.text("shipments")

    assert ("1 new since you last looked" in still, "new since you last looked" in afterwards) == (True, False)


@pytest.mark.parametrize("moment", ["yesterday", "2026-99-99"])
def test_moment_that_is_none_lists_all(tenant: Tenant, operator: Visitor, moment: str) -> None:
    made(tenant, "SHP-1")

    assert "SHP-1" in operator.text("shipments", new_since=moment)
