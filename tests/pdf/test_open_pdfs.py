"""What proves of a thousand stored PDFs that each can be opened and is the right one."""

import io

import pytest
from pypdf import PdfWriter

from invoices.demo.open_pdfs import are_named
from invoices.pdf.renderer import render_invoice
from tests.pdf.printed_samples import VIEW

pytestmark = pytest.mark.pdf


def without_words() -> bytes:
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=100, height=100)
    writer.write(written)
    return written.getvalue()


def test_each_is_told_in_its_place() -> None:
    content = render_invoice(VIEW)
    asked = [
        (content, VIEW.number),
        (content, "another number"),
        (b"no PDF", VIEW.number),
        (b"", VIEW.number),
        (content[: len(content) // 2], VIEW.number),
        (without_words(), VIEW.number),
        (content, VIEW.number),
    ]

    assert are_named(asked) == [True, False, False, False, False, False, True]
