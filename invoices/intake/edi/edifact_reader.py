"""Reads EDIFACT interchanges: separators, character sets and envelopes; what INVOIC messages say is read elsewhere."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from invoices.intake.edi.edi_segments import Segment, check_segment, name_unread
from invoices.intake.edi.edifact_invoice import read_invoice
from invoices.intake.edi.freight_message import FreightMessage, MessageError, MessageFile, Note, Party
from invoices.intake.edi.interchange import Form, read_interchange
from invoices.intake.source_table import UnreadableFileError

FORM = Form(
    name="EDIFACT", first="UNH", last="UNT", around=frozenset({"UNB", "UNZ", "UNG", "UNE"}),
    empty="The file is an EDIFACT interchange without a message (UNH) in it.",
)  # fmt: skip
BEGINNING = re.compile(r"\s*(?:UNA(?P<separators>.{6})\s*)?UN[BH](?(separators)|\+)", re.DOTALL)
ADVICE_LENGTH = 9
# The character sets of ISO 9735, by the syntax identifier; A and B are plain letters within them all.
CHARACTER_SETS = {
    "UNOC": "latin-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5", "UNOF": "iso8859-7", "UNOG": "iso8859-3",
    "UNOH": "iso8859-4", "UNOI": "iso8859-6", "UNOJ": "iso8859-8", "UNOK": "iso8859-9", "UNOW": "utf-8",
    "UNOY": "utf-8",
}  # fmt: skip
SYNTAX = re.compile(rb"UNB.(UNO[A-Z])", re.DOTALL)
LOOKED_AT = 4096
TEST = "1"


@dataclass(frozen=True, slots=True)
class Separators:
    """As ISO 9735 has them where no UNA says otherwise. A space for `release`: there is none."""

    component: str = ":"
    element: str = "+"
    release: str = "?"
    terminator: str = "'"


def is_edifact(start: str) -> bool:
    """By the first characters of a file."""
    return BEGINNING.match(start) is not None


def read_edifact(content: bytes) -> MessageFile:
    """Raises UnreadableFileError where the whole file cannot be read; what is wrong with one message stands in it."""
    text, notes = _decoded(content)
    envelope = Envelope()
    read = read_interchange(
        list(split_segments(text)),
        FORM,
        envelope,
        lambda block, number: _message(block, number=number, envelope=envelope),
    )
    return replace(read, notes=(*notes, *read.notes))


def split_segments(text: str) -> Iterator[Segment]:
    """Line ends between segments are none of them. Raises UnreadableFileError."""
    separators, at, position = Separators(), 0, 0
    pattern = _pattern(separators)
    while at < len(text):
        if text[at].isspace() or text[at] == "\x1a":
            at += 1
            continue
        if text.startswith("UNA", at):
            separators = _advised(text[at + 3 : at + ADVICE_LENGTH])
            pattern, at = _pattern(separators), at + ADVICE_LENGTH
            continue
        found = pattern.match(text, at)
        end = found.end() if found else len(text)
        raw = text[at : end - 1] if found else text[at:].rstrip()
        position += 1
        check_segment(raw, position)
        yield _segment(raw, position, separators)
        at = end


def _pattern(separators: Separators) -> re.Pattern[str]:
    """Everything up to a terminator that is not released."""
    end, release = re.escape(separators.terminator), re.escape(separators.release)
    if separators.release == " ":
        return re.compile(f"[^{end}]*+{end}")
    return re.compile(f"(?:[^{end}{release}]++|{release}.)*+{end}", re.DOTALL)


def _advised(characters: str) -> Separators:
    if len(characters) < ADVICE_LENGTH - 3:
        raise UnreadableFileError("The file ends within its first segment (UNA).")
    component, element, _decimal, release, _reserved, terminator = tuple(characters)
    own = [component, element, terminator, *([release] if release != " " else [])]
    if len(set(own)) != len(own) or any(character.isalnum() for character in own):
        raise UnreadableFileError("The separators that the file names in UNA cannot be told apart.")
    return Separators(component=component, element=element, release=release, terminator=terminator)


def _segment(raw: str, position: int, separators: Separators) -> Segment:
    elements = [
        _split(element, separators.component, separators) for element in _split(raw, separators.element, separators)
    ]
    release = "" if separators.release == " " else separators.release
    plain = [tuple(_released(part, release) for part in element) for element in elements]
    return Segment(position, plain[0][0].strip().upper(), tuple(plain[1:]))


def _split(text: str, separator: str, separators: Separators) -> list[str]:
    """At separators that are not released; the release characters stay, for a further split."""
    if separators.release == " " or separators.release not in text:
        return text.split(separator)
    parts, current, characters = [], "", iter(text)
    for character in characters:
        if character == separators.release:
            current += character + next(characters, "")
        elif character == separator:
            parts.append(current)
            current = ""
        else:
            current += character
    return [*parts, current]


def _released(text: str, release: str) -> str:
    return re.sub(f"{re.escape(release)}(.?)", r"\1", text, flags=re.DOTALL) if release and release in text else text


def _decoded(content: bytes) -> tuple[str, list[Note]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError as error:
            raise UnreadableFileError("The file says it is UTF-16 but is not, or was cut off.") from error
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        found = SYNTAX.search(content[:LOOKED_AT])
        syntax = found[1].decode() if found else "UNOA"
        name = CHARACTER_SETS.get(syntax, "latin-1")
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"The file is not in the character set that it names ({syntax}).") from error
    if syntax in CHARACTER_SETS:
        return text, []
    told = f"The file names the character set {syntax} but has other letters; it was read as Western European."
    return text, [Note(text=told, is_warning=True)]


@dataclass(slots=True)
class Envelope:
    """The interchange that is being read: who sent it, and whether it is complete."""

    sender: str = ""
    reference: str = ""
    is_test: bool = False
    is_open: bool = False
    before: int = 0

    def take(self, segment: Segment, count: int) -> list[Note]:
        """`count`: messages before it in the file."""
        if segment.tag == "UNB":
            notes = self.end()
            self.sender, self.reference = segment.text(2), segment.text(5)
            self.is_test, self.is_open, self.before = segment.text(11) == TEST, True, count
            for element in (1, 3, 4):
                segment.text(element)
                segment.text(element, 2)
            segment.text(2, 2)
            return notes
        if segment.tag == "UNZ":
            self.is_open = False
            segment.text(2)
            said = segment.text(1)
            if said.isdigit() and int(said[:9]) != count - self.before:
                text = f"The interchange says it has {said} messages (UNZ) but has {count - self.before}."
                return [Note(text=text, is_warning=True)]
        elif segment.tag in {"UNG", "UNE"}:
            segment.pass_over(8)
        return []

    def end(self) -> list[Note]:
        if not self.is_open:
            return []
        text = f"The interchange {self.reference} has no end (UNZ). Was the file cut off?"
        return [Note(text=text, is_warning=True)]


def _message(block: Sequence[Segment], *, number: int, envelope: Envelope) -> FreightMessage:
    head = block[0]
    kind, version, release = head.text(2, 1), head.text(2, 2), head.text(2, 3)
    reference = head.text(1)
    head.text(2, 4)
    head.text(2, 5)
    unread = FreightMessage(
        number=number,
        form=" ".join(filter(None, [FORM.name, kind, f"{version}.{release}".strip(".")])),
        key=f"{FORM.name}|{envelope.sender}|{kind}|{reference}",
        title=f"{kind or 'message'} {reference}".strip(),
        segments=(block[0].position, block[-1].position),
    )
    try:
        _check(block, kind=kind, reference=reference, is_test=envelope.is_test)
        found = read_invoice(block[1:-1], head=unread, sender=Party(code=envelope.sender))
        return replace(found, notes=(*found.notes, *name_unread(block)))
    except MessageError as error:
        return replace(unread, refusal=str(error))


def _check(block: Sequence[Segment], *, kind: str, reference: str, is_test: bool) -> None:
    """Raises MessageError."""
    if is_test:
        raise MessageError("The interchange is marked as a test (UNB), so nothing of it is taken.")
    if kind != "INVOIC":
        raise MessageError(f"This is {kind or 'no message that can be told'}, not an invoice (INVOIC).")
    last = block[-1]
    if last.tag != "UNT":
        raise MessageError("The message has no end (UNT), so a part of it may be missing. Ask for the file again.")
    count, said = last.text(1), last.text(2)
    if count.isdigit() and int(count[:9]) != len(block):
        raise MessageError(f"The message says it has {count[:9]} segments (UNT) but has {len(block)}. Is it complete?")
    if said and reference and said != reference:
        raise MessageError(f"The message begins as {reference} (UNH) and ends as {said} (UNT).")
