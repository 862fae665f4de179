"""
An invoice's PDF as it is written first: a rich page, whole web fonts as woff2, nothing kept from document to document.

It has a process of its own: the fonts that it leaves behind with each document would slow down whoever is beside it.
"""

import logging
import pickle
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import django
from django.template import Context, Engine
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2FlavorData

from invoices.pdf.invoice_view_model import InvoiceView
from invoices.pdf.renderer import FONTS
from tests.pdf.pictures import picture

PAGE = Path(__file__).parent / "naive_invoice.html"
WEIGHTS = {400: "Inter_400Regular", 600: "Inter_600SemiBold", 700: "Inter_700Bold"}
LOGO_SIZE = (600, 180)


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
    Without woff2's own encoding of outlines: to undo that in Python would take longer than the whole document, and
    whoever sees it takes another file of the font.
    """
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    font: Any = TTFont(FONTS / f"{name}.ttf")
    font.flavor = "woff2"
    font.flavorData = WOFF2FlavorData(transformedTables=[])
    path = folder / f"{name}.woff2"
    font.save(path)
    return path


class NaiveProcess:
    """Renders these views when it is told to. A context."""

    def __init__(self, views: Sequence[InvoiceView], folder: Path) -> None:
        kept = folder / "views"
        kept.write_bytes(pickle.dumps(list(views)))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.naive_pdf", str(kept)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def render(self, number: int) -> float:
        """How many milliseconds it took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{number}\n")
        return float(self._process.stdout.readline())


def serve(views: Sequence[InvoiceView]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        naive = NaivePdf(Path(folder))
        naive.render(views[0])
        for line in sys.stdin:
            began = time.perf_counter()
            naive.render(views[int(line)])
            sys.stdout.write(f"{1000 * (time.perf_counter() - began)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    django.setup()
    serve(pickle.loads(Path(sys.argv[1]).read_bytes()))  # noqa: S301 written by the benchmark itself
