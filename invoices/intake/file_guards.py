"""Looks at the first bytes of a file, before anything opens it."""

from dataclasses import dataclass
from enum import StrEnum

from invoices.intake.edi.read_messages import holds_messages
from invoices.intake.source_table import LARGEST_FILE, UnreadableFileError
from invoices.intake.zip_guard import check_workbook

WANTED = "Upload the shipments as CSV or as an Excel workbook (.xlsx)."
SAVE_AS_XLSX = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and upload that."
MEGABYTE = 1024 * 1024
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
LOOKED_AT = 1024
# How files of other kinds begin, and what to tell their owners.
STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"This is a PDF. {WANTED}"),
    (b"\x89PNG", f"This is a picture. {WANTED}"),
    (b"\xff\xd8\xff", f"This is a picture. {WANTED}"),
    (b"GIF8", f"This is a picture. {WANTED}"),
    (b"BM", f"This is a picture. {WANTED}"),
    (b"II*\x00", f"This is a picture. {WANTED}"),
    (b"RIFF", f"This is a picture or a recording. {WANTED}"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        f"This is an Excel file of the old kind (.xls), or one with a password. {SAVE_AS_XLSX}",
    ),
    (b"\x1f\x8b", f"This file is packed (gzip). Unpack it first. {WANTED}"),
    (b"7z\xbc\xaf", f"This file is packed (7-Zip). Unpack it first. {WANTED}"),
    (b"Rar!", f"This file is packed (RAR). Unpack it first. {WANTED}"),
    (b"MZ", f"This is a program. {WANTED}"),
    (b"\x7fELF", f"This is a program. {WANTED}"),
    (b"{\\rtf", f"This is a text document. {WANTED}"),
)
MARKUP = "This is a web page or XML, whatever its name says. Of XML, CargoWise's Universal XML can be read."


class FileKind(StrEnum):
    TEXT = "text"
    WORKBOOK = "workbook"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    kind: FileKind
    notes: tuple[str, ...] = ()


def check_file(content: bytes) -> CheckedFile:
    """
    Milliseconds for text; a workbook is unpacked once, in pieces, to be measured.

    Raises UnreadableFileError.
    """
    if not content:
        raise UnreadableFileError("The file is empty (0 bytes). Export it again and upload the new one.")
    if len(content) > LARGEST_FILE:
        size = len(content) / MEGABYTE
        raise UnreadableFileError(
            f"The file has {size:.1f} MB; up to {LARGEST_FILE // MEGABYTE} MB can be uploaded. Split it into several."
        )
    if content.startswith((ZIP, EMPTY_ZIP)):
        return CheckedFile(FileKind.WORKBOOK, check_workbook(content))
    if holds_messages(content):
        return CheckedFile(FileKind.MESSAGES)
    _refuse_strangers(content)
    return CheckedFile(FileKind.TEXT)


def _refuse_strangers(content: bytes) -> None:
    for beginning, sentence in STRANGERS:
        if content.startswith(beginning) and not _reads_as_text(content, beginning):
            raise UnreadableFileError(sentence)
    if content.startswith(BOMS[1:]):
        return
    start = content.removeprefix(BOMS[0])[:LOOKED_AT].lstrip()
    if start.startswith(b"<"):
        raise UnreadableFileError(f"{MARKUP} {SAVE_AS_XLSX}")
    if start.startswith((b"{", b"[{")):
        raise UnreadableFileError(f"This is JSON. {WANTED}")
    if b"\0" in content:
        raise UnreadableFileError(f"The file holds binary data (zero bytes), so it is no text. {WANTED}")


def _reads_as_text(content: bytes, beginning: bytes) -> bool:
    """A header may begin with the letters of BM, MZ or RIFF; what follows tells."""
    is_letters = beginning.isalpha()
    return is_letters and not any(byte < ord("\t") for byte in content[:LOOKED_AT])
