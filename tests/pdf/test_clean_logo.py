"""A logo is drawn anew, and whatever is no picture is refused with a sentence."""

import io
import zlib
from contextlib import suppress
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from invoices.pdf.clean_logo import LARGEST_FILE, LARGEST_SIZE, Logo, LogoRefusedError, clean_logo
from tests.pdf.pictures import picture

WHOLE = [picture(kind=kind) for kind in ("PNG", "JPEG", "WEBP")]
SECRET = b"GPS 33.8568 S"


def opened(logo: Logo) -> Image.Image:
    image: Image.Image = Image.open(io.BytesIO(logo.content))
    image.load()
    return image


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "PNG", "mode": "RGB"}, {"kind": "PNG", "mode": "RGBA"}, {"kind": "PNG", "mode": "P"},
        {"kind": "PNG", "mode": "LA"}, {"kind": "PNG", "mode": "1"}, {"kind": "JPEG", "mode": "RGB"},
        {"kind": "JPEG", "mode": "CMYK"}, {"kind": "JPEG", "mode": "L"}, {"kind": "WEBP", "mode": "RGBA"},
    ],
)  # fmt: skip
def test_picture_of_any_kind_becomes_one_that_is_printed(options: dict[str, Any]) -> None:
    logo = clean_logo(picture(**options))

    assert logo.content_type == "image/png"
    assert (opened(logo).format, opened(logo).mode, opened(logo).size) == ("PNG", "RGB", (300, 100))


def test_large_picture_is_made_as_small_as_it_is_printed_and_keeps_its_shape() -> None:
    assert opened(clean_logo(picture((2400, 600)))).size == (610, 153)
    assert opened(clean_logo(picture((400, 800)))).size == (100, 200)


def test_see_through_picture_stands_on_white() -> None:
    empty = io.BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(empty, "PNG")

    assert opened(clean_logo(empty.getvalue())).getpixel((30, 30)) == (255, 255, 255)


def test_nothing_of_the_file_is_kept_but_its_colours() -> None:
    about = Image.Exif()
    about[0x010E] = SECRET.decode()

    logo = clean_logo(picture(kind="JPEG", exif=about, comment=SECRET) + SECRET)

    assert SECRET not in logo.content


def test_photograph_on_its_side_is_set_upright() -> None:
    about = Image.Exif()
    about[0x0112] = 6

    assert opened(clean_logo(picture((300, 100), kind="JPEG", exif=about))).size == (67, 200)


def test_photograph_stays_small() -> None:
    noise = Image.frombytes("RGB", LARGEST_SIZE, noisy_bytes(3 * LARGEST_SIZE[0] * LARGEST_SIZE[1]))
    file = io.BytesIO()
    noise.save(file, "PNG")

    logo = clean_logo(file.getvalue())

    assert (logo.content_type, len(logo.content) < len(file.getvalue()) / 2) == ("image/jpeg", True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\0" * (LARGEST_FILE + 1), "up to 5 MB"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG drawing or a web page"),
        (b'\xef\xbb\xbf \n<?xml version="1.0"?><svg/>', "SVG drawing or a web page"),
        (b"%PDF-1.7", "no picture that can be read"),
        (b"MZ" + b"\0" * 200, "no picture that can be read"),
        (picture(kind="GIF", mode="P"), "no picture that can be read"),
        (picture((20, 20)), "20 × 20 pixels and would be blurred"),
        (picture((4001, 3000), mode="1"), "at most 12 million"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(LogoRefusedError, match=words):
        clean_logo(content)


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    """60,000 × 60,000 black pixels in 100 bytes: only the head is read."""
    head = b"IHDR" + (60_000).to_bytes(4) * 2 + bytes([1, 0, 0, 0, 0])
    bomb = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4) + head + zlib.crc32(head).to_bytes(4)

    with pytest.raises(LogoRefusedError, match="too many pixels"):
        clean_logo(bomb + picture()[33:])


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_broken_pictures_are_refused_or_drawn_and_never_an_error(data: st.DataObject) -> None:
    broken = bytearray(data.draw(st.sampled_from(WHOLE)))
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, len(broken) - 1), st.integers(0, 255)), max_size=8)):
        broken[place] = byte
    cut = data.draw(st.integers(1, len(broken)))

    with suppress(LogoRefusedError):
        assert opened(clean_logo(bytes(broken[:cut]))).mode == "RGB"


def noisy_bytes(count: int) -> bytes:
    """As hard to press as a photograph."""
    return b"".join(sha256(number.to_bytes(4)).digest() for number in range(count // 32 + 1))[:count]
