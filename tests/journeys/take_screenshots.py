"""Screenshots of every page in every look, for a person to look through: what `make screenshots` runs."""

import base64
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from freightbridge.tenancy.models import Tenant
from tests.conftest import make_member
from tests.journeys.chromium_window import END_TRANSITIONS, Window
from tests.journeys.running_system import ROOT
from tests.journeys.test_pages_in_a_browser import COMPANY, LOOKS, Look, pages  # noqa: F401 the sweep's list

FOLDER = ROOT / "screenshots"
# A list of everything, on a telephone, would be taller than any picture that can be looked at.
TALLEST = 6000
SHEET = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page of FreightBridge</title>
<style>body{{font:14px system-ui;margin:1rem}}section{{display:flex;gap:1rem;align-items:start;overflow:auto}}
figure{{margin:0 0 2rem}}figure img{{border:1px solid #999;max-height:40rem;object-fit:cover;object-position:top}}
.at-1440{{width:36rem}}.at-390{{width:14rem}}</style>
<h1>Every page of FreightBridge</h1>{pages}</html>"""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(3600)]


def test_a_screenshot_is_taken_of_every_page_in_every_look(
    pages: list[str],  # noqa: F811
    tenant: Tenant,
    window: Callable[[], Window],
) -> None:
    make_member(tenant, "admin")
    seen = window()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()

    taken = {"/login/": take(seen, "/login/", number=0)}
    seen.sign_in("admin@acme-freight.example")
    for number, page in enumerate(pages, start=1):
        taken[page] = take(seen, page, number=number)

    (FOLDER / "index.html").write_text(contact_sheet(taken))
    assert all((FOLDER / name).stat().st_size for names in taken.values() for name in names)


def take(seen: Window, page: str, *, number: int) -> list[str]:
    """The files' names, one for each look: by place and address, without ids, so that two runs can be compared."""
    words = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "one", page.removeprefix(COMPANY))
    stem = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "start"
    names = []
    for theme, width in LOOKS:
        name = f"{number:03d}-{stem[:60]}-{width}-{theme}.png"
        look_at(seen, page, (theme, width))
        (FOLDER / name).write_bytes(picture(seen, width))
        names.append(name)
    return names


def look_at(seen: Window, page: str, look: Look) -> None:
    """Loaded anew: what a script lays out once is then laid out for this width."""
    theme, width = look
    seen.look_as(theme=theme, width=width)
    seen.open(page)
    seen.wait_for(lambda: seen.theme() == theme, f"never {theme}")
    seen.driver.execute_script(END_TRANSITIONS)


def picture(seen: Window, width: int) -> bytes:
    """From the page's top to its end."""
    height = min(TALLEST, int(seen.driver.execute_script("return document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = seen.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    return base64.b64decode(shot["data"])


def contact_sheet(taken: dict[str, list[str]]) -> str:
    return SHEET.format(
        pages="".join(
            f"<h2>{escape(page)}</h2><section>{''.join(_figure(Path(name)) for name in names)}</section>"
            for page, names in taken.items()
        )
    )


def _figure(file: Path) -> str:
    width, theme = file.stem.split("-")[-2:]
    return (
        f'<figure><a href="{file.name}"><img class="at-{width}" src="{file.name}" loading="lazy"'
        f' alt="{width} pixels wide, {theme}"></a><figcaption>{width}, {theme}</figcaption></figure>'
    )
