"""Messages made to do harm, damaged or strange: read, or refused with a sentence, and nothing of them is lost."""

import gzip
import os
from collections.abc import Callable
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoices.intake.edi.edifact_reader import split_segments
from invoices.intake.edi.freight_message import MessageFile
from invoices.intake.edi.plan_messages import MessageKnowledge, parts_of, plan_messages
from invoices.intake.edi.read_messages import holds_messages, read_messages
from invoices.intake.edi.x12_reader import split_segments as split_x12
from invoices.intake.file_guards import FileKind, check_file
from invoices.intake.row_groups import group_rows
from invoices.intake.source_table import UnreadableFileError
from tests.intake.carrier_messages import (
    EXPRESS,
    FEEDER,
    INTERCHANGE_XML,
    LTL,
    OCEAN,
    PARCEL,
    SHIPMENT_XML,
    TRUCKLOAD,
    x12,
)

SECONDS = 12
MEGABYTE = 1024 * 1024
SAMPLES = {
    "ocean": OCEAN, "express": EXPRESS, "feeder": FEEDER, "x12": x12(LTL, TRUCKLOAD, PARCEL), "job": SHIPMENT_XML,
    "interchange": INTERCHANGE_XML,
}  # fmt: skip
NAMES = sorted(SAMPLES)
UNB = "UNB+UNOA:1+A+B+260101:0000+1'"
HOSTILE: dict[str, Callable[[], str]] = {
    "terminators alone": lambda: UNB + "'" * 20_000_000,
    "no terminator": lambda: UNB + "UNH+" + "a" * 20_000_000,
    "releases alone": lambda: UNB + "?" * 15_000_000,
    "elements alone": lambda: UNB + "UNH" + "+" * 10_000_000 + "'",
    "messages alone": lambda: UNB + "UNH+1+INVOIC:D:96A:UN'UNT+2+1'" * 500_000,
    "X12 terminators alone": lambda: x12(TRUCKLOAD) + "~" * 10_000_000,
    "XML of many elements": lambda: f"<UniversalShipment>{'<a/>' * 1_000_000}</UniversalShipment>",
    "XML of one text": lambda: f"<UniversalShipment>{'a' * 19_000_000}</UniversalShipment>",
}


def cpu_seconds() -> float:
    return sum(os.times()[:4])


def read_wholly(content: bytes) -> MessageFile | None:
    """All that is done to messages before the database."""
    try:
        file = read_messages(content)
    except UnreadableFileError:
        return None
    parts = parts_of(file)
    grouped = group_rows(plan_messages(parts, MessageKnowledge()), declared_codes={})
    assert sum(len(group.rows) for group in grouped.groups) == len(parts)
    return file


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_messages_get_a_sentence_soon(name: str) -> None:
    content = HOSTILE[name]().encode()
    began = cpu_seconds()

    read_wholly(content)

    assert cpu_seconds() - began < SECONDS


@pytest.mark.parametrize("name", NAMES)
def test_samples_are_told_from_tables(name: str) -> None:
    assert check_file(SAMPLES[name].encode()).kind is FileKind.MESSAGES


@pytest.mark.parametrize("text", ["UNBOXED,ISA\n1,2", "ISA,Number\n1,2", "UNA,UNB\n1,2", "ISABEL|B\n1|2", "<html/>"])
def test_tables_that_begin_alike_are_none(text: str) -> None:
    assert not holds_messages(text.encode())


def test_packed_messages_are_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableFileError, match=r"packed \(gzip\). Unpack it first"):
        check_file(gzip.compress(OCEAN.encode()))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["UNB+UNOC:3", "UNA:+.? '", "UNH+", "ISA*", "<UniversalShipment>", ""]), st.binary(max_size=600))
def test_no_bytes_break_the_reading(beginning: str, content: bytes) -> None:
    read_wholly(beginning.encode() + content)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NAMES), st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_no_damage_to_a_message_breaks_the_reading(name: str, damage: list[tuple[float, int]]) -> None:
    spoilt = bytearray(SAMPLES[name].encode())
    for place, byte in damage:
        spoilt[int(place * (len(spoilt) - 1))] = byte

    read_wholly(bytes(spoilt))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["ocean", "express", "feeder", "x12"]), st.data())
def test_segments_left_out_doubled_or_swapped_break_nothing(name: str, data: st.DataObject) -> None:
    text = SAMPLES[name]
    terminator = {"express": "|", "x12": "~"}.get(name, "'")
    segments = [part for part in text.split(terminator) if part.strip()]
    chosen = data.draw(st.lists(st.sampled_from(segments[1:]), max_size=40))

    read_wholly((terminator.join([segments[0], *chosen]) + terminator).encode())


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["ocean", "feeder", "x12"]), st.data())
def test_every_segment_is_used_or_named(name: str, data: st.DataObject) -> None:
    """Strange ones are put among them, and elements behind those that are known."""
    text, terminator = SAMPLES[name], "~" if name == "x12" else "'"
    mark = "*" if name == "x12" else "+"
    segments = [part.strip() for part in text.split(terminator) if part.strip()]
    first = 3 if name == "x12" else 2
    place = data.draw(st.integers(first, first + 3))
    strange = data.draw(st.sampled_from([f"ZZZ{mark}1{mark}2", f"XX9{mark}a", "QQQ"]))
    segments.insert(place, strange)
    longer = data.draw(st.integers(first, len(segments) - 4))
    segments[longer] += mark * 25 + "SURPLUS"
    recounted = [_recounted(part, mark) for part in segments]

    file = read_wholly((terminator.join(recounted) + terminator).encode())

    assert file is not None
    named = set(chain.from_iterable(note.segments for one in file.messages for note in one.notes))
    refused = {at for one in file.messages if one.refusal for at in range(one.segments[0], one.segments[1] + 1)}
    outside = set(chain.from_iterable(note.segments for note in file.notes))
    assert {place + 1, longer + 1} <= named | refused | outside


def _recounted(segment: str, mark: str) -> str:
    """Without its count of segments, which a reader then cannot miss."""
    tag, *rest = segment.split(mark)
    return mark.join([tag, "", *rest[1:]]) if tag in {"UNT", "SE"} else segment


SAFE = st.text(st.characters(codec="ascii", min_codepoint=32), max_size=12)


@given(st.lists(st.lists(SAFE, min_size=1, max_size=4), min_size=1, max_size=4))
def test_edifact_gives_back_what_was_released(elements: list[list[str]]) -> None:
    def released(text: str) -> str:
        return "".join(f"?{letter}" if letter in "?:+'" else letter for letter in text)

    raw = "+".join(["FTX", *(":".join(released(part) for part in element) for element in elements)])

    (segment,) = split_segments(f"{raw}'")

    assert segment.elements == tuple(tuple(element) for element in elements)


@given(st.lists(SAFE, min_size=1, max_size=4))
def test_x12_gives_back_its_elements(elements: list[str]) -> None:
    plain = [text.replace("*", "").replace("~", "").replace(">", "") for text in elements]
    isa = x12().partition("\n")[0]

    segments = list(split_x12(f"{isa}{'*'.join(['K1', *plain])}~"))

    assert segments[1].elements == tuple((text,) for text in plain)
