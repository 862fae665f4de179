"""
Makes a logo of whatever picture was uploaded, or says why not. Pure.

The picture is drawn anew: nothing of the file but its colours is kept, and it is no larger than an invoice prints
it. A photograph as it comes from a telephone would cost each invoice a tenth of a second and 200 KB.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE
MOST_PIXELS = 12_000_000
MOST_WORDS = f"at most {MOST_PIXELS // 1_000_000} million in all"
# 62 × 20 mm of the letterhead, at 250 dots an inch.
LARGEST_SIZE = (610, 200)
SMALLEST_SIDE = 40
# As PNG, which is sharp; what is larger so is a photograph, and smaller as JPEG.
LARGEST_PNG = 60_000
FORMATS = ("PNG", "JPEG", "WEBP")
WHITE = (255, 255, 255)
WANTED = "Upload the logo as PNG or JPEG."


class LogoRefusedError(Exception):
    """The file is no picture that can be printed; the message says why."""


@dataclass(frozen=True, slots=True)
class Logo:
    content: bytes
    content_type: str


def clean_logo(content: bytes) -> Logo:
    """Whatever the file's name says, its bytes decide. Raises LogoRefusedError."""
    if not content:
        raise LogoRefusedError("The file is empty (0 bytes).")
    if len(content) > LARGEST_FILE:
        size = f"{len(content) / MEGABYTE:.1f} MB"
        raise LogoRefusedError(f"The file has {size}; up to {LARGEST_FILE // MEGABYTE} MB can be uploaded.")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise LogoRefusedError(f"This is an SVG drawing or a web page, which can hold more than a picture. {WANTED}")
    return _encoded(_opened(content))


def _opened(content: bytes) -> Image.Image:
    """Upright, on white, as small as it is printed."""
    try:
        with warnings.catch_warnings():
            # What Pillow only warns of is measured here.
            warnings.simplefilter("ignore")
            picture: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
            _check_size(picture.size)
            picture.draft("RGB", LARGEST_SIZE)
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except UnidentifiedImageError as error:
        raise LogoRefusedError(f"This is no picture that can be read. {WANTED}") from error
    except Image.DecompressionBombError as error:
        raise LogoRefusedError(f"The picture has too many pixels. Make it smaller: {MOST_WORDS}.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise LogoRefusedError(f"The picture is damaged. Save it again. {WANTED}") from error
    upright.thumbnail(LARGEST_SIZE, Image.Resampling.LANCZOS)
    flat = Image.new("RGB", upright.size, WHITE)
    flat.paste(upright, mask=upright.getchannel("A"))
    return flat


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise LogoRefusedError(f"The picture has {width} × {height} pixels. Make it smaller: {MOST_WORDS}.")
    if min(size) < SMALLEST_SIDE:
        raise LogoRefusedError(
            f"The picture has {width} × {height} pixels and would be blurred in print. "
            f"Use one of at least {SMALLEST_SIDE} pixels each way, better 600 wide."
        )


def _encoded(picture: Image.Image) -> Logo:
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    if png.tell() <= LARGEST_PNG:
        return Logo(png.getvalue(), "image/png")
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=88, optimize=True)
    return Logo(jpeg.getvalue(), "image/jpeg")
