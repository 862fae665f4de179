import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from invoices.intake import workbook_process
from invoices.intake.source_table import UnreadableFileError
from invoices.intake.workbook_process import READER, read_workbook
from tests.intake.workbook_files import package, sheet_data, workbook

JOBS = [["Number", "Weight", "Day"], ["S-1", 12.5, date(2026, 3, 4)]]


def far_cell(place: str) -> bytes:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    return package({"Far": f'<sheetData>{first}<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'})


def test_first_sheet_with_data_is_read_and_all_are_listed() -> None:
    found = read_workbook(workbook({"Notes": [], "Jobs": JOBS, "Äpfel & Birnen": [["a"]]}))

    assert (found.sheets, found.sheet) == (("Notes", "Jobs", "Äpfel & Birnen"), "Jobs")
    assert found.rows == [(1, ["Number", "Weight", "Day"]), (2, ["S-1", Decimal("12.5"), date(2026, 3, 4)])]


def test_another_sheet_is_read_by_its_name() -> None:
    found = read_workbook(workbook({"Jobs": JOBS, "Äpfel & Birnen": [["a"]]}), sheet="Äpfel & Birnen")

    assert (found.sheet, found.rows) == ("Äpfel & Birnen", [(1, ["a"])])


@pytest.mark.parametrize(
    ("stored", "number"),
    [("0.30000000000000004", "0.3"), ("1234.565", "1234.565"), ("1E-7", "1E-7"), ("88412", "88412"), ("-2.5", "-2.5")],
)
def test_numbers_come_as_excel_shows_them(stored: str, number: str) -> None:
    data = f'<sheetData><row r="1"><c r="A1"><v>{stored}</v></c></row></sheetData>'

    assert read_workbook(package({"Jobs": data})).rows == [(1, [Decimal(number)])]


def test_formula_counts_by_its_stored_result() -> None:
    cells = '<c r="A1"><f>6*7</f><v>42</v></c><c r="B1" t="str"><f>x</f><v>S-1</v></c>'

    assert read_workbook(package({"Jobs": f'<sheetData><row r="1">{cells}</row></sheetData>'})).rows == [
        (1, [Decimal(42), "S-1"])
    ]


def test_rows_keep_the_numbers_that_excel_shows() -> None:
    data = '<sheetData><row r="5"><c r="C5"><v>1</v></c></row><row r="9"><c r="D9"><v>2</v></c></row></sheetData>'

    assert read_workbook(package({"Jobs": data})).rows == [(5, ["", "", Decimal(1)]), (9, ["", "", "", Decimal(2)])]


def test_ranges_merged_over_rows_are_named() -> None:
    found = read_workbook(workbook({"Jobs": [*JOBS, ["", 3], ["", 4]]}, merged=["A2:A4", "B1:C1"]))

    assert found.merged == ((0, 2, 4),)


@pytest.mark.parametrize("place", ["A1048576", "Z1048576"])
def test_cell_at_the_end_of_the_sheet_costs_little(place: str) -> None:
    assert [number for number, _ in read_workbook(far_cell(place)).rows] == [1, 1_048_576]


def test_sheet_that_needs_too_much_memory_ends_its_process_only() -> None:
    with pytest.raises(UnreadableFileError, match="unpacks to more than can be read"):
        read_workbook(far_cell("XFD1048576"))


def test_reading_that_takes_too_long_is_ended() -> None:
    with pytest.raises(UnreadableFileError, match="unpacks to more than can be read"):
        read_workbook(far_cell("Z1048576"), wall_seconds=0.01)


def limited(attempt: str) -> str:
    """What comes of an attempt in a process that has limited itself as the reader does."""
    program = f"""
import resource, runpy, socket
reader = runpy.run_path({str(READER)!r})
reader["limit_this_process"]()
try:
    print({attempt})
except Exception as error:
    print(type(error).__name__)
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("attempt", "outcome"),
    [
        ("open('/etc/hostname').read()", "OSError"),
        ("socket.socket()", "OSError"),
        ("len(bytearray(1_500_000_000))", "MemoryError"),
        ("len(bytearray(500_000_000))", "500000000"),
        ("resource.getrlimit(resource.RLIMIT_CPU)", "(30, 30)"),
        ("resource.getrlimit(resource.RLIMIT_FSIZE)", "(67108864, 67108864)"),
        ("resource.getrlimit(resource.RLIMIT_CORE)", "(0, 0)"),
    ],
)
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not know every limit.")
def test_reader_can_spend_little_and_open_nothing(attempt: str, outcome: str) -> None:
    assert limited(attempt) == outcome


def test_reader_is_given_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text("import json, os; print(json.dumps({'sheets': list(os.environ), 'sheet': '', 'merged': []}))")
    monkeypatch.setattr(workbook_process, "READER", spy)
    monkeypatch.setenv("SECRET_KEY", "of everything")

    assert "SECRET_KEY" not in read_workbook(b"").sheets


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbook({"Notes": [], "More": []}), "No sheet of the workbook holds anything"),
        (package({"Jobs": "<sheetData><row"}), "damaged"),
        (package({"Jobs": sheet_data(JOBS)}, others={"xl/workbook.xml": b"no xml"}), "damaged"),
        (package({}), "no sheet with cells"),
    ],
)
def test_workbook_without_cells_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        read_workbook(content)
