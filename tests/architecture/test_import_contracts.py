"""Each import contract of pyproject.toml reports the sample that breaks it: all of them, in one copy of the tree."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_rules import ROOT, SOURCES

SAMPLES = sorted((Path(__file__).parent / "breaches" / "imports").glob("*.py"))
HEADER = re.compile(r"# contract: (?P<contract>.+)\n# stands as: (?P<place>.+)\n")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    tree = tmp_path_factory.mktemp("tree")
    for package in SOURCES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("static", "__pycache__", "*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tree)
    for sample in SAMPLES:
        place = tree / header_of(sample)["place"]
        place.parent.mkdir(exist_ok=True)
        (place.parent / "__init__.py").touch()
        shutil.copy(sample, place)
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=tree, env={"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=False)
    return done.stdout


def header_of(sample: Path) -> re.Match[str]:
    match = HEADER.match(sample.read_text())
    assert match is not None, f"{sample.name} does not say what it breaks"
    return match


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_contract_reports_its_breach(sample: Path, report: str) -> None:
    assert f"{header_of(sample)['contract']} BROKEN" in report


def test_every_contract_has_a_breach(report: str) -> None:
    contracts = set(re.findall(r"^(.+) (?:KEPT|BROKEN)$", report, re.MULTILINE))

    assert contracts == {header_of(sample)["contract"] for sample in SAMPLES}
