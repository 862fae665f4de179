import pytest

from invoices.intake.source_table import UnreadableFileError
from invoices.intake.text_decoding import WINDOWS_NOTE, DecodedText, decode_text

TEXT = "Number,Goods\nS-1,Café à Zürich\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_without_a_word(encoding: str) -> None:
    assert decode_text(TEXT.encode(encoding)) == DecodedText(TEXT)


def test_big_endian_with_its_mark_is_read() -> None:
    assert decode_text(b"\xfe\xff" + TEXT.encode("utf-16-be")) == DecodedText(TEXT)


def test_western_windows_is_read_and_said() -> None:
    assert decode_text(TEXT.encode("cp1252")) == DecodedText(TEXT, (WINDOWS_NOTE,))


def test_slip_of_the_keyboard_makes_no_binary() -> None:
    text = "Number,Goods\n" + "S-1,Tiles\n" * 200 + "S-2,Gl\x02ue\n"

    assert decode_text(text.encode()) == DecodedText(text)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b\nCafé,1\n".encode() + "Zürich,2\n".encode("cp1252"), "mixes two encodings: most of it is UTF-8, line 3"),
        (b"a,b\r\n1,2\r\n\x81\x8d,3\r\n", "Line 3 is in no encoding"),
        (b"\xff\xfea", "says it is UTF-16 but is not"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "binary data"),
        (b"Number,Goods\n" + b"S-1,Tiles\n" * 40 + b"S-2,Gl\x02ue\n", "binary data"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_place(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableFileError, match=sentence):
        decode_text(content)
