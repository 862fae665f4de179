"""What tests of uploads do: bring a file in, let a worker check it, confirm it, let a worker import it."""

from typing import Any

from freightbridge.access.models import User
from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from invoices.models import Shipment, Upload
from invoices.workflows.import_upload import start_import
from invoices.workflows.receive_upload import receive_upload
from tests.conftest import make_member
from tests.freight_factories import BillingEntityFactory, ChargeCodeFactory, TaxCodeFactory
from tests.intake.planned_files import csv_file

USUAL = {
    "Shipment Number": "S-1",
    "Customer Code": "BLUE",
    "Customer Name": "Blue Ltd",
    "Incoterm": "FOB",
    "Value of Goods": "5000",
    "Currency": "AUD",
    "Charge Code": "FRT",
    "Quantity": "1",
    "Unit Price": "100",
}
CODES = ("FRT", "THC", "OFR", "AFR", "RFR", "CUS", "DOC", "FSC", "INS", "PICKING", "STORAGE")


def company(tenant: Tenant, *, currency: str = "AUD") -> User:
    """With all that an invoice needs but Xero; the person who uploads."""
    person = make_member(tenant, "operator")
    with tenant_scope(tenant):
        BillingEntityFactory(base_currency=currency)
        tax = TaxCodeFactory()
        for code in CODES:
            ChargeCodeFactory(code=code, name=code.title(), sales_tax_code=tax, purchase_tax_code=tax)
    return person


def line(number: str, code: str = "FRT", price: str = "100", **cells: str) -> list[str]:
    """The usual row, but for these cells: `Customer_Code` is the column “Customer Code”."""
    own = {"Shipment Number": number, "Charge Code": code, "Unit Price": price}
    return list({**USUAL, **own, **{name.replace("_", " "): cell for name, cell in cells.items()}}.values())


def jobs(*lines: list[str]) -> bytes:
    return csv_file(list(USUAL), *lines)


def run(*queues: Queue) -> None:
    """As a worker would, until nothing is due."""
    for queue in queues:
        while run_due(queue, seconds=60):
            pass


def check(tenant: Tenant, content: bytes, *, by: User, file_name: str = "jobs.csv") -> Upload:
    """Received, matched by itself, checked."""
    with tenant_scope(tenant):
        upload = receive_upload(content, file_name=file_name, by=by, now=read_clock())
    run(Queue.INTERACTIVE)
    return fresh(tenant, upload)


def take_in(tenant: Tenant, content: bytes, *, by: User) -> Upload:
    """Checked, confirmed, imported."""
    upload = check(tenant, content, by=by)
    with tenant_scope(tenant):
        start_import(upload, by=by, now=read_clock())
    run(Queue.BULK)
    return fresh(tenant, upload)


def fresh(tenant: Tenant, upload: Upload) -> Upload:
    with tenant_scope(tenant):
        return Upload.objects.select_related("file").get(pk=upload.pk)


def report(tenant: Tenant, upload: Upload) -> list[tuple[int, str, str, list[str]]]:
    """Row, shipment, outcome, what was said."""
    with tenant_scope(tenant):
        rows = list(upload.rows.order_by("row_number"))
    return [(row.row_number, row.shipment_number, row.outcome, [said["text"] for said in row.remarks]) for row in rows]


def shipment(tenant: Tenant, number: str, *fields: str) -> dict[str, Any]:
    with tenant_scope(tenant):
        return Shipment.objects.values(*fields).get(number=number)
