"""Measures a workbook without opening it: a workbook is a ZIP archive, and archives can be made to explode."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from invoices.intake.source_table import UnreadableFileError

MOST_ENTRIES = 500
LARGEST_UNPACKED = 100 * 1024 * 1024
HIGHEST_RATIO = 200
# Below this an entry may be as repetitive as it likes.
SMALL_ENTRY = 1024 * 1024
PIECE = 1024 * 1024
# Longer than anything that is looked for.
OVERLAP = 100
IS_ENCRYPTED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
DRIVE = re.compile(r"[A-Za-z]:")
SAVE_AGAIN = "Open it in Excel, save it as Excel Workbook (.xlsx) and upload that."
DAMAGED = f"The workbook is damaged or was cut off on its way. {SAVE_AGAIN}"
TOO_LARGE = (
    "The workbook unpacks to more than can be read here. Copy the cells with shipments into a new workbook, "
    "or save the sheet as CSV, and upload that."
)
NOT_A_WORKBOOK = "This is a ZIP archive, but no Excel workbook. Upload the shipments as CSV or as .xlsx, not packed."
DISGUISED = "The workbook's inner files are not those of an Excel workbook."
# Kinds of office file, told by an entry that only they have.
OTHER_KINDS = (
    ("word/document.xml", "This is a Word document. Upload the shipments as CSV or as an Excel workbook (.xlsx)."),
    ("ppt/presentation.xml", "This is a presentation. Upload the shipments as CSV or as an Excel workbook (.xlsx)."),
    ("xl/workbook.bin", f"This is a binary workbook (.xlsb). {SAVE_AGAIN}"),
    ("content.xml", f"This is an OpenDocument file. {SAVE_AGAIN}"),
)
PICTURES = "xl/media/"
SHEETS = "xl/worksheets/"
ERROR_CELL = re.compile(rb'<c [^>]*\bt="e"')
FORMULA_WITHOUT_RESULT = re.compile(rb"</f></c>")
ERROR_CELLS = "Some cells hold an error such as #REF!. They count as empty."
NO_RESULTS = (
    "Some formulas have no stored result, so they count as empty: open the workbook in Excel, save it, upload it."
)
BROKEN_ARCHIVE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError,
)  # fmt: skip


def check_workbook(content: bytes) -> tuple[str, ...]:
    """
    What a person should know of its cells, such as formulas without a result.

    Every entry is unpacked once, a piece at a time, since an archive may lie about sizes. Raises UnreadableFileError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_entries(archive.infolist(), packed=len(content))
            _check_kind({entry.filename for entry in archive.infolist()})
            notes = [note for entry in archive.infolist() for note in _check_content(archive, entry)]
    except BROKEN_ARCHIVE as error:
        raise UnreadableFileError(DAMAGED) from error
    return tuple(dict.fromkeys(notes))


def _check_entries(entries: list[zipfile.ZipInfo], *, packed: int) -> None:
    if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
        raise UnreadableFileError(f"The workbook has a password. Take the password off. {SAVE_AGAIN}")
    if any(entry.compress_type not in METHODS for entry in entries):
        raise UnreadableFileError(DAMAGED)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED:
        raise UnreadableFileError(TOO_LARGE)
    if unpacked > SMALL_ENTRY and unpacked > HIGHEST_RATIO * packed:
        raise UnreadableFileError(TOO_LARGE)
    if any(_is_bomb(entry) for entry in entries):
        raise UnreadableFileError(TOO_LARGE)
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names) or any(_leads_outside(name) for name in names):
        raise UnreadableFileError(f"{DISGUISED} {SAVE_AGAIN}")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > SMALL_ENTRY and entry.file_size > HIGHEST_RATIO * entry.compress_size


def _leads_outside(name: str) -> bool:
    is_absolute = name.startswith(("/", "\\")) or DRIVE.match(name) is not None
    return is_absolute or ".." in re.split(r"[/\\]", name)


def _check_kind(names: set[str]) -> None:
    for entry, sentence in OTHER_KINDS:
        if entry in names:
            raise UnreadableFileError(sentence)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableFileError(f"The workbook contains macros. {SAVE_AGAIN}")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise UnreadableFileError(NOT_A_WORKBOOK)


def _check_content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[str]:
    """The end of each piece is looked at again with the next: a word may stand across the border."""
    rest = b""
    for piece in _pieces(archive, entry):
        window = rest + piece
        if not entry.filename.startswith(PICTURES) and any(doctype in window for doctype in DOCTYPES):
            raise UnreadableFileError(f"{DISGUISED} {SAVE_AGAIN}")
        if entry.filename.startswith(SHEETS):
            yield from _notes(window)
        rest = window[-OVERLAP:]


def _notes(window: bytes) -> Iterator[str]:
    if ERROR_CELL.search(window):
        yield ERROR_CELLS
    if FORMULA_WITHOUT_RESULT.search(window):
        yield NO_RESULTS


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as stream:
        while piece := stream.read(PIECE):
            yield piece
