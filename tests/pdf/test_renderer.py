"""The PDF itself: readable, tagged, and made without opening any address."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from django.utils.safestring import SafeString
from pypdf import PdfReader

from freightbridge.observability.json_logging import logging_configuration
from invoices.pdf import lines_apart
from invoices.pdf.invoice_view_model import InvoiceView, Paper, PrintedCharges, PrintedParty
from invoices.pdf.renderer import render_invoice
from tests.gateway.scripted_server import Script, scripted_server
from tests.pdf.printed_samples import LINE, LOGO, SHIPMENT, VIEW, consolidated, view, with_lines

pytestmark = pytest.mark.pdf
SVG = "http://www.w3.org/2000/svg"
OURS = ("Inter", "Chinese", "Korean", "Arabic", "Hebrew")
SECRET = "the-content-of-a-secret-file"


def read(invoice: InvoiceView) -> PdfReader:
    return PdfReader(io.BytesIO(render_invoice(invoice)))


def structure(node: Any) -> Iterator[tuple[str, str]]:
    """Each tag of the tree with its alternative text."""
    for child in node.get("/K", []) if isinstance(node.get("/K"), list) else []:
        found = child.get_object()
        if isinstance(found, dict) and "/S" in found:
            yield str(found["/S"]), str(found.get("/Alt", ""))
            yield from structure(found)


def fonts_of(reader: PdfReader) -> set[str]:
    found: Any = [page["/Resources"]["/Font"] for page in reader.pages]  # type: ignore[index]
    return {str(font.get_object()["/BaseFont"]) for fonts in found for font in fonts.values()}


def text_of(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def attacks(url: str, secret: Path) -> str:
    """Each way in which a document can ask for something else, as XML: else it would be no page at all."""
    return "".join(
        [
            f'<img src="{url}/img"/>',
            f'<link rel="stylesheet" href="{url}/css"/>',
            f'<link rel="attachment" href="{secret.as_uri()}"/>',
            f'<a rel="attachment" href="{secret.as_uri()}">x</a>',
            f'<style>@import url("{url}/import"); @font-face {{ font-family: x; src: url({url}/font) }}',
            f"body {{ background: url({url}/background); font-family: x }}</style>",
            f'<object data="{url}/object"></object><embed src="{secret.as_uri()}"/>',
            f'<svg xmlns="{SVG}"><image href="{url}/svg"/></svg><iframe src="{secret.as_uri()}"></iframe>',
            f"<img src=\"data:image/svg+xml,&lt;svg xmlns='{SVG}'>&lt;image href='{url}/nested'/>&lt;/svg>\"/>",
        ]
    )


def everywhere(value: Any, text: str) -> Any:
    """The same value with `text` at the end of every text in it."""
    if isinstance(value, Paper):
        return value
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
        "AUSYD → NZAKL", "PO-7781", "Ocean freight", "1,250.00", "GST 10 % 1,250.00 125.00", "Amount due AUD 1,375.00",
        "In words: One thousand three hundred seventy-five Australian dollars", "BSB 082-001", "30 days net.",
        "ABN 51 824 753 556", "ABN 83 914 571 673", "Reference: INV-00042", "Page 1 of 1",
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


def test_file_says_that_it_is_accessible_and_every_table_and_picture_is_tagged() -> None:
    reader = read(consolidated(3))

    root: Any = reader.trailer["/Root"]
    tags = Counter(str(tag) for tag, _ in structure(root["/StructTreeRoot"]))
    alternatives = [text for tag, text in structure(root["/StructTreeRoot"]) if tag == "/Figure"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()
    assert alternatives == ["Logo of Acme Freight Pty Ltd"]
    assert (tags["/H1"], tags["/H2"] >= 4, tags["/Table"] >= 5) == (1, True, True)
    assert tags["/TH"] >= 5 + 3 + 5


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_page_has_the_size_of_its_paper(paper: Paper, size: tuple[int, int]) -> None:
    reader = read(with_lines(60, paper=paper))

    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {size}


def test_lines_of_a_long_invoice_follow_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_apart, "LINES_IN_PART", 3)
    apart = tuple(
        PrintedCharges(
            shipment=replace(SHIPMENT, number=f"DN-{shipment}"),
            lines=tuple(replace(LINE, description=f"Charge {shipment}-{number}") for number in (1, 2)),
            net="",
        )
        for shipment in (1, 2)
    )
    long = view(lines_apart=apart, notes=("Its 4 lines follow on pages of their own.",))

    content = render_invoice(long)

    reader = PdfReader(io.BytesIO(content))
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]
    words = ["DN-1", "DN-2", "Charge 1-1", "Charge 1-2", "Charge 2-1", "Charge 2-2", "part 1 of 2", "part 2 of 2"]
    assert [[word for word in words if word in page] for page in pages] == [
        [],
        ["DN-1", "DN-2", "Charge 1-1", "Charge 1-2", "Charge 2-1", "part 1 of 2"],
        ["DN-2", "Charge 2-2", "part 2 of 2"],
    ]
    assert "Its 4 lines follow" in pages[0]
    root: Any = reader.trailer["/Root"]
    assert root["/StructTreeRoot"]["/K"]
    assert "/Metadata" not in root or b"pdfuaid" not in root["/Metadata"].get_data()
    assert content == render_invoice(long)


def test_logo_is_printed_where_there_is_one() -> None:
    assert [len(page.images) for page in read(view(logo=LOGO)).pages] == [1]
    assert [len(page.images) for page in read(view(logo="")).pages] == [0]


def test_same_view_makes_the_same_bytes() -> None:
    assert render_invoice(VIEW) == render_invoice(VIEW)


def test_figures_are_of_one_width() -> None:
    lines = tuple(replace(LINE, net=net) for net in ("1,111.11", "8,888.88"))
    page = read(view(charges=(PrintedCharges(shipment=SHIPMENT, lines=lines, net=""),))).pages[0]
    begins: dict[str, float] = {}

    def note(text: str, _page: Any, at: Any, *_font: Any) -> None:
        begins[text.strip()] = at[4]

    page.extract_text(visitor_text=note)

    assert begins["1,111.11"] == begins["8,888.88"]


def test_font_is_our_own_and_embedded() -> None:
    fonts = fonts_of(read(VIEW))

    assert fonts
    assert all("Inter" in name and "+" in name for name in fonts)


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("上海国际货运代理有限公司", "Chinese"), ("日本通運株式会社", "Chinese"), ("한국해운", "Korean"),
        ("نقل", "Arabic"),
        ("נמלי חיפה", "Hebrew"), ("Ελληνική Ναυτιλία", "Inter"), ("Перевозчик", "Inter"),
    ],
)  # fmt: skip
def test_name_in_other_letters_is_printed_in_a_font_that_has_them(name: str, font: str) -> None:
    reader = read(view(customer=PrintedParty(name=name, lines=(), tax_number="")))

    assert any(font in one for one in fonts_of(reader))
    assert [one for one in fonts_of(reader) if not any(known in one for known in OURS)] == []
    assert name in text_of(reader)


def test_long_invoice_repeats_its_head_and_foot_on_every_page() -> None:
    reader = read(with_lines(120))

    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 2
    assert all("INV-00042" in page for page in pages)
    assert [f"Page {number} of {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    assert all("Description" in page for page in pages)
    assert sum(page.count("Ocean freight") for page in pages) == 120


def test_totals_never_stand_on_a_page_without_a_line() -> None:
    """However many lines there are: one of these lengths ends just where a page does."""
    for count in (16, 17, 18, 19, 20):
        last = read(with_lines(count)).pages[-1].extract_text()
        assert ("Amount due AUD" in last, "Ocean freight" in last) == (True, True), count


def test_consolidated_invoice_has_the_references_of_every_shipment_above_its_charges() -> None:
    text = text_of(read(consolidated(60)))

    assert "CHARGES OF 60 SHIPMENTS" in text.upper()
    assert [number for number in range(1, 61) if f"References: PO-{number:03}, AWB-{number:03}" not in text] == []
    assert text.count("Together 2,500.00") == 30
    assert text.count("Ocean freight") == 90


def test_heading_of_a_shipment_never_stands_at_the_foot_of_a_page() -> None:
    reader = read(consolidated(60))

    for page in reader.pages:
        assert page.extract_text().rfind("Ocean freight") > page.extract_text().rfind("References:")


def test_description_longer_than_a_page_is_printed_whole() -> None:
    words = [f"word{number:03}" for number in range(440)]
    reader = read(view(charges=(replace(VIEW.charges[0], lines=(replace(LINE, description=" ".join(words)),)),)))

    assert set(words) <= set(text_of(reader).split())


def test_terms_of_many_pages_are_printed_whole() -> None:
    clauses = tuple(f"Clause{number}. The carrier is liable for nothing. " for number in range(200))
    reader = read(view(terms=clauses))

    assert {clause.split(".")[0] for clause in clauses} <= set(re.findall(r"Clause\d+", text_of(reader)))


def test_tax_in_the_sellers_own_currency_stands_in_the_summary() -> None:
    totals = replace(VIEW.totals, base_tax=("Tax in AUD", "191.04"))

    assert "Tax in AUD 191.04" in text_of(read(view(currency="USD", totals=totals)))


def test_renderer_says_nothing_of_its_steps_to_the_log() -> None:
    levels = logging_configuration(is_readable=False)["loggers"]

    assert levels["weasyprint.progress"] == {"level": "WARNING"}
    assert "weasyprint" not in levels


@pytest.mark.parametrize(
    "text",
    [
        "Ümläut & Söhne",
        "5 < 7 > 3",
        "日本",
        "\u202etxt.exe",
        "{{ invoice.total }}",
        "{% debug %}",
        "a" * 500,
        "\x0b\x1f\uffff",
        "]]>",
    ],
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
        name = kind(attacks(server.url, secret))
        reader = read(everywhere(VIEW, str(name)) if kind is str else view(customer=everywhere(VIEW.customer, name)))

    raw = b"".join(str(reader.get_object(number)).encode() for number in range(1, reader.trailer["/Size"]))
    assert server.seen == []
    assert dict(reader.attachments) == {}
    assert SECRET not in text_of(reader)
    assert SECRET.encode() not in raw


def test_memory_stays_flat_over_many_documents() -> None:
    """A font configuration for each document would leak a quarter of a megabyte every time."""
    small = view(shipment=None, facts=(), bank_details=(), terms=())
    for _ in range(20):
        render_invoice(small)
    before = _resident_megabytes()

    for _ in range(60):
        render_invoice(small)

    assert _resident_megabytes() - before < 6


def _resident_megabytes() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("This system does not tell how much memory a process holds.")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024
