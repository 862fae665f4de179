import tracemalloc
from collections.abc import Iterator
from decimal import Decimal

from invoices.intake.cell_reading import Value
from invoices.intake.parsed_rows import ParsedCharge, ParsedRow
from invoices.intake.row_groups import FileGroups, Mention, group_rows


def row(number: int, shipment: str, *codes: str, **fields: Value) -> ParsedRow:
    charges = [ParsedCharge(values={"charge_code": code, "unit_price": Decimal(1)}, columns={}) for code in codes]
    return ParsedRow(number=number, fields={"number": shipment, **fields}, charges=tuple(charges))


def group(*rows: ParsedRow, **declared: str) -> FileGroups:
    return group_rows(rows, declared_codes=declared)


def charge_keys(file: FileGroups) -> list[list[str]]:
    return [list(keyed.charges) for one in file.groups for keyed in one.rows]


def test_rows_of_one_shipment_come_together_in_the_order_of_the_file() -> None:
    file = group(row(2, "S-1"), row(3, "S-2"), row(4, "S-1"))

    assert [(one.number, [keyed.row.number for keyed in one.rows]) for one in file.groups] == [
        ("S-1", [2, 4]),
        ("S-2", [3]),
    ]
    assert file.numbers == {"S-1", "S-2"}


def test_charges_without_row_keys_are_counted_by_code() -> None:
    file = group(row(2, "S-1", "FRT"), row(3, "S-1", "THC"), row(4, "S-1", "FRT", side="cost"))

    assert charge_keys(file) == [["sell:FRT#1"], ["sell:THC#1"], ["sell:FRT#2"]]
    assert [keyed.key for keyed in file.groups[0].rows] == ["#1", "#2", "#3"]


def test_charges_of_a_row_with_a_key_carry_it() -> None:
    file = group(row(2, "S-1", "FRT", "FRT", row_key="88"), row(3, "S-1", "FRT", row_key="89"))

    assert charge_keys(file) == [["88/sell:FRT#1", "88/sell:FRT#2"], ["89/sell:FRT#1"]]
    assert file.row_keys == {"88": 2, "89": 3}


def test_charge_keys_stay_when_the_file_is_sorted_otherwise() -> None:
    rows = [row(2, "S-1", "FRT"), row(3, "S-1", "THC"), row(4, "S-1", "DOC")]

    assert sorted(charge_keys(group(*rows))) == sorted(charge_keys(group(*reversed(rows))))


def test_second_row_with_the_same_key_is_refused() -> None:
    file = group(row(2, "S-1", row_key="88"), row(5, "S-2", row_key="88"))

    refused = file.groups[1]
    assert (refused.number, refused.rows[0].row.number) == ("", 5)
    assert refused.rows[0].row.refusal is not None
    assert refused.rows[0].row.refusal.text.startswith("Row 2 has the same ID.")


def test_party_is_called_as_any_row_calls_it() -> None:
    file = group(row(2, "S-1", customer_code="BLUE"), row(3, "S-2", customer_code="blue", customer_name="Blue Ltd"))

    assert file.parties == {"blue": Mention(code="BLUE", name="Blue Ltd", row_number=2)}


def test_declared_code_is_mentioned_where_it_is_first_used() -> None:
    file = group(row(2, "S-1"), row(3, "S-2", "frt"), row(4, "S-3", "THC"), FRT="Freight", INS="Insurance")

    assert file.codes == {"frt": Mention(code="FRT", name="Freight", row_number=3)}


def test_code_of_a_refused_row_is_no_mention() -> None:
    file = group(row(2, "S-1", row_key="88"), row(3, "S-2", "FRT", row_key="88", customer_code="BLUE"), FRT="Freight")

    assert (file.parties, file.codes) == ({}, {})


def test_memory_holds_the_places_of_rows_and_not_the_rows() -> None:
    def many(count: int) -> Iterator[ParsedRow]:
        for number in range(count):
            yield row(number, f"S-{number}", "FRT", goods=f"Tiles of lot {number}, " * 50, row_key=str(number))

    def taken(count: int) -> int:
        tracemalloc.start()
        file = group_rows(many(count), declared_codes={})
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert [len(file.groups), file.groups[-1].number] == [count, f"S-{count - 1}"]
        return size

    taken(10)
    # A row of these takes more than a thousand bytes.
    assert taken(4000) - taken(2000) < 2000 * 700
