"""Bytes become text: UTF-8, UTF-16 with its mark, else Western Windows, which is said."""

import re
from dataclasses import dataclass

from invoices.intake.source_table import UnreadableFileError

SAVE_AS_UTF8 = "In Excel choose Save As, CSV UTF-8, and upload that."
WINDOWS_NOTE = (
    "The file is not in UTF-8; it was read as Western European (Windows-1252). "
    f"If letters with accents look wrong, save it again: {SAVE_AS_UTF8[0].lower()}{SAVE_AS_UTF8[1:]}"
)
# A letter beyond ASCII as UTF-8 writes it.
UTF8_LETTER = re.compile(rb"[\xc3-\xf4][\x80-\xbf]{1,3}")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
# One such character in so many is a slip, more is no text.
CHARACTERS_PER_CONTROL = 1000


@dataclass(frozen=True, slots=True)
class DecodedText:
    text: str
    notes: tuple[str, ...] = ()


def decode_text(content: bytes) -> DecodedText:
    """Raises UnreadableFileError."""
    decoded = _decode(content)
    if len(CONTROL.findall(decoded.text)) * CHARACTERS_PER_CONTROL > len(decoded.text):
        raise UnreadableFileError(
            "The file holds binary data, so it is no CSV. Upload CSV or an Excel workbook (.xlsx)."
        )
    return decoded


def _decode(content: bytes) -> DecodedText:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return DecodedText(_decode_utf16(content))
    try:
        return DecodedText(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        _refuse_mixture(content, error)
    try:
        return DecodedText(content.decode("cp1252"), (WINDOWS_NOTE,))
    except UnicodeDecodeError as error:
        line = _line_of(content, error.start)
        raise UnreadableFileError(f"Line {line} is in no encoding that can be told. {SAVE_AS_UTF8}") from error


def _decode_utf16(content: bytes) -> str:
    try:
        text = content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"The file says it is UTF-16 but is not, or was cut off. {SAVE_AS_UTF8}") from error
    if "\0" in text:
        raise UnreadableFileError(f"The file holds binary data (zero bytes). {SAVE_AS_UTF8}")
    return text


def _refuse_mixture(content: bytes, error: UnicodeDecodeError) -> None:
    """Both encodings in one file: read as either, letters would come out wrong without anybody noticing."""
    if UTF8_LETTER.search(content):
        line = _line_of(content, error.start)
        raise UnreadableFileError(
            f"The file mixes two encodings: most of it is UTF-8, line {line} is not. {SAVE_AS_UTF8}"
        ) from error


def _line_of(content: bytes, position: int) -> int:
    before = content[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
