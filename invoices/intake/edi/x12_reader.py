"""Reads X12 interchanges with whatever delimiters their ISA names; what a 210 says is read elsewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from invoices.intake.edi.edi_segments import Segment, check_segment, name_unread
from invoices.intake.edi.freight_message import FreightMessage, MessageError, MessageFile, Note
from invoices.intake.edi.interchange import Form, read_interchange
from invoices.intake.edi.x12_freight_invoice import read_freight_invoice
from invoices.intake.source_table import UnreadableFileError

FORM = Form(
    name="X12", first="ST", last="SE", around=frozenset({"ISA", "IEA", "GS", "GE", "TA1"}),
    empty="The file is an X12 interchange without a transaction set (ST) in it.",
)  # fmt: skip
# A delimiter may be a control character, which counts as a space elsewhere. The first element is of two characters.
MARK = "([^A-Za-z0-9 \\r\\n\\t])"
BEGINNING = re.compile(rf"\s*ISA{MARK}\w\w\1")
WITHOUT_ENVELOPE = re.compile(rf"\s*(?:GS|ST){MARK}(?:IM|210)\1")
ISA_ELEMENTS = 16
FREIGHT_INVOICE = "210"
BROKEN_ISA = "The file begins as an X12 interchange, but its first segment (ISA) is cut off or not of 16 elements."


@dataclass(frozen=True, slots=True)
class Delimiters:
    element: str
    component: str
    terminator: str


def is_x12(start: str) -> bool:
    """By the first characters of a file."""
    return BEGINNING.match(start) is not None or WITHOUT_ENVELOPE.match(start) is not None


def read_x12(content: bytes) -> MessageFile:
    """Raises UnreadableFileError where the whole file cannot be read; what is wrong with one message stands in it."""
    envelope = Envelope()
    return read_interchange(
        list(split_segments(_decoded(content))),
        FORM,
        envelope,
        lambda block, number: _message(block, number=number, envelope=envelope),
    )


def split_segments(text: str) -> Iterator[Segment]:
    """Line ends between segments are none of them. Raises UnreadableFileError."""
    if WITHOUT_ENVELOPE.match(text):
        raise UnreadableFileError("The file has no ISA segment, so its delimiters are not known. Ask for it with one.")
    at, position, delimiters = 0, 0, None
    while at < len(text):
        if text[at].isspace() or text[at] in "\x1a\x00":
            at += 1
            continue
        if text.startswith("ISA", at) and (delimiters is None or _is_new(text, at)):
            delimiters = _delimiters(text, at)
        if delimiters is None:
            raise UnreadableFileError(BROKEN_ISA)
        end = text.find(delimiters.terminator, at)
        raw = text[at:] if end < 0 else text[at:end]
        position += 1
        check_segment(raw, position)
        yield _segment(raw.strip("\r\n"), position, delimiters)
        at = len(text) if end < 0 else end + 1


def _is_new(text: str, at: int) -> bool:
    """An ISA in mid-file begins another interchange, with delimiters of its own."""
    return text[at + 3 : at + 4] != "" and not text[at + 3].isalnum()


def _delimiters(text: str, at: int) -> Delimiters:
    """The character behind ISA, the last element of sixteen, and what follows it: nothing relies on fixed widths."""
    element = text[at + 3 : at + 4]
    place = at + 3
    for _ in range(ISA_ELEMENTS - 1):
        place = text.find(element, place + 1) if element else -1
        if place < 0:
            raise UnreadableFileError(BROKEN_ISA)
    component, terminator = text[place + 1 : place + 2], text[place + 2 : place + 3]
    if terminator == "\r" and text[place + 3 : place + 4] == "\n":
        terminator = "\n"
    marks = {element, component, terminator}
    if len(marks) < 3 or "" in marks or any(mark.isalnum() or mark == " " for mark in marks):  # noqa: PLR2004 three
        raise UnreadableFileError(BROKEN_ISA)
    return Delimiters(element, component, terminator)


def _segment(raw: str, position: int, delimiters: Delimiters) -> Segment:
    tag, *elements = raw.split(delimiters.element)
    is_envelope = tag.strip().upper() == "ISA"
    parts = [(one,) if is_envelope else tuple(one.split(delimiters.component)) for one in elements]
    return Segment(position, tag.strip().upper(), tuple(parts))


def _decoded(content: bytes) -> str:
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


@dataclass(slots=True)
class Envelope:
    """The interchange that is being read: who sent it, and whether it is complete."""

    sender: str = ""
    version: str = ""
    is_test: bool = False
    is_open: bool = False
    groups: int = 0
    before: int = 0

    def take(self, segment: Segment, count: int) -> list[Note]:
        """`count`: messages before it in the file."""
        if segment.tag == "ISA":
            notes = self.end()
            segment.pass_over(ISA_ELEMENTS)
            self.sender, self.is_test = segment.text(6), segment.text(15) == "T"
            self.is_open, self.groups = True, 0
            return notes
        if segment.tag == "GS":
            segment.pass_over(8)
            self.sender, self.version = segment.text(2) or self.sender, segment.text(8)
            self.groups, self.before = self.groups + 1, count
        elif segment.tag == "GE":
            segment.pass_over(2)
            return _counted("GE", segment.text(1), count - self.before, "messages")
        elif segment.tag == "IEA":
            segment.pass_over(2)
            self.is_open = False
            return _counted("IEA", segment.text(1), self.groups, "groups")
        return []

    def end(self) -> list[Note]:
        if not self.is_open:
            return []
        return [Note(text="The interchange has no end (IEA). Was the file cut off?", is_warning=True)]


def _counted(tag: str, said: str, count: int, noun: str) -> list[Note]:
    if said.isdigit() and int(said[:9]) != count:
        return [Note(text=f"The interchange says it has {said[:9]} {noun} ({tag}) but has {count}.", is_warning=True)]
    return []


def _message(block: Sequence[Segment], *, number: int, envelope: Envelope) -> FreightMessage:
    head = block[0]
    kind, control = head.text(1), head.text(2)
    head.text(3)
    unread = FreightMessage(
        number=number,
        form=" ".join(filter(None, [FORM.name, kind, envelope.version])),
        key=f"{FORM.name}|{envelope.sender}|{kind}|{control}",
        title=f"{kind or 'message'} {control}".strip(),
        segments=(block[0].position, block[-1].position),
    )
    try:
        _check(block, kind=kind, control=control, is_test=envelope.is_test)
        found = read_freight_invoice(block[1:-1], head=unread, sender=envelope.sender)
        return replace(found, notes=(*found.notes, *name_unread(block)))
    except MessageError as error:
        return replace(unread, refusal=str(error))


def _check(block: Sequence[Segment], *, kind: str, control: str, is_test: bool) -> None:
    """Raises MessageError."""
    if is_test:
        raise MessageError("The interchange is marked as a test (ISA), so nothing of it is taken.")
    if kind != FREIGHT_INVOICE:
        raise MessageError(f"This is {kind or 'no transaction set that can be told'}, not a freight invoice (210).")
    last = block[-1]
    if last.tag != "SE":
        raise MessageError("The message has no end (SE), so a part of it may be missing. Ask for the file again.")
    count, said = last.text(1), last.text(2)
    if count.isdigit() and int(count[:9]) != len(block):
        raise MessageError(f"The message says it has {count[:9]} segments (SE) but has {len(block)}. Is it complete?")
    if said and control and said != control:
        raise MessageError(f"The message begins as {control} (ST) and ends as {said} (SE).")
