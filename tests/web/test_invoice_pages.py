import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from freightbridge.background_work.models import WorkItem
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import SyncJob
from invoices.models import Invoice, ShipmentCharge
from tests.conftest import NOW
from tests.web.page_company import Visitor, assessed, company, sent

QUERIES = 17


def numbers(page: str) -> list[str]:
    return re.findall(r'href="[^"]*/invoices/[0-9a-f-]{36}/">([^<]+)</a>', page)


def draft(tenant: Tenant, operator: Visitor) -> Invoice:
    company(tenant)
    operator.post("shipment_draft", assessed(tenant)[0].public_id)
    with tenant_scope(tenant):
        return Invoice.objects.get()


@pytest.mark.parametrize("count", [1, 3])
def test_invoices_takes_the_same_number_of_queries_for_any_number_of_rows(
    tenant: Tenant, operator: Visitor, count: int
) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, count))

    with CaptureQueriesContext(connection) as queries:
        page = operator.text("invoices")

    assert len(numbers(page)) == count
    assert len(queries) == QUERIES, "\n".join(query["sql"][:150] for query in queries)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["INV-00003", "INV-00002", "INV-00001"]),
        ({"state": "in-xero"}, ["INV-00001"]),
        ({"state": "in-progress"}, ["INV-00002"]),
        ({"state": "needs-attention"}, ["INV-00003"]),
        ({"state": "draft"}, []),
        ({"q": "inv-00002"}, ["INV-00002"]),
        ({"money": "unpaid"}, ["INV-00001"]),
        ({"sent_from": "2026-03-02", "sent_to": "2026-03-02"}, ["INV-00003", "INV-00002", "INV-00001"]),
        ({"sent_from": "2026-03-03"}, []),
    ],
)
def test_invoices_tabs_and_filters_stand_in_the_address(
    tenant: Tenant, operator: Visitor, query: dict[str, str], found: list[str]
) -> None:
    company(tenant)
    for state in ("in xero", "sending", "attention"):
        sent(tenant, assessed(tenant), state=state)

    assert numbers(operator.text("invoices", **query)) == found


def test_invoice_shows_lines_totals_and_the_way_into_xero(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant, number="SHP-5"))
    with tenant_scope(tenant):
        invoice = Invoice.objects.get()

    page = operator.text("invoice", invoice.public_id)

    assert [text in page for text in ("INV-00001", "SHP-5", "1,250.00", "125.00", "1,375.00", "Unpaid")] == [True] * 6


def test_invoice_pdf_is_served_from_the_store(tenant: Tenant, viewer: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant))
    with tenant_scope(tenant):
        invoice = Invoice.objects.get()
        invoice.pdf = store_file(b"%PDF-1.7", content_type="application/pdf", now=NOW)
        invoice.save(update_fields=["pdf"])

    response = viewer.get("invoice_pdf", invoice.public_id)

    assert (response["Content-Type"], response.content) == ("application/pdf", b"%PDF-1.7")
    assert response["Content-Disposition"] == 'inline; filename="INV-00001.pdf"'


def test_invoice_pdf_that_is_not_made_yet_is_asked_for(tenant: Tenant, operator: Visitor) -> None:
    invoice = draft(tenant, operator)

    page = operator.text("invoice_pdf", invoice.public_id)

    assert "The PDF is being made" in page
    with tenant_scope(tenant):
        assert list(WorkItem.objects.filter(kind="render pdf").values_list("subject_id", flat=True)) == [invoice.pk]


def test_draft_is_approved_numbered_and_queued_ahead_of_bulk(tenant: Tenant, operator: Visitor) -> None:
    invoice = draft(tenant, operator)

    operator.post("invoice_approve", invoice.public_id)

    with tenant_scope(tenant):
        invoice.refresh_from_db()
        assert list(SyncJob.objects.values_list("invoice_id", "state", "priority")) == [(invoice.pk, "queued", 0)]
    assert (invoice.status, invoice.number) == ("approved", "INV-00001")


def test_draft_approved_twice_is_sent_once(tenant: Tenant, operator: Visitor) -> None:
    invoice = draft(tenant, operator)

    for _ in range(2):
        operator.post("invoice_approve", invoice.public_id)

    with tenant_scope(tenant):
        assert SyncJob.objects.count() == 1
    assert "INV-00001 is approved, and cannot become approved." in operator.text("invoice", invoice.public_id)


def test_deleted_draft_frees_its_charges(tenant: Tenant, operator: Visitor) -> None:
    invoice = draft(tenant, operator)

    response = operator.post("invoice_delete", invoice.public_id)

    with tenant_scope(tenant):
        assert Invoice.objects.count() == 0
        (charge,) = ShipmentCharge.objects.select_related("shipment")
    assert response["Location"] == "/o/acme-freight/invoices/"
    assert (charge.invoice_id, charge.shipment.accounting_state) == (None, "ready")


def test_approved_invoice_is_not_deleted(tenant: Tenant, operator: Visitor) -> None:
    invoice = draft(tenant, operator)
    operator.post("invoice_approve", invoice.public_id)

    operator.post("invoice_delete", invoice.public_id)

    assert "only a draft can be deleted" in operator.text("invoice", invoice.public_id)


def test_stopped_invoice_shows_its_problem_and_goes_on(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    problem = {"code": "FB-502", "subject": "INV-00001", "words": {"number": "INV-00001", "xero": "Must be unique"}}
    sent(tenant, assessed(tenant), state="attention", problems=[problem], problem_code="FB-502")
    with tenant_scope(tenant):
        invoice = Invoice.objects.get()

    page = operator.text("invoice", invoice.public_id)
    operator.post("invoice_send_again", invoice.public_id)

    with tenant_scope(tenant):
        assert SyncJob.objects.get().state == "queued"
    assert "Another document in Xero has the number INV-00001 already." in page


def test_voided_invoice_is_listed_as_voided(tenant: Tenant, operator: Visitor) -> None:
    company(tenant)
    sent(tenant, assessed(tenant), document={"state": "voided"})

    assert numbers(operator.text("invoices", state="voided")) == ["INV-00001"]
