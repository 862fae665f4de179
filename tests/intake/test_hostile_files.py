"""Files made to do harm, or merely broken: each gets a sentence or is read, soon, and nothing else is raised."""

import io
import os
import random
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoices.intake.propose_match import propose_match
from invoices.intake.read_table import read_table
from invoices.intake.row_groups import group_rows
from invoices.intake.row_parser import parse_rows
from invoices.intake.source_table import UnreadableFileError
from tests.intake.workbook_files import CONTENT_TYPES, archive, package, sheet_data, workbook

SECONDS = 5
MEGABYTE = 1024 * 1024
CELLS = sheet_data([["Shipment Number", "Goods"], ["S-1", "Tiles"]])
GOOD_WORKBOOK = package({"Jobs": CELLS})
GOOD_CSV = 'Shipment Number,Goods,Unit Price\r\nS-1,"Tiles, blue",12.50\r\nS-2,Café,See S-1 (ID#:4)\r\n'.encode()
SHARED = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'
MERGED = "<mergeCells>" + '<mergeCell ref="A1:A1048576"/>' * 100_000 + "</mergeCells>"
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]><workbook>&b;</workbook>'


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 the same noise in every run


def cpu_seconds() -> float:
    """Of this process and of those it has waited for: a busy machine makes nothing slower by it."""
    return sum(os.times()[:4])


def rows(xml: str, **others: bytes) -> bytes:
    """A workbook with these rows; `others` by the names of parts below xl/."""
    parts = {f"xl/{name}.xml": content for name, content in others.items()}
    return package({"Jobs": f"<sheetData>{xml}</sheetData>"}, others=parts)


def loose(xml: str, **others: bytes) -> bytes:
    """Not packed, so that no ratio gives it away."""
    return repacked(rows(xml, **others))


