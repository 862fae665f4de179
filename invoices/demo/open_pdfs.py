"""Opens many PDFs as a person's program would, in as many processes as there are cores: to read one takes 50 ms."""

import io
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from pypdf import PdfReader
from pypdf.errors import PyPdfError

AT_ONCE = 20


def are_named(pdfs: Sequence[tuple[bytes, str]]) -> list[bool]:
    """Of each whether it opens, and its first page says the words beside it. The caller's connections stay his own."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as readers:
        return list(readers.map(_is_named, pdfs, chunksize=AT_ONCE))


def _is_named(pdf: tuple[bytes, str]) -> bool:
    content, words = pdf
    try:
        return words in PdfReader(io.BytesIO(content)).pages[0].extract_text()
    except PyPdfError:
        return False
