from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.reference_notes import LONGEST_NOTE, reference_notes
from tests.mapping.mapping_cases import source_of

references = st.lists(st.text("ABC-123", min_size=1, max_size=100), max_size=200, unique=True)


@given(references)
def test_every_reference_stands_whole_in_some_note(given_references: list[str]) -> None:
    source = replace(source_of({}), all_references=tuple(given_references), shipment_numbers=("DN-1",))

    notes = reference_notes(source)

    told = [reference for note in notes for reference in note.partition(": ")[2].split(", ")]
    assert set(told) >= {*given_references, "DN-1"}
    assert len(told) == len(set(told))
    assert all(len(note) <= LONGEST_NOTE for note in notes)


def test_notes_are_numbered_where_there_are_several() -> None:
    numbers = tuple(f"SHIPMENT-{number:05}" for number in range(400))

    notes = reference_notes(replace(source_of({}), all_references=(), customer_references=(), shipment_numbers=numbers))

    assert [note.partition(":")[0] for note in notes] == [f"References {number} of 3" for number in (1, 2, 3)]
    assert reference_notes(replace(source_of({}), all_references=("PO-1",), shipment_numbers=("DN-1",))) == [
        "References: PO-1, DN-1"
    ]
