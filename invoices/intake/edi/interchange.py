"""Takes an interchange apart into its envelope and its messages, as EDIFACT and X12 both do. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from invoices.intake.edi.edi_segments import MOST_MESSAGES, Segment, name_unread
from invoices.intake.edi.freight_message import FreightMessage, MessageFile, Note
from invoices.intake.source_table import UnreadableFileError


class Envelope(Protocol):
    """Remembers who sent the messages, and whether the interchange is complete."""

    def take(self, segment: Segment, count: int) -> list[Note]:
        """`count`: messages before it in the file."""

    def end(self) -> list[Note]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`first` and `last` enclose a message; `around` are the segments between messages; `empty` tells of none."""

    name: str
    first: str
    last: str
    around: frozenset[str]
    empty: str


def read_interchange(
    segments: Sequence[Segment],
    form: Form,
    envelope: Envelope,
    read_message: Callable[[Sequence[Segment], int], FreightMessage],
) -> MessageFile:
    """`read_message` takes a block and its number from 1. Raises UnreadableFileError."""
    messages: list[FreightMessage] = []
    notes: list[Note] = []
    outside: list[Segment] = []
    for block in _blocks(segments, form):
        if block[0].tag != form.first:
            notes += envelope.take(block[0], len(messages))
            outside.append(block[0])
        elif len(messages) == MOST_MESSAGES:
            raise UnreadableFileError(f"The file has more than {MOST_MESSAGES:,} messages. Split it into several.")
        else:
            messages.append(read_message(block, len(messages) + 1))
    if not messages:
        raise UnreadableFileError(form.empty)
    return MessageFile(form=form.name, messages=tuple(messages), notes=(*notes, *envelope.end(), *name_unread(outside)))


def _blocks(segments: Sequence[Segment], form: Form) -> Iterator[list[Segment]]:
    """A message from its first to its last segment each; every other alone. One without its end ends at the next."""
    block: list[Segment] = []
    for segment in segments:
        if block and (segment.tag == form.first or segment.tag in form.around):
            yield block
            block = []
        if segment.tag == form.first or block:
            block.append(segment)
            if segment.tag == form.last:
                yield block
                block = []
        else:
            yield [segment]
    if block:
        yield block
