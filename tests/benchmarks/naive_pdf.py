"""An invoice's PDF as it is written first: a rich page, web fonts as woff2, nothing kept from document to document."""

import logging
from base64 import b64encode
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2FlavorData

from invoices.pdf.invoice_view_model import InvoiceView
from invoices.pdf.renderer import FONTS
from tests.pdf.pictures import picture

PAGE = Path(__file__).parent / "naive_invoice.html"
WEIGHTS = {400: "Inter_400Regular", 600: "Inter_600SemiBold", 700: "Inter_700Bold"}
LOGO_SIZE = (600, 180)
# Of a font as it is served to pages of Western Europe.
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x2013, 0x2014, 0x2018, 0x2019, 0x2022, 0x2026, 0x20AC, 0x2192]


class NaivePdf:
    """`folder`: where the web fonts are kept meanwhile, which are those of the product packed as woff2."""

    def __init__(self, folder: Path) -> None:
        self._template = Engine().from_string(PAGE.read_text())
        self._fonts = [(weight, _packed(name, folder).as_uri()) for weight, name in WEIGHTS.items()]
        self._logo = f"data:image/png;base64,{b64encode(picture(LOGO_SIZE, mode='RGBA')).decode()}"

    def render(self, view: InvoiceView) -> bytes:
        import weasyprint  # noqa: PLC0415 the renderer has named the fonts by then

        html = self._template.render(Context({"invoice": view, "fonts": self._fonts, "logo": self._logo}))
        rendered: bytes = weasyprint.HTML(string=html).write_pdf()
        return rendered


def _packed(name: str, folder: Path) -> Path:
    """
    Latin only, and without woff2's own encoding of outlines: to undo that in Python would take longer than the whole
    document, and whoever sees it takes another file of the font.
    """
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font: Any = TTFont(FONTS / f"{name}.ttf")
    subsetter = Subsetter(Options())
    subsetter.populate(unicodes=LATIN)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.flavorData = WOFF2FlavorData(transformedTables=[])
    path = folder / f"{name}.woff2"
    font.save(path)
    return path
