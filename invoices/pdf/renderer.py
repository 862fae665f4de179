"""The only file that knows WeasyPrint. It is imported late: only the workers that render pay for it."""

import gc
import os
import re
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from traceback import clear_frames
from typing import Any
from xml.etree import ElementTree as ET

from django.template.loader import render_to_string

from freightbridge.environment import CHECKOUT
from freightbridge.pause_collection import pause_collection
from freightbridge.settle_memory import settle_memory
from invoices.pdf.invoice_view_model import InvoiceView, Paper, PrintedCharges
from invoices.pdf.lines_apart import parts_of_lines

FONTS = Path(__file__).parent / "fonts"
STYLE = CHECKOUT / "templates" / "pdf" / "invoice.css"
# Tagged, titled and with its language, as readers for the blind need it.
ACCESSIBLE = "pdf/ua-1"
# Pango, which lays out the text, keeps its fonts in lists that only one thread at a time may touch; a worker renders in
# two, by nudges and by sweeps. Whoever lets go of what Pango made touches them too, be it Python's collector.
_pango = threading.Lock()
# Characters that XML knows no way to write, nor any font to draw.
_unprintable = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def render_invoice(view: InvoiceView) -> bytes:
    """The same bytes for the same view. Nothing is fetched: no address inside a document is ever opened."""
    parts = parts_of_lines(view.lines_apart)
    if not parts:
        return _render("pdf/invoice.jinja", {"invoice": view}, view.paper, pdf_variant=ACCESSIBLE)
    # Of files that are put together only the first one's tags stay: so nothing is claimed of the whole.
    first = _render("pdf/invoice.jinja", {"invoice": view}, view.paper, pdf_tags=True)
    return _put_together(first, (_render_part(view, parts, number) for number in range(1, len(parts) + 1)))


def _render_part(view: InvoiceView, parts: Sequence[Sequence[PrintedCharges]], number: int) -> bytes:
    shown = {"invoice": view, "charges": parts[number - 1], "part": number, "parts": len(parts)}
    return _render("pdf/lines_apart.jinja", shown, view.paper)


def _put_together(first: bytes, others: Iterable[bytes]) -> bytes:
    from pypdf import PdfWriter  # noqa: PLC0415 only for long ones

    whole = PdfWriter(clone_from=BytesIO(first))
    for other in others:
        whole.append(BytesIO(other), import_outline=False)
    written = BytesIO()
    whole.write(written)
    return written.getvalue()


def _render(template: str, shown: dict[str, Any], paper: Paper, **options: Any) -> bytes:
    html = render_to_string(template, shown, using="jinja")
    with _pango, pause_collection():
        try:
            return _write_pdf(html, paper, **options)
        except BaseException as error:
            # A time limit, or memory that is not there: the frames would keep what they hold until after the lock.
            clear_frames(error.__traceback__)
            raise
        finally:
            # All of it is young, unless an import in the other thread has looked through the youngest meanwhile.
            gc.collect(1)


def _write_pdf(html: str, paper: Paper, **options: Any) -> bytes:
    page_class, fonts, styles = _tools()
    rendered: bytes = page_class(html).write_pdf(font_config=fonts, stylesheets=styles[paper], **options)
    return rendered


@cache
def _tools() -> tuple[Any, Any, dict[Paper, list[Any]]]:
    """
    Our kind of page, and one font configuration and parsed style for the process: a fresh configuration for each
    document leaks a quarter of a megabyte every time.
    """
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    import weasyprint  # noqa: PLC0415 slow to import, and only once the fonts are named
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 likewise

    fonts = FontConfiguration()
    style = weasyprint.CSS(filename=STYLE, font_config=fonts)
    papers = {paper: weasyprint.CSS(string=f"@page {{ size: {paper} }}", font_config=fonts) for paper in Paper}
    page_class = _page_class(weasyprint)
    settle_memory()
    return page_class, fonts, {paper: [style, size] for paper, size in papers.items()}


def _page_class(weasyprint: Any) -> Any:
    """
    WeasyPrint's document without what costs a tenth of the time and does nothing for ours: a parser of HTML written in
    Python, where our pages are XML too, and a style for every element that HTML has, whose rules for markers and
    footnotes make six styles more of each element. The same bytes come out.
    """
    no_fetching = weasyprint.urls.URLFetcher(allowed_protocols=("data",))

    class Page(weasyprint.HTML):
        def __init__(self, html: str) -> None:
            self.base_url, self.url_fetcher, self.media_type = None, no_fetching, "print"
            tree = ET.fromstring(_unprintable.sub("", html))  # noqa: S314 ours, every value escaped
            self.wrapper_element = weasyprint.cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
            self.etree_element = self.wrapper_element.etree_element

        def _ua_stylesheets(self, *_: Any) -> list[Any]:
            """What an element is, invoice.css says first of all."""
            return []

    return Page
