"""Workbooks written by hand, byte by byte where a test needs it: what Excel would never write included."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
ROOT_RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
FIRST_DAY = date(1899, 12, 30)
Cell = str | int | float | date | None


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], *, merged: Sequence[str] = ()) -> bytes:
    """`merged`: ranges such as "A2:A4", of every sheet."""
    return package({name: sheet_data(rows, merged=merged) for name, rows in sheets.items()})


def package(
    sheets: Mapping[str, str], *, others: Mapping[str, bytes] = {}, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """`sheets`: what stands inside <worksheet>. `others`: further entries, or some of these replaced."""
    entries: dict[str, bytes] = {
        CONTENT_TYPES: f'<Types xmlns="{PACKAGE}/content-types"/>'.encode(),
        "_rels/.rels": ROOT_RELATIONS.encode(),
        WORKBOOK: _workbook_xml(list(sheets)).encode(),
        "xl/_rels/workbook.xml.rels": _relations_xml(len(sheets)).encode(),
        "xl/styles.xml": STYLES.encode(),
    }
    for number, data in enumerate(sheets.values(), start=1):
        entries[f"xl/worksheets/sheet{number}.xml"] = f'<worksheet xmlns="{MAIN}">{data}</worksheet>'.encode()
    return archive({**entries, **others}, method=method)


def archive(entries: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return packed.getvalue()


def sheet_data(rows: Sequence[Sequence[Cell]], *, merged: Sequence[str] = ()) -> str:
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(cell, f"{column_name(at)}{number}") for at, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    ranges = "".join(f"<mergeCell ref={quoteattr(area)}/>" for area in merged)
    return f"<sheetData>{lines}</sheetData>" + (f"<mergeCells>{ranges}</mergeCells>" if merged else "")


def column_name(position: int) -> str:
    name = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _cell(value: Cell, place: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - FIRST_DAY).days}</v></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _workbook_xml(names: Sequence[str]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{listed}</sheets></workbook>'


def _relations_xml(count: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    styles = f'<Relationship Id="rIdS" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    return f'<Relationships xmlns="{PACKAGE}/relationships">{sheets}{styles}</Relationships>'
