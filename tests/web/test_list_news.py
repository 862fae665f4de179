"""What a resting list asks: whether anything has moved that it has not shown."""

import re
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.accounting_log.write_entry import job_entry, write_entries
from integrations.job_states import LogResult
from integrations.models import AccountingLogEntry, SyncJob
from invoices.models import Shipment
from invoices.web import list_mark
from invoices.web.list_mark import LONGEST_WORK
from tests.freight_factories import ShipmentFactory
from tests.web.page_company import Visitor, assessed, company, sent

pytestmark = pytest.mark.django_db


def mark_of(person: Visitor, page: str = "shipments") -> dict[str, str]:
    """With which the list that is open now will ask."""
    query = re.search(r'news/\?([^"]+)" hx-trigger="every 4s"', person.text(page))
    assert query, "the list does not rest"
    return dict(parse_qsl(unescape(query[1]), keep_blank_values=True))


def news(person: Visitor, **mark: str) -> str:
    answer = person.get("list_news", **mark)
    assert (answer.status_code, answer.content) == (200, b"")
    return answer.get("HX-Trigger", "")


def touch(tenant: Tenant, at: datetime, *shipments: Shipment) -> None:
    """All of them, where none are named."""
    with tenant_scope(tenant):
        chosen = Shipment.objects.filter(pk__in=[one.pk for one in shipments]) if shipments else Shipment.objects.all()
        chosen.update(updated_at=at)


@pytest.mark.parametrize("page", ["shipments", "invoices"])
def test_list_hears_once_of_what_moved(tenant: Tenant, operator: Visitor, page: str) -> None:
    company(tenant)
    assessed(tenant)
    mark = mark_of(operator, page)

    assert news(operator, **mark) == ""
    touch(tenant, read_clock())
    assert news(operator, **mark) == "list-moved"
    assert news(operator, **mark_of(operator, page)) == "", "what the list has shown is no news"


def test_what_is_committed_late_is_heard_of_once(tenant: Tenant, operator: Visitor) -> None:
    """Its moment is before the list's own, and what came after it was shown already."""
    company(tenant)
    early, late = assessed(tenant, 2)
    touch(tenant, read_clock(), early)
    mark = mark_of(operator)

    touch(tenant, read_clock() - LONGEST_WORK / 2, late)

    assert news(operator, **mark) == "list-moved"
    assert news(operator, **mark_of(operator)) == ""


def test_same_row_that_moves_again_is_heard_of_again(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)
    touch(tenant, read_clock())
    mark = mark_of(operator)

    touch(tenant, read_clock())

    assert news(operator, **mark) == "list-moved"


def test_entry_of_the_log_is_heard_of_once(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    mark = mark_of(operator)
    with tenant_scope(tenant):
        job = SyncJob.objects.get()
        write_entries([job_entry(job, result=LogResult.DONE, event="approved", text="Approved.", now=read_clock())])

    assert news(operator, **mark) == "list-moved"
    assert news(operator, **mark_of(operator)) == ""


def test_check_that_found_nothing_is_no_news(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    mark = mark_of(operator)
    with tenant_scope(tenant):
        write_entries(
            [AccountingLogEntry(at=read_clock(), result="info", event="nothing new", text="x", has_news=False)]
        )

    assert news(operator, **mark) == ""


def test_more_than_can_be_told_apart_is_news_until_it_ends(
    tenant: Tenant, operator: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_mark, "MOST", 2)
    company(tenant)
    assessed(tenant, 3)
    touch(tenant, read_clock() + timedelta(hours=1))

    assert news(operator, **mark_of(operator)) == "list-moved"
    touch(tenant, read_clock() - 2 * LONGEST_WORK)
    assert news(operator, **mark_of(operator)) == ""


@pytest.mark.parametrize("count", [1, 3])
def test_asking_takes_one_query_of_its_own(tenant: Tenant, operator: Visitor, count: int) -> None:
    company(tenant)
    assessed(tenant, count)
    touch(tenant, read_clock())
    mark = mark_of(operator)

    with CaptureQueriesContext(connection) as queries:
        news(operator, **mark)

    assert len([one for one in queries if "invoices_shipment" in one["sql"]]) == 1


def test_list_hears_nothing_of_another_company(tenant: Tenant, other_tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    mark = mark_of(operator)
    with tenant_scope(other_tenant):
        ShipmentFactory(updated_at=read_clock())

    assert news(operator, **mark) == ""


@pytest.mark.parametrize("since", ["", "yesterday", "2026-03-02T10:00:00", "0001-01-01T00:00:00+00:00"])
def test_moment_that_cannot_be_read_is_no_news(tenant: Tenant, operator: Visitor, since: str) -> None:
    company(tenant)
    assessed(tenant)

    assert news(operator, since=since) == ""


def test_list_asks_while_it_rests_and_reads_itself_while_it_moves(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    assessed(tenant)

    resting = [operator.text(page) for page in ("shipments", "invoices")]

    assert ['hx-trigger="list-moved from:body"' in page and 'id="list-news"' in page for page in resting] == [True] * 2
