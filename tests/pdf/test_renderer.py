"""The PDF itself: readable, tagged, and made without opening any address."""

import io
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from django.utils.safestring import SafeString
from pypdf import PdfReader

from invoices.pdf.invoice_view_model import InvoiceView, PrintedParty
from invoices.pdf.renderer import render_invoice
from tests.gateway.scripted_server import Script, scripted_server
from tests.pdf.printed_samples import LINE, VIEW, view

pytestmark = pytest.mark.pdf
SVG = "http://www.w3.org/2000/svg"
SECRET = "the-content-of-a-secret-file"


def read(invoice: InvoiceView) -> PdfReader:
    return PdfReader(io.BytesIO(render_invoice(invoice)))


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def attacks(url: str, secret: Path) -> str:
    """Each way in which a document can ask for something else."""
    return "".join(
        [
            f'<img src="{url}/img">',
            f'<link rel="stylesheet" href="{url}/css">',
            f'<link rel="attachment" href="{secret.as_uri()}">',
            f'<a rel="attachment" href="{secret.as_uri()}">x</a>',
            f'<style>@import url("{url}/import"); @font-face {{ font-family: x; src: url({url}/font) }}',
            f"body {{ background: url({url}/background); font-family: x }}</style>",
            f'<object data="{url}/object"></object><embed src="{secret.as_uri()}">',
            f'<svg><image href="{url}/svg"/></svg><iframe src="{secret.as_uri()}"></iframe>',
            f"<img src=\"data:image/svg+xml,<svg xmlns='{SVG}'><image href='{url}/nested'/></svg>\">",
        ]
    )


def everywhere(value: Any, text: str) -> Any:
    """The same value with `text` at the end of every text in it."""
    if isinstance(value, str):
        return type(text)(value + text) if isinstance(text, SafeString) else value + text
    if isinstance(value, tuple):
        return tuple(everywhere(one, text) for one in value)
    if hasattr(value, "__dataclass_fields__"):
        return replace(value, **{field.name: everywhere(getattr(value, field.name), text) for field in fields(value)})
    return value


def test_invoice_can_be_opened_and_read() -> None:
    reader = read(VIEW)

    text = text_of(reader)
    expected = [
        "Acme Freight Pty Ltd", "Tax invoice", "INV-00042", "Murray River Produce", "2 Mar 2026", "DN-304",
        "AUSYD → NZAKL", "PO-7781", "Ocean freight", "1,250.00", "GST (10 %)", "125.00", "Total AUD 1,375.00",
        "BSB 082-001", "30 days net.",
    ]  # fmt: skip
    assert [one for one in expected if one not in text] == []
    assert len(reader.pages) == 1


def test_file_is_tagged_and_says_its_language_and_title() -> None:
    reader = read(VIEW)

    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Tax invoice INV-00042", "Acme Freight Pty Ltd")


def test_font_is_our_own_and_embedded() -> None:
    reader = read(VIEW)

    resources: Any = reader.pages[0]["/Resources"]
    fonts = {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
    assert fonts
    assert all("Inter" in name and "+" in name for name in fonts)


def test_long_invoice_repeats_its_head_and_foot_on_every_page() -> None:
    reader = read(view(lines=(LINE,) * 120))

    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 2
    assert all("INV-00042" in page for page in pages)
    assert sum(page.count("Ocean freight") for page in pages) == 120


@pytest.mark.parametrize(
    "text", ["Ümläut & Söhne", "5 < 7 > 3", "日本", "\u202etxt.exe", "{{ invoice.total }}", "{% debug %}", "a" * 500]
)
def test_any_text_can_be_printed(text: str) -> None:
    reader = read(everywhere(VIEW, text))

    assert len(reader.pages) >= 1


def test_text_is_printed_as_it_stands_and_not_as_html() -> None:
    customer = PrintedParty(name="<b>Bold</b> & <script>alert(1)</script>", lines=(), tax_number="")

    assert "<b>Bold</b> & <script>alert(1)</script>" in text_of(read(view(customer=customer)))


@pytest.mark.parametrize("kind", [str, SafeString], ids=["as data", "as if the escaping had a hole"])
def test_no_address_inside_a_document_is_opened(tmp_path: Path, kind: type[str]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    with scripted_server(Script()) as server:
        reader = read(everywhere(VIEW, kind(attacks(server.url, secret))))

    raw = b"".join(str(reader.get_object(number)).encode() for number in range(1, reader.trailer["/Size"]))
    assert server.seen == []
    assert dict(reader.attachments) == {}
    assert SECRET not in text_of(reader)
    assert SECRET.encode() not in raw


def test_memory_stays_flat_over_many_documents() -> None:
    """A font configuration for each document would leak a quarter of a megabyte every time."""
    small = view(shipments=(), facts=(), bank_details=(), terms=())
    for _ in range(20):
        render_invoice(small)
    before = _resident_megabytes()

    for _ in range(200):
        render_invoice(small)

    assert _resident_megabytes() - before < 20


def _resident_megabytes() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("This system does not tell how much memory a process holds.")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
