import pytest

from invoices.intake.file_guards import CheckedFile, FileKind, check_file
from invoices.intake.source_table import LARGEST_FILE, UnreadableFileError
from tests.intake.workbook_files import archive, workbook


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"empty \(0 bytes\)"),
        (b"a,b\n" * (LARGEST_FILE // 4 + 1), "has 20.0 MB; up to 20 MB"),
        (b"%PDF-1.7\n", "This is a PDF"),
        (b"\x89PNG\r\n\x1a\n", "This is a picture"),
        (b"\xff\xd8\xff\xe0", "This is a picture"),
        (b"BM\x00\x00\x10\x00", "This is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "old kind"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"MZ\x90\x00\x03", "This is a program"),
        (b"<html><table><tr><td>1</td></tr></table>", "web page"),
        (b"\xef\xbb\xbf  <?xml version='1.0'?>", "web page or XML"),
        (b'{"shipments": []}', "JSON"),
        (b"a,b\n1,\x002\n", "zero bytes"),
        (archive({"readme.txt": b"hello"}), "ZIP archive, but no Excel workbook"),
        (archive({"word/document.xml": b"<w/>"}), "Word document"),
        (archive({}), "ZIP archive"),
    ],
)
def test_stranger_is_refused_with_what_it_is(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        check_file(content)


@pytest.mark.parametrize(
    "content", [b"a,b\n1,2\n", b"\xef\xbb\xbfa,b\n", b"BMW,MZ\n1,2\n", b"RIFF no,b\n1,2\n", b"\xff\xfea\x00"]
)
def test_text_passes(content: bytes) -> None:
    assert check_file(content) == CheckedFile(FileKind.TEXT)


def test_workbook_passes() -> None:
    assert check_file(workbook({"Jobs": [["a", "b"], [1, 2]]})) == CheckedFile(FileKind.WORKBOOK)
