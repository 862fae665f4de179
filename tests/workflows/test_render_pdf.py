"""Background work: the PDF is made once from the same content, stored, and given to its job."""

import io
import uuid

import pytest
from pypdf import PdfReader

from freightbridge.background_work.work_kinds import Again, Work
from freightbridge.clock import read_clock
from freightbridge.machine_setup.system_packages import PANGO, how_to_install
from freightbridge.stored_files.models import StoredFile
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.models import OrganisationLane, SendBatch, SyncJob
from integrations.models.sync_job import Priority
from invoices.models import Customer, Invoice, InvoiceLine, Shipment
from invoices.pdf import printed_invoice
from invoices.pdf.invoice_view_model import InvoiceView
from invoices.workflows import render_pdf as rendering
from invoices.workflows.prepare_batch import prepare_chunk
from invoices.workflows.render_pdf import render_pdf
from invoices.workflows.send_to_accounting import send_to_accounting
from tests.freight_factories import ready_shipment
from tests.offline_company import offline_company

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.pdf]


@pytest.fixture(autouse=True)
def _pango() -> None:
    if not PANGO.is_there():
        pytest.skip(how_to_install(PANGO))


@pytest.fixture
def approved(tenant: Tenant) -> Work:
    """An approved invoice that waits for its PDF."""
    with tenant_scope(tenant):
        offline_company()
        ready_shipment()
        batch: SendBatch = send_to_accounting(
            Shipment.objects.all(), form_token=uuid.uuid4(), by="mia", now=read_clock()
        )
        prepare_chunk(batch, tenant=tenant, now=read_clock())
        return Work(tenant_id=tenant.pk, subject_id=Invoice.objects.get().pk)


def stored(tenant: Tenant) -> list[bytes]:
    with tenant_scope(tenant):
        return [bytes(file.content) for file in StoredFile.objects.order_by("id")]


def test_pdf_is_stored_and_given_to_the_job(tenant: Tenant, approved: Work) -> None:
    assert render_pdf(approved) is None

    with tenant_scope(tenant):
        invoice, job = Invoice.objects.get(), SyncJob.objects.get()
        text = PdfReader(io.BytesIO(bytes(StoredFile.objects.get().content))).pages[0].extract_text()
    assert invoice.pdf_id == job.pdf_id is not None
    assert len(invoice.pdf_fingerprint) == 64
    assert "INV-00001" in text


@pytest.mark.parametrize("priority", Priority)
def test_whoever_clicked_does_not_wait_behind_bulk_once_the_pdf_is_there(
    tenant: Tenant, approved: Work, priority: Priority
) -> None:
    with tenant_scope(tenant):
        SyncJob.objects.update(priority=priority)
        OrganisationLane.objects.update(next_at=None, click_at=None)

    render_pdf(approved)

    with tenant_scope(tenant):
        lane = OrganisationLane.objects.get()
    assert lane.next_at is not None
    assert (lane.click_at is not None) == (priority == Priority.INTERACTIVE)


def test_same_content_is_not_rendered_again(tenant: Tenant, approved: Work) -> None:
    render_pdf(approved)
    before = stored(tenant)

    render_pdf(approved)

    assert stored(tenant) == before


def test_changed_content_is_rendered_anew(tenant: Tenant, approved: Work) -> None:
    render_pdf(approved)
    with tenant_scope(tenant):
        Customer.objects.update(name="Renamed Produce")

    render_pdf(approved)

    assert len(stored(tenant)) == 2
    with tenant_scope(tenant):
        assert Invoice.objects.get().pdf_id == SyncJob.objects.get().pdf_id


def test_what_changes_while_it_is_rendered_is_rendered_once_more(
    tenant: Tenant, approved: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = rendering.render_invoice

    def changing(view: InvoiceView) -> bytes:
        with tenant_scope(tenant):
            Customer.objects.update(name="Renamed Produce")
        return render(view)

    monkeypatch.setattr(rendering, "render_invoice", changing)

    assert isinstance(render_pdf(approved), Again)
    assert stored(tenant) == []
    assert render_pdf(approved) is None
    (content,) = stored(tenant)
    assert "Renamed Produce" in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def lengthen(tenant: Tenant, count: int) -> None:
    with tenant_scope(tenant):
        first = InvoiceLine.objects.get()
        InvoiceLine.objects.bulk_create(
            InvoiceLine(
                invoice_id=first.invoice_id, position=position, charge_code_id=first.charge_code_id, description="x",
                quantity=1, unit_price=0, tax_code_id=first.tax_code_id, tax_rate=10, net_amount=0, tax_amount=0,
            )
            for position in range(2, count + 1)
        )  # fmt: skip


def test_pdf_of_a_long_invoice_is_made_with_its_lines_behind_it(
    tenant: Tenant, approved: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed_invoice, "MOST_LINES", 3)
    lengthen(tenant, 5)

    assert render_pdf(approved) is None

    with tenant_scope(tenant):
        job = SyncJob.objects.get()
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(job.pdf.content))).pages)
    assert "Its 5 lines follow on pages of their own." in text
    assert "its lines, part 1 of 1" in text


def test_invoice_that_is_too_long_stops_its_job_and_says_why(
    tenant: Tenant, approved: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed_invoice, "MOST_APART", 4)
    lengthen(tenant, 5)

    assert render_pdf(approved) is None

    with tenant_scope(tenant):
        job = SyncJob.objects.get()
    assert (job.state, job.problem_code) == ("attention", "FB-601")
    assert job.problems[0]["words"] == {"reason": "It has more than 4 lines."}
    assert stored(tenant) == []
