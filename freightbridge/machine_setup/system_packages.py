"""
What no Python package brings: Pango, which lays out PDFs, and for the tests Chromium.

They are installed where the rights allow; otherwise one line says how. Nothing but the PDFs or the browser
tests needs them, so this never fails.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemPackage:
    """`purpose` completes the sentence "… are missing, which …"."""

    name: str
    purpose: str
    debian: tuple[str, ...]
    homebrew: tuple[str, ...]

    def is_there(self) -> bool:
        if self.name == "Pango":
            return all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset"))
        return find_chromium() is not None and find_chromedriver() is not None


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def find_chromedriver() -> str | None:
    return os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")


PANGO = SystemPackage(
    name="Pango",
    purpose="lays out the PDFs of invoices",
    debian=("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    homebrew=("pango",),
)
CHROMIUM = SystemPackage(
    name="Chromium",
    purpose="the browser tests drive",
    debian=("chromium", "chromium-driver"),
    homebrew=("--cask", "chromium", "chromedriver"),
)


def install_missing(packages: Iterable[SystemPackage]) -> None:
    for package in packages:
        if not package.is_there():
            _install(package)
        if not package.is_there():
            print(how_to_install(package))  # noqa: T201 this is what the command is for


def how_to_install(package: SystemPackage) -> str:
    if shutil.which("brew"):
        command = f"brew install {' '.join(package.homebrew)}"
    else:
        command = f"sudo apt-get install {' '.join(package.debian)}"
    return f"{package.name}, which {package.purpose}, is missing. Install it with: {command}"


def _install(package: SystemPackage) -> None:
    """Quiet where it works; where it does not, the caller says what to do by hand."""
    for command in _commands(package):
        done = subprocess.run(command, check=False, env=QUIET, capture_output=True)  # noqa: S603 fixed programs
        if done.returncode != 0:
            return


def _commands(package: SystemPackage) -> list[list[str]]:
    if shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *package.debian]
        if os.geteuid() == 0:
            return [["apt-get", "update"], install]
        if shutil.which("sudo"):
            return [["sudo", "-n", "apt-get", "update"], ["sudo", "-n", *install]]
    if shutil.which("brew"):
        return [["brew", "install", *package.homebrew]]
    return []


if __name__ == "__main__":
    # `make setup` has brought Pango, or said how, before the tests ask for more.
    install_missing([CHROMIUM] if "--for-tests" in sys.argv else [PANGO])
