"""PostgreSQL keeps on each invoice the tab of the list that it stands under, whoever writes what."""

import pytest

from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import XeroDocument
from invoices.models import Invoice
from invoices.models.invoice import InvoiceStatus
from tests.web.page_company import assessed, company, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(tenant: Tenant) -> Invoice:
    company(tenant)
    sent(tenant, assessed(tenant), state="queued")
    with tenant_scope(tenant):
        return Invoice.objects.get()


def shown(invoice: Invoice) -> str:
    invoice.refresh_from_db(fields=["list_state"])
    return invoice.list_state


@pytest.mark.parametrize(
    "state", ["queued", "sending", "unknown", "in xero", "attention", "cancelled", "voided", "by file"]
)
def test_approved_invoice_stands_where_its_document_stands(tenant: Tenant, invoice: Invoice, state: str) -> None:
    with tenant_scope(tenant):
        XeroDocument.objects.update(state=state, xero_id="a02a6b2f-8fac-5c67-9e32-28a2e710f5a6")

        assert shown(invoice) == state


@pytest.mark.parametrize("status", [InvoiceStatus.DRAFT, InvoiceStatus.VOIDED])
def test_other_invoice_stands_by_its_own_status(tenant: Tenant, invoice: Invoice, status: str) -> None:
    with tenant_scope(tenant):
        Invoice.objects.update(status=status)
        of_itself = shown(invoice)
        XeroDocument.objects.update(state="attention")

        assert (of_itself, shown(invoice)) == (status, status)


def test_invoice_is_approved_again_where_its_document_leaves_it(tenant: Tenant, invoice: Invoice) -> None:
    with tenant_scope(tenant):
        XeroDocument.objects.update(invoice=None)

        assert shown(invoice) == "approved"


def test_copy_that_was_read_before_takes_no_state_back(tenant: Tenant, invoice: Invoice) -> None:
    with tenant_scope(tenant):
        old_copy = Invoice.objects.get()
        XeroDocument.objects.update(state="attention")
        old_copy.save()

        assert shown(invoice) == "attention"
