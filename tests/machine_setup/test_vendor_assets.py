import json
from pathlib import Path
from typing import Any

import pytest

from freightbridge.environment import CHECKOUT
from freightbridge.machine_setup import vendor_assets


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two files brought by npm."""
    static, fonts, modules = tmp_path / "static", tmp_path / "fonts", tmp_path / "node_modules"
    files = {"a/app.js": static / "app.js", "b/Inter.ttf": fonts / "Inter.ttf"}
    for name, content in {"a/app.js": b"run();\n//# sourceMappingURL=app.js.map\n", "b/Inter.ttf": b"\x00\x01"}.items():
        (modules / name).parent.mkdir(parents=True)
        (modules / name).write_bytes(content)
    for name, value in {"STATIC": static, "FONTS": fonts, "MODULES": modules, "FILES": files}.items():
        monkeypatch.setattr(vendor_assets, name, value)
    monkeypatch.setattr(vendor_assets, "_install", lambda: None)
    return tmp_path


def test_files_are_copied_without_the_names_of_missing_maps(places: Path) -> None:
    vendor_assets.copy_assets()

    assert (places / "static/app.js").read_bytes() == b"run();\n"
    assert (places / "fonts/Inter.ttf").read_bytes() == b"\x00\x01"
    assert '<dir prefix="relative">.</dir>' in (places / "fonts/fonts.conf").read_text()


def test_npm_of_the_machine_is_used_without_running_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[Any] = []
    monkeypatch.setattr(vendor_assets.shutil, "which", lambda _name: "/usr/bin/npm")
    monkeypatch.setattr(
        vendor_assets.subprocess, "run", lambda command, **options: ran.append((command, options["check"]))
    )

    vendor_assets._install()

    assert ran == [(["/usr/bin/npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], True)]


def test_every_file_comes_from_a_locked_package() -> None:
    locked = json.loads((CHECKOUT / "package-lock.json").read_text())["packages"]
    names = {name.removeprefix("node_modules/") for name in locked}

    packages = {"/".join(source.split("/")[: 2 if source.startswith("@") else 1]) for source in vendor_assets.FILES}

    assert packages <= names
