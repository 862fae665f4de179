"""One list of environment variables: environment.py's. The example file and the README say the same."""

import re

import pytest

from freightbridge.environment import VARIABLES
from tests.architecture.source_rules import ROOT

EXAMPLE = re.compile(r"^# ([A-Z_]+)=", re.MULTILINE)
TABLE_ROW = re.compile(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", re.MULTILINE)
NAME = re.compile(r"`([A-Z_]+)`")


def named_in_example(text: str) -> list[str]:
    return EXAMPLE.findall(text)


def named_in_readme(text: str) -> list[str]:
    return [name for row in TABLE_ROW.findall(text) for name in NAME.findall(row)]


def test_example_file_lists_every_variable_once() -> None:
    assert named_in_example((ROOT / ".env.example").read_text()) == list(VARIABLES)


def test_readme_lists_every_variable_once() -> None:
    assert named_in_readme((ROOT / "README.md").read_text()) == list(VARIABLES)


@pytest.mark.parametrize(
    ("read", "text"),
    [(named_in_example, "# SECRET_KEY=\n# STRAY=1\n"), (named_in_readme, "| `SECRET_KEY`, `STRAY` | x |\n")],
    ids=["example", "readme"],
)
def test_list_reports_a_stray_variable(read, text) -> None:  # noqa: ANN001 both readers take and give the same
    assert read(text) == ["SECRET_KEY", "STRAY"]
