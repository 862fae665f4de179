"""A document as a one-page PDF, drawn by hand: enough to be opened, printed and told from others.

Xero answers PDF where Accept asks for application/pdf (developer.xero.com/documentation/api/accounting/invoices).
"""

from typing import Any

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.wire.http_messages import Answer

TITLES = {
    "ACCREC": "TAX INVOICE",
    "ACCPAY": "BILL",
    "ACCRECCREDIT": "CREDIT NOTE",
    "ACCPAYCREDIT": "SUPPLIER CREDIT NOTE",
    "QUOTE": "QUOTE",
}
FONTS = b"<< /Font << /F1 5 0 R >> >>"
TOP, LEFT, LEADING, MOST_LINES, WIDEST = 790, 50, 16, 45, 95


def pdf_answer(document: Any, books: CompanyBooks) -> Answer:
    headers = (
        ("Content-Type", "application/pdf"),
        ("Content-Disposition", f'inline; filename="{document.number or document.document_id}.pdf"'),
    )
    return Answer(status=200, headers=headers, body=drawn(_words(document, books)))


def drawn(lines: list[str]) -> bytes:
    """One A4 page of Helvetica."""
    text = "\n".join(f"({_escaped(line[:WIDEST])}) Tj T*" for line in lines[:MOST_LINES])
    stream = f"BT /F1 11 Tf {LEADING} TL {LEFT} {TOP} Td\n{text}\nET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % FONTS,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    body = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    size = len(objects) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(body)


def _words(document: Any, books: CompanyBooks) -> list[str]:
    contact: Contact = books.find(Contact, document.contact_id)
    lines = [
        f"{books.organisation.name} - Xero sandbox, not Xero",
        "",
        f"{TITLES[document.type]} {document.number}",
        f"To: {contact.name}",
        f"Date: {document.document_date.isoformat()}    Reference: {document.reference}",
        "",
    ]
    for line in document.lines:
        first = line.description.splitlines()[0] if line.description else ""
        amount = f"{line.line_amount:,.2f}" if line.line_amount is not None else ""
        lines.append(f"{first[:70]}    {amount}")
    return [
        *lines,
        "",
        f"Subtotal {document.sub_total:,.2f}",
        f"Tax {document.total_tax:,.2f}",
        f"Total {document.currency_code} {document.total:,.2f}",
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
