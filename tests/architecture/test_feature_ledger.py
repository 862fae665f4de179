"""Every row of the feature ledger is shown by tests that exist, or is told as not built; never both, never neither."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FEATURES = ROOT.parent / "shared" / "features.md"
LEDGER = tomllib.loads((ROOT / "tests" / "feature_ledger.toml").read_text())
# F16, F18 and F19 are out by the ledger's own words.
ROW = re.compile(r"^\| ([FN]\d+) \|", re.MULTILINE)


def rows() -> set[str]:
    if not FEATURES.exists():
        pytest.skip("the feature ledger lies in ../shared/features.md, which is not here")
    return set(ROW.findall(FEATURES.read_text()))


def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


def missing_tests(ledger: dict[str, list[str]]) -> list[str]:
    """`path` or `path::test` that is not there; a path alone must hold a test."""
    missing = []
    for name in sorted({name for names in ledger.values() for name in names}):
        path, _, test = name.partition("::")
        found = functions_in(ROOT / path) if (ROOT / path).exists() else set()
        if not any(one.startswith("test_") and test in {"", one} for one in found):
            missing.append(name)
    return missing


def test_every_row_is_shown_or_told_as_not_built() -> None:
    shown, not_built = set(LEDGER["tests"]), set(LEDGER["not_built"])

    assert shown | not_built == rows()
    assert shown & not_built == set()


def test_every_row_names_tests_that_exist() -> None:
    assert [row for row, names in LEDGER["tests"].items() if not names] == []
    assert missing_tests(LEDGER["tests"]) == []


def test_test_that_does_not_exist_is_found() -> None:
    invented = {"F1": ["tests/conftest.py", "tests/nowhere.py", f"tests/architecture/{Path(__file__).name}::test_no"]}

    assert missing_tests(invented) == sorted(invented["F1"])
