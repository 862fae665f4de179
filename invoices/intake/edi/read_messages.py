"""Tells by its first bytes whether a file holds messages and not a table, and reads them whichever they are."""

from collections.abc import Callable

from invoices.intake.edi.cargowise_reader import is_cargowise, read_cargowise
from invoices.intake.edi.edifact_reader import is_edifact, read_edifact
from invoices.intake.edi.freight_message import MessageFile
from invoices.intake.edi.x12_reader import is_x12, read_x12
from invoices.intake.source_table import UnreadableFileError

LOOKED_AT = 4096
READERS: tuple[tuple[Callable[[str], bool], Callable[[bytes], MessageFile]], ...] = (
    (is_edifact, read_edifact),
    (is_x12, read_x12),
    (is_cargowise, read_cargowise),
)


def holds_messages(content: bytes) -> bool:
    start = _start(content)
    return any(is_it(start) for is_it, _ in READERS)


def read_messages(content: bytes) -> MessageFile:
    """Raises UnreadableFileError."""
    start = _start(content)
    for is_it, read in READERS:
        if is_it(start):
            return read(content)
    raise UnreadableFileError("The file holds no messages that are known here.")


def _start(content: bytes) -> str:
    """Whatever its encoding: what tells it apart is plain letters."""
    start = content[:LOOKED_AT]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", errors="replace").removeprefix("\ufeff")
    return start.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
