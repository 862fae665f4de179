import io
import random
import zipfile

import pytest

from invoices.intake.source_table import UnreadableFileError
from invoices.intake.zip_guard import ERROR_CELLS, MOST_ENTRIES, NO_RESULTS, PIECE, check_workbook
from tests.intake.workbook_files import CONTENT_TYPES, WORKBOOK, package, sheet_data, workbook

CELLS = sheet_data([["Number"], ["S-1"]])
GOOD = package({"Jobs": CELLS})
NOISE = random.Random(1).randbytes(100_000)  # noqa: S311 the same noise in every run
BILLION_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><workbook/>'


def lying_about_its_size() -> bytes:
    """The directory says 100 bytes where a megabyte is packed."""
    content = bytearray(package({"Jobs": CELLS}, others={"xl/big.xml": b" " * 1_000_000}))
    place = content.rindex(b"xl/big.xml") - 46
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def encrypted() -> bytes:
    content = bytearray(GOOD)
    place = content.rindex(WORKBOOK.encode()) - 46
    content[place + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (package({"Jobs": CELLS}, others={"xl/bomb.xml": b" " * 30_000_000}), "unpacks to more"),
        (package({"Jobs": CELLS}, others={f"xl/{n}.xml": b" " * 1_000_000 for n in range(50)}), "unpacks to more"),
        (package({"Jobs": CELLS}, others={"xl/a.xml": b" " * 9_000_000, "xl/b.bin": NOISE}), "unpacks to more"),
        (package({"Jobs": CELLS}, others={"xl/large.bin": b"\0" * 101 * 1024 * 1024}), "unpacks to more"),
        (package({"Jobs": CELLS}, others={f"xl/{n}.xml": b"" for n in range(MOST_ENTRIES)}), "unpacks to more"),
        (package({"Jobs": CELLS}, others={WORKBOOK: BILLION_LAUGHS}), "inner files"),
        (package({"Jobs": CELLS}, others={"xl/a.xml": BILLION_LAUGHS.decode().encode("utf-16")}), "inner files"),
        (package({"Jobs": CELLS}, others={"/etc/passwd": b"x"}), "inner files"),
        (package({"Jobs": CELLS}, others={"xl/../../evil": b"x"}), "inner files"),
        (package({"Jobs": CELLS}, others={"C:\\evil.xml": b"x"}), "inner files"),
        (package({"Jobs": CELLS}, others={"xl/vbaProject.bin": b"x"}), "contains macros"),
        (package({"Jobs": CELLS}, method=zipfile.ZIP_LZMA), "damaged"),
        (GOOD[: len(GOOD) // 2], "damaged"),
        (GOOD[:-10], "damaged"),
        (GOOD[:60] + bytes(20) + GOOD[80:], "damaged"),
        (lying_about_its_size(), "damaged"),
        (encrypted(), "password"),
    ],
)
def test_dangerous_archive_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        check_workbook(content)


def test_entries_of_one_name_are_refused() -> None:
    packed = io.BytesIO(GOOD)
    with zipfile.ZipFile(packed, "a") as target, pytest.warns(UserWarning, match="Duplicate name"):
        target.writestr(CONTENT_TYPES, b"<Types/>")

    with pytest.raises(UnreadableFileError, match="inner files"):
        check_workbook(packed.getvalue())


def test_doctype_across_two_pieces_is_found() -> None:
    """As if the word began four bytes before the border."""
    content = b" " * (PIECE - BILLION_LAUGHS.index(b"<!DOCTYPE") - 4) + BILLION_LAUGHS

    with pytest.raises(UnreadableFileError, match="inner files"):
        check_workbook(package({"Jobs": CELLS}, others={"xl/a.xml": content}, method=zipfile.ZIP_STORED))


def test_drawing_with_a_doctype_is_no_danger() -> None:
    drawing = {"xl/media/image1.svg": b'<!DOCTYPE svg PUBLIC "x" "y"><svg/>'}

    assert check_workbook(package({"Jobs": CELLS}, others=drawing)) == ()


def test_repetitive_but_small_workbook_passes() -> None:
    assert check_workbook(workbook({"Jobs": [["Number"], *[["S-1"]] * 5000]})) == ()


def test_cells_that_count_as_empty_are_told() -> None:
    data = '<sheetData><row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1"><f>1+1</f></c></row></sheetData>'

    assert check_workbook(package({"Jobs": data})) == (ERROR_CELLS, NO_RESULTS)