def repacked(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return archive({name: source.read(name) for name in source.namelist()}, method=zipfile.ZIP_STORED)


def row(cells: str, number: int = 1) -> str:
    return f'<row r="{number}">{cells}</row>'


def cell(value: str, place: str = "A1", style: int = 0) -> str:
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"a",
    "spaces": lambda: b" " * 1000,
    "a byte order mark alone": lambda: b"\xef\xbb\xbf",
    "line ends alone": lambda: b"\r\n" * 5_000_000,
    "delimiters alone": lambda: b"," * 20_000_000,
    "quotation marks alone": lambda: b'"' * 20_000_000,
    "20 MB of one letter": lambda: b"a" * (20 * MEGABYTE),
    "more than 20 MB": lambda: b"a,b\n" * (6 * MEGABYTE),
    "200,000 columns": lambda: b",".join(b"column %d" % n for n in range(200_000)) + b"\n1,2\n",
    "200,000 columns, quoted": lambda: b",".join(b'"c%d"' % n for n in range(200_000)) + b"\n1,2\n",
    "200,000 columns in the second row": lambda: b"Number,Goods\n" + b"1," * 200_000,
    "a million rows": lambda: b"a,b\n" + b"1,2\n" * 1_000_000,
    "a huge cell": lambda: b"Number,Goods\n1," + b"x" * 10_000_000,
    "a huge cell of many lines": lambda: b'Number,Goods\n1,"' + b"x\n" * 5_000_000,
    "an open quotation mark": lambda: b'Number,Goods\n1,"Tiles\n2,Glue\n',
    "zero bytes": lambda: b"Number,Goods\n1,\0\0\0\n",
    "mixed encodings": lambda: "Number,Goods\n1,Café\n".encode() + "2,Zürich\n".encode("cp1252"),
    "half of UTF-16": lambda: "Number,Goods\n1,Tiles\n".encode("utf-16")[:-1],
    "UTF-16 without its mark": lambda: "Number,Goods\n1,Tiles\n".encode("utf-16-le"),
    "UTF-32": lambda: "Number,Goods\n1,Tiles\n".encode("utf-32"),
    "UTF-7": lambda: "Number,Goods\n1,Café\n".encode("utf-7"),
    "surrogates": lambda: b"Number,Goods\n1,\xed\xa0\x80\n",
    "terminal sequences": lambda: b"\x1b[31mNumber,Goods\n\x1b[0m1,2\n" * 50,
    "random bytes": lambda: noise(100_000),
    "random bytes that begin as a workbook": lambda: b"PK\x03\x04" + noise(100_000),
    "a workbook of nothing": lambda: archive({}),
    "a workbook cut in half": lambda: GOOD_WORKBOOK[: len(GOOD_WORKBOOK) // 2],
    "a workbook without its end": lambda: GOOD_WORKBOOK[:-22],
    "a workbook behind a program": lambda: b"MZ\x90\0" + GOOD_WORKBOOK,
    "a workbook of noise inside": lambda: package({"Jobs": CELLS}, others={"xl/worksheets/sheet1.xml": noise(50_000)}),
    "a workbook of other XML": lambda: package({"Jobs": CELLS}, others={"xl/workbook.xml": b"<a><b></a>"}),
    "a workbook without types": lambda: package({"Jobs": CELLS}, others={CONTENT_TYPES: b""}),
    "a zip bomb": lambda: package({"Jobs": CELLS}, others={"xl/worksheets/sheet1.xml": b" " * (90 * MEGABYTE)}),
    "many small bombs": lambda: rows("", **{f"part{n}": b" " * MEGABYTE for n in range(99)}),
    "a bomb in a bomb": lambda: archive({"bomb.xlsx": archive({"zeros": bytes(90 * MEGABYTE)})}),
    "ten thousand entries": lambda: archive({f"xl/{n}.xml": b"" for n in range(10_000)}),
    "an archive in LZMA": lambda: package({"Jobs": CELLS}, method=zipfile.ZIP_LZMA),
    "entities": lambda: rows("", workbook=LAUGHS),
    "entities in UTF-16": lambda: rows("", workbook=LAUGHS.decode().encode("utf-16")),
    "a cell at the far corner": lambda: rows(row(cell("1")) + row(cell("1", "XFD1048576"), 1_048_576)),
    "a cell nowhere": lambda: rows(row(cell("1", "ZZZZZZ99999999"), 99_999_999)),
    "a cell below the last row": lambda: rows(row(cell("1", "A99999999"), 99_999_999)),
    "every row of a sheet": lambda: rows("".join(row(cell("1", f"A{n}"), n) for n in range(1, 1_048_577))),
    "a million cells in a row": lambda: loose(row("<c><v>1</v></c>" * 1_000_000)),
    "one long text many times": lambda: loose(
        row('<c t="s"><v>0</v></c>' * 200_000), sharedStrings=SHARED.format("x" * 30_000).encode()
    ),
    "many merged ranges": lambda: package({"Jobs": CELLS + MERGED}, method=zipfile.ZIP_STORED),
    "deep XML": lambda: package({"Jobs": "<a>" * 500_000 + "</a>" * 500_000}),
    "an endless number": lambda: rows(row(cell("9" * 1_000_000))),
    "numbers that are none": lambda: rows(row(cell("NaN") + cell("1E999", "B1"))),
    "a day that never was": lambda: rows(row(cell("-99999999999", style=1))),
    "a name that leads outside": lambda: package({"Jobs": CELLS}, others={"../../outside.xml": b"<a/>"}),
    "an absolute name": lambda: package({"Jobs": CELLS}, others={"/outside.xml": b"<a/>"}),
    "macros": lambda: package({"Jobs": CELLS}, others={"xl/vbaProject.bin": b"x"}),
    "a sheet that reads a file": lambda: package({'"; cat /etc/passwd #': CELLS}),
    "a PDF": lambda: b"%PDF-1.7\n" + noise(1000),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + noise(1000),
    "an old workbook": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise(1000),
    "a page": lambda: b"<html><body><table><tr><td>Number</td></tr></table></body></html>",
}  # fmt: skip
READABLE = {"UTF-7", "a sheet that reads a file", "a workbook without types"}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_file_gets_a_sentence_soon(name: str) -> None:
    content = HOSTILE[name]()
    began = cpu_seconds()

    try:
        read_table(content)
        said = ""
    except UnreadableFileError as error:
        said = str(error)

    assert cpu_seconds() - began < SECONDS
    assert (name in READABLE and not said) or (said.endswith((".", "?")) and said[0].isupper())


def read_wholly(content: bytes) -> None:
    """All that is done to a file before the database, with whatever match is proposed."""
    try:
        table = read_table(content)
    except UnreadableFileError:
        return
    rules = propose_match(table.header, table.rows).rules
    list(group_rows(parse_rows(table, rules), declared_codes=rules.declared_codes).groups)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    read_wholly(content)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8") | st.sampled_from(",;\t|\"\r\n'=0123456789."), max_size=500))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_wholly(("Shipment Number,Goods,Unit Price,ETD\n" + text).encode())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_no_damage_to_a_csv_breaks_the_reading(damage: list[tuple[float, int]]) -> None:
    read_wholly(damaged(GOOD_CSV, damage))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=5))
def test_no_damage_to_a_workbook_breaks_the_reading(damage: list[tuple[float, int]]) -> None:
    stored = package({"Jobs": CELLS}, method=zipfile.ZIP_STORED)

    read_wholly(damaged(stored, damage))


def damaged(content: bytes, damage: list[tuple[float, int]]) -> bytes:
    spoilt = bytearray(content)
    for place, byte in damage:
        spoilt[int(place * (len(spoilt) - 1))] = byte
    return bytes(spoilt)


def test_workbook_of_everyday_is_read() -> None:
    assert read_table(workbook({"Jobs": [["Number", "Kg"], ["S-1", 2.5]]})).header == ("Number", "Kg")
