"""An invoice ready to be printed, as tests of the PDF need it."""

from dataclasses import replace
from typing import Any

from invoices.pdf.invoice_view_model import InvoiceView, PrintedLine, PrintedParty, PrintedShipment, PrintedTax

LINE = PrintedLine(
    description="Ocean freight",
    shipment="",
    quantity="1",
    unit_price="1,250.00",
    discount="",
    tax="10 %",
    net="1,250.00",
)
VIEW = InvoiceView(
    title="Tax invoice", number="INV-00042",
    seller=PrintedParty(name="Acme Freight Pty Ltd", lines=("1 Wharf Road", "Sydney"), tax_number="ABN 51 824 753 556"),
    seller_contact="billing@acme.example",
    customer=PrintedParty(name="Murray River Produce", lines=("Mildura",), tax_number=""),
    facts=(("Date", "2 Mar 2026"), ("Due", "1 Apr 2026")),
    shipments=(PrintedShipment(number="DN-304", route="AUSYD → NZAKL", details="Sea · FOB", references="PO-7781"),),
    lines=(LINE,), has_discounts=False, taxes=(PrintedTax(name="GST (10 %)", net="1,250.00", tax="125.00"),),
    currency="AUD", net_total="1,250.00", tax_total="125.00", total="1,375.00",
    bank_details=("BSB 082-001", "Account 12-345-678"), terms=("30 days net.",),
)  # fmt: skip


def view(**changes: Any) -> InvoiceView:
    return replace(VIEW, **changes)
