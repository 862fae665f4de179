"""Holds facts.toml against the tests that it names, and against the reference where that is at hand."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.xero_sandbox.sandbox_process import ROOT

FACTS = tomllib.loads((ROOT / "integrations" / "xero_sandbox" / "facts.toml").read_text())["fact"]
REFERENCE = ROOT.parent / "shared" / "reference" / "xero-api.md"
IDENTIFIER = re.compile(r"(?P<section>[1-9](\.\d{1,2})?)/[a-z0-9]+(-[a-z0-9]+)*")
HEADING = re.compile(r"#{2,3} (?P<section>\d+(\.\d+)?)\.? ")
MARKED = re.compile(r"""(?<![\w"'/.\[{§])[SR](?![\w'"/])""")
LONGEST_TEXT = 12


@cache
def names_of_tests(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text())
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def marked_statements() -> Counter[str]:
    """How many lines of each section of the reference carry the mark S or R."""
    counted: Counter[str] = Counter()
    section = ""
    for line in REFERENCE.read_text().splitlines():
        if heading := HEADING.match(line):
            section = heading["section"]
        is_of_xero = section[:1] in set("123456789") and not re.match(r"\d\d", section)
        if is_of_xero and MARKED.search(re.sub(r"`[^`]*`", "", line)):
            counted[section] += 1
    return counted


def test_every_fact_has_its_parts() -> None:
    for fact in FACTS:
        assert IDENTIFIER.fullmatch(fact["id"]), fact
        assert 1 <= len(fact["text"].split()) <= LONGEST_TEXT, fact
        assert fact["mark"] in {"S", "R", "S, R"}, fact
        assert set(fact) in ({"id", "text", "mark", "test"}, {"id", "text", "mark", "reason"}), fact


def test_identifiers_are_unique() -> None:
    counted = Counter(fact["id"] for fact in FACTS)

    assert [identifier for identifier, count in counted.items() if count > 1] == []


def test_named_tests_exist() -> None:
    named = [fact["test"].split("::") for fact in FACTS if "test" in fact]

    assert [f"{path}::{name}" for path, name in named if name not in names_of_tests(ROOT / path)] == []


def test_every_statement_of_the_reference_has_its_fact() -> None:
    if not REFERENCE.exists():
        pytest.skip("the reference beside the checkout, ../shared/reference/xero-api.md, is not here")
    told = Counter(fact["id"].split("/")[0] for fact in FACTS)

    missing = {section: count for section, count in marked_statements().items() if told[section] < count}
    assert missing == {}
