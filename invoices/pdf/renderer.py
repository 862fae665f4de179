"""The only file that knows WeasyPrint. It is imported late: only the workers that render pay for it."""

import gc
import os
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from freightbridge.environment import CHECKOUT
from invoices.pdf.invoice_view_model import InvoiceView, Paper

FONTS = Path(__file__).parent / "fonts"
STYLE = CHECKOUT / "templates" / "pdf" / "invoice.css"
# Tagged, titled and with its language, as readers for the blind need it.
ACCESSIBLE = "pdf/ua-1"


def render_invoice(view: InvoiceView) -> bytes:
    """The same bytes for the same view. Nothing is fetched: no address inside a document is ever opened."""
    weasyprint, fonts, styles = _tools()
    html = render_to_string("pdf/invoice.html", {"invoice": view})
    document = weasyprint.HTML(string=html, url_fetcher=_no_fetching())
    rendered: bytes = document.write_pdf(font_config=fonts, stylesheets=styles[view.paper], pdf_variant=ACCESSIBLE)
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
