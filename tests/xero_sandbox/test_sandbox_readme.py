"""The sandbox's README names everything that there is, and nothing else."""

import re
from dataclasses import asdict

from integrations.xero_sandbox.back_office.acts import ACTS
from integrations.xero_sandbox.faults.fault_rules import FAULTS
from integrations.xero_sandbox.switches import Switches
from tests.xero_sandbox.sandbox_process import ROOT, SandboxProcess

README = (ROOT / "integrations" / "xero_sandbox" / "README.md").read_text()


def section(title: str) -> str:
    return README.split(f"## {title}")[1].split("\n## ")[0]


def test_acts_are_all_named() -> None:
    (listed,) = re.findall(r"^Acts: ([a-z_,\s]+)\.", section("For tests"), re.MULTILINE)

    assert sorted(listed.split()) == sorted([*(f"{act}," for act in ACTS if act != "revoke_grant"), "revoke_grant"])


def test_faults_are_all_named() -> None:
    rows = [line.split("|")[1] for line in section("Faults").splitlines() if line.startswith("| `")]

    assert sorted(re.findall(r"`([a-z_]+)`", "".join(rows))) == sorted(FAULTS)


def test_switches_are_all_named_with_their_defaults_first() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| `?([^`,]+)`?,", section("Switches"), re.MULTILINE)

    assert dict(rows) == {name: str(value).lower() for name, value in asdict(Switches()).items()}


def test_switches_are_all_moved_by_some_test() -> None:
    tests = "".join(path.read_text() for path in (ROOT / "tests" / "xero_sandbox").glob("test_*.py"))

    assert [name for name in asdict(Switches()) if f"switch({name}=" not in tests] == []


def test_admin_addresses_are_all_named(sandbox: SandboxProcess) -> None:
    rows = re.findall(r"^\| `((?:GET|POST)`?[^|]*)\|", section("For tests"), re.MULTILINE)
    named = set()
    for row in rows:
        methods = re.findall(r"GET|POST", row)
        path = re.findall(r"(?:GET|POST) ([a-z/]+)", row)[0]
        named |= {f"{method} /_sandbox/{path}" for method in methods}

    assert sorted(named) == sandbox.http("GET", "/_sandbox/nowhere").json["known"]
