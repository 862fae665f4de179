"""An invoice ready to be printed, as tests of the PDF need it."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

from invoices.pdf.clean_logo import clean_logo
from invoices.pdf.invoice_view_model import (
    InvoiceView,
    Paper,
    PrintedCharges,
    PrintedLine,
    PrintedParty,
    PrintedShipment,
    PrintedTax,
    PrintedTotals,
)
from tests.pdf.pictures import picture

LOGO = f"data:image/png;base64,{b64encode(clean_logo(picture()).content).decode()}"
LINE = PrintedLine(
    description="Ocean freight", quantity="1", unit_price="1,250.00", discount="", tax="10 %", net="1,250.00"
)
SHIPMENT = PrintedShipment(number="DN-304", route="AUSYD → NZAKL", details="Sea · FOB", references="PO-7781")
TOTALS = PrintedTotals(
    net="1,250.00", tax="125.00", total="1,375.00", due_words="Amount due",
    in_words="One thousand three hundred seventy-five Australian dollars", base_tax=None,
)  # fmt: skip
VIEW = InvoiceView(
    title="Tax invoice", number="INV-00042", paper=Paper.A4, logo=LOGO,
    seller=PrintedParty(name="Acme Freight Pty Ltd", lines=("1 Wharf Road", "Sydney"), tax_number="ABN 51 824 753 556"),
    seller_contact="billing@acme.example", customer_words="Bill to",
    customer=PrintedParty(name="Murray River Produce", lines=("Mildura",), tax_number="ABN 83 914 571 673"),
    facts=(("Date", "2 Mar 2026"), ("Due", "1 Apr 2026")),
    shipment=SHIPMENT, shipment_count=1, charges=(PrintedCharges(shipment=SHIPMENT, lines=(LINE,), net=""),),
    has_discounts=False, taxes=(PrintedTax(name="GST", rate="10 %", net="1,250.00", tax="125.00"),),
    currency="AUD", totals=TOTALS, notes=(),
    bank_details=("BSB 082-001", "Account 12-345-678"), terms=("30 days net.",),
)  # fmt: skip


def view(**changes: Any) -> InvoiceView:
    return replace(VIEW, **changes)


def with_lines(count: int, **changes: Any) -> InvoiceView:
    return view(charges=(PrintedCharges(shipment=SHIPMENT, lines=(LINE,) * count, net=""),), **changes)


def consolidated(count: int) -> InvoiceView:
    """One invoice of many shipments, each with references of its own."""
    several = [
        PrintedCharges(
            shipment=replace(SHIPMENT, number=f"DN-{number:03}", references=f"PO-{number:03}, AWB-{number:03}"),
            lines=(LINE,) * (1 + number % 2),
            net="2,500.00" if number % 2 else "",
        )
        for number in range(1, count + 1)
    ]
    return view(shipment=None, shipment_count=count, charges=tuple(several))
