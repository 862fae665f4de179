from collections.abc import Sequence
from typing import Any

import pytest

from freightbridge.machine_setup import system_packages
from freightbridge.machine_setup.system_packages import CHROMIUM, PANGO, SystemPackage, how_to_install, install_missing


class Missing(SystemPackage):
    def is_there(self) -> bool:
        return False


def missing(name: str = "Pango") -> SystemPackage:
    return Missing(name=name, purpose="lays out PDFs", debian=("libpango",), homebrew=("pango",))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A machine with the given programs and rights; what it runs is remembered, and fails."""
    ran: list[list[str]] = []

    class Failed:
        returncode = 1

    def run(command: Sequence[str], **_options: Any) -> Failed:
        ran.append(list(command))
        return Failed()

    def describe(*programs: str, is_root: bool = False) -> list[list[str]]:
        monkeypatch.setattr(
            system_packages.shutil, "which", lambda name: f"/usr/bin/{name}" if name in programs else None
        )
        monkeypatch.setattr(system_packages.os, "geteuid", lambda: 0 if is_root else 1000)
        monkeypatch.setattr(system_packages.subprocess, "run", run)
        return ran

    return describe


@pytest.mark.parametrize(
    ("programs", "is_root", "first"),
    [
        (("apt-get",), True, ["apt-get", "update"]),
        (("apt-get", "sudo"), False, ["sudo", "-n", "apt-get", "update"]),
        (("brew",), False, ["brew", "install", "pango"]),
    ],
)
def test_package_is_installed_where_the_rights_allow(
    machine: Any, programs: tuple[str, ...], is_root: bool, first: list[str]
) -> None:
    ran = machine(*programs, is_root=is_root)

    install_missing([missing()])

    assert ran[0] == first


def test_without_rights_one_line_says_how(machine: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ran = machine("apt-get")

    install_missing([missing()])

    assert ran == []
    assert capsys.readouterr().out == (
        "Pango, which lays out PDFs, is missing. Install it with: sudo apt-get install libpango\n"
    )


def test_failed_installation_says_how_and_goes_on(machine: Any, capsys: pytest.CaptureFixture[str]) -> None:
    ran = machine("apt-get", is_root=True)

    install_missing([missing("Pango"), missing("Chromium")])

    assert len(ran) == 2
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_what_is_there_is_left_alone(machine: Any, capsys: pytest.CaptureFixture[str]) -> None:
    class There(SystemPackage):
        def is_there(self) -> bool:
            return True

    ran = machine("apt-get", is_root=True)

    install_missing([There(name="x", purpose="x", debian=("x",), homebrew=("x",))])

    assert (ran, capsys.readouterr().out) == ([], "")


def test_line_is_for_the_machine_it_is_read_on(machine: Any) -> None:
    machine("brew")

    assert how_to_install(PANGO).endswith("brew install pango")
    assert how_to_install(CHROMIUM).startswith("Chromium, which the browser tests drive, is missing.")


def test_browser_is_found_by_its_variable_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/opt/chromium")
    monkeypatch.setenv("CHROMEDRIVER", "/opt/driver")

    assert system_packages.find_chromium() == "/opt/chromium"
    assert system_packages.find_chromedriver() == "/opt/driver"
