"""What a resting list asks: whether anything has moved since it was read."""

from datetime import datetime, timedelta

import pytest

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment
from tests.freight_factories import ShipmentFactory
from tests.web.page_company import Visitor, assessed, company

pytestmark = pytest.mark.django_db


def news(person: Visitor, since: str) -> str:
    answer = person.get("list_news", since=since)
    assert (answer.status_code, answer.content) == (200, b"")
    return answer.get("HX-Trigger", "")


def touch(tenant: Tenant, at: datetime) -> None:
    with tenant_scope(tenant):
        Shipment.objects.update(updated_at=at)


def test_list_hears_of_what_moved_since_and_of_nothing_older(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)
    now = read_clock()

    assert news(operator, now.isoformat()) == ""
    touch(tenant, now + timedelta(seconds=1))
    assert news(operator, now.isoformat()) == "list-moved"
    assert news(operator, (now + timedelta(minutes=1)).isoformat()) == ""


def test_list_hears_nothing_of_another_company(tenant: Tenant, other_tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    now = read_clock()
    with tenant_scope(other_tenant):
        ShipmentFactory(updated_at=now)

    assert news(operator, now.isoformat()) == ""


@pytest.mark.parametrize("since", ["", "yesterday", "2026-03-02T10:00:00"])
def test_moment_that_cannot_be_read_is_no_news(tenant: Tenant, operator: Visitor, since: str) -> None:
    company(tenant)
    assessed(tenant)

    assert news(operator, since) == ""


def test_list_asks_while_it_rests_and_reads_itself_while_it_moves(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)

    resting = [operator.text(page) for page in ("shipments", "invoices")]

    assert ['hx-trigger="list-moved from:body"' in page and 'id="list-news"' in page for page in resting] == [True] * 2
