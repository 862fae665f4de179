"""The only file that knows WeasyPrint. It is imported late: only the workers that render pay for it."""

import gc
import os
from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from freightbridge.environment import CHECKOUT
from invoices.pdf.invoice_view_model import InvoiceView, Paper, PrintedCharges
from invoices.pdf.lines_apart import parts_of_lines

FONTS = Path(__file__).parent / "fonts"
STYLE = CHECKOUT / "templates" / "pdf" / "invoice.css"
# Tagged, titled and with its language, as readers for the blind need it.
ACCESSIBLE = "pdf/ua-1"


def render_invoice(view: InvoiceView) -> bytes:
    """The same bytes for the same view. Nothing is fetched: no address inside a document is ever opened."""
    parts = parts_of_lines(view.lines_apart)
    if not parts:
        return _render("pdf/invoice.html", {"invoice": view}, view.paper, pdf_variant=ACCESSIBLE)
    # Of files that are put together only the first one's tags stay: so nothing is claimed of the whole.
    first = _render("pdf/invoice.html", {"invoice": view}, view.paper, pdf_tags=True)
    return _put_together(first, (_render_part(view, parts, number) for number in range(1, len(parts) + 1)))


def _render_part(view: InvoiceView, parts: Sequence[Sequence[PrintedCharges]], number: int) -> bytes:
    shown = {"invoice": view, "charges": parts[number - 1], "part": number, "parts": len(parts)}
    return _render("pdf/lines_apart.html", shown, view.paper)


def _put_together(first: bytes, others: Iterable[bytes]) -> bytes:
    from pypdf import PdfWriter  # noqa: PLC0415 only for long ones

    whole = PdfWriter(clone_from=BytesIO(first))
    for other in others:
        whole.append(BytesIO(other), import_outline=False)
    written = BytesIO()
    whole.write(written)
    return written.getvalue()


def _render(template: str, shown: dict[str, Any], paper: Paper, **options: Any) -> bytes:
    weasyprint, fonts, styles = _tools()
    document = weasyprint.HTML(string=render_to_string(template, shown), url_fetcher=_no_fetching())
    rendered: bytes = document.write_pdf(font_config=fonts, stylesheets=styles[paper], **options)
    return rendered


@cache
def _tools() -> tuple[Any, Any, dict[Paper, list[Any]]]:
    """
    The library, and one font configuration and parsed style for the process: a fresh configuration for each
    document leaks a quarter of a megabyte every time.
    """
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    import weasyprint  # noqa: PLC0415 slow to import, and only once the fonts are named
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 likewise

    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=STYLE, font_config=fonts)
    papers = {paper: weasyprint.CSS(string=f"@page {{ size: {paper} }}", font_config=fonts) for paper in Paper}
    # What stands by now stands until the process ends: the collector need not look at it with each document.
    gc.collect()
    gc.freeze()
    return weasyprint, fonts, {paper: [style, size] for paper, size in papers.items()}


@cache
def _no_fetching() -> Any:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 slow to import

    return URLFetcher(allowed_protocols=("data",))
