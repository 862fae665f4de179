"""A change of a quote begins with what stands in Xero: every time anew, and not where the quote is gone."""

from decimal import Decimal
from typing import Any

import pytest

from freightbridge.tenancy.models import Tenant
from integrations.connection.open_gateway import open_gateway
from integrations.mapping.source import DocumentKind
from integrations.models import XeroDocument
from integrations.outbox.enqueue_change import enqueue_update, enqueue_void
from tests.outbox.test_change_steps import change, create, dearer, document
from tests.sending import Calls, documents, go_on, jobs, ours_in_xero
from tests.xero_company import connect
from tests.xero_sandbox.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db(transaction=True)


def quote_in_xero(tenant: Tenant) -> XeroDocument:
    return create(tenant, DocumentKind.QUOTE, "Q-1")


def test_quote_that_is_not_there_any_more_stops_its_change(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = quote_in_xero(tenant)
    xero.fault("error", method="GET", path="/Quotes/", status=404)
    calls = Calls(xero)

    change(tenant, enqueue_update, before, dearer(document(DocumentKind.QUOTE, "Q-1")))

    assert jobs(tenant, "operation", "state", "problem_code") == [
        ("create", "done", ""),
        ("update", "attention", "FB-506"),
    ]
    assert calls.made() == ["GET Quotes/…"]


def test_quote_that_somebody_deleted_stops_its_change(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = quote_in_xero(tenant)
    xero.act("delete", document="Q-1")

    change(tenant, enqueue_update, before, dearer(document(DocumentKind.QUOTE, "Q-1")))

    assert jobs(tenant, "state", "problem_code")[1] == ("attention", "FB-506")
    assert ours_in_xero(xero, "status", "total") == [("DELETED", f"{before.total:.2f}")]


def test_quote_that_is_gone_by_the_time_it_is_voided_counts_as_voided(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = quote_in_xero(tenant)
    # It is there for the look with which a void begins.
    xero.fault("error", method="GET", path="/Quotes/", status=404, skip=1)

    change(tenant, enqueue_void, before)

    assert jobs(tenant, "operation", "state")[1] == ("void", "done")
    assert documents(tenant, "state") == ["voided"]


def test_late_retry_keeps_what_a_person_wrote_meanwhile(tenant: Tenant, xero: SandboxProcess) -> None:
    connect(tenant, xero)
    before = quote_in_xero(tenant)
    xero.fault("error", method="POST", path="/Quotes", status=503, times=1)
    change(tenant, enqueue_update, before, dearer(document(DocumentKind.QUOTE, "Q-1")))
    waiting = jobs(tenant, "state", "standing")[1]
    xero.act("edit", document="Q-1", fields={"Terms": "Seven days"})

    go_on(tenant)

    assert waiting == ("sending", None)
    assert jobs(tenant, "state")[1] == "done"
    standing = quote(tenant, before)
    assert (standing["Terms"], Decimal(standing["Total"])) == ("Seven days", 2 * before.total)


def quote(tenant: Tenant, known: XeroDocument) -> Any:
    gateway = open_gateway(tenant_id=tenant.pk, connection_id=known.connection_id)
    (found,) = gateway.read(f"Quotes/{known.xero_id}").json()["Quotes"]
    return found
