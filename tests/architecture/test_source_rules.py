"""Every source file keeps the house rules, and each rule finds the sample that breaks it."""

from pathlib import Path

import pytest

from tests.architecture import source_rules as rules

BREACHES = Path(__file__).parent / "breaches"
ON_SOURCES = [
    rules.too_long_files,
    rules.too_long_functions,
    rules.forbidden_names,
    rules.repeated_file_names,
    rules.filled_packages,
    rules.lone_modules,
    rules.delayed_tasks,
]
ON_TESTS = [rules.too_long_files, rules.too_long_functions, rules.repeated_file_names]


@pytest.mark.parametrize("rule", ON_SOURCES, ids=lambda rule: rule.__name__)
def test_sources_keep_the_rule(rule: rules.Rule) -> None:
    assert list(rule(rules.source_files())) == []


@pytest.mark.parametrize("rule", ON_TESTS, ids=lambda rule: rule.__name__)
def test_tests_keep_the_rule(rule: rules.Rule) -> None:
    assert list(rule(rules.check_files())) == []


@pytest.mark.parametrize(
    ("rule", "findings"),
    [
        (rules.too_long_files, ["too_long_files.py: 301 lines, 300 are allowed"]),
        (
            rules.delayed_tasks,
            [
                "delayed_tasks.py: countdown leaves a delay to Celery",
                "delayed_tasks.py: retry() leaves a delay to Celery",
            ],
        ),
        (rules.too_long_functions, ["too_long_functions.py: never_ends has 63 lines, 60 are allowed"]),
        (
            rules.forbidden_names,
            [
                "order_utils.py: says nothing of what is inside",
                "order_utils.py: the class InvoiceHandler says nothing of what it is",
            ],
        ),
        (rules.filled_packages, ["filled_packages/__init__.py is not empty"]),
        (rules.lone_modules, ["lone_modules holds one module only"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_rule_finds_its_breach(rule: rules.Rule, findings: list[str]) -> None:
    breach = BREACHES / rule.__name__
    sample = sorted(breach.rglob("*.py")) if breach.is_dir() else [breach.with_suffix(".py")]

    assert list(rule(sample)) == findings


def test_repeated_file_names_are_found() -> None:
    sample = (BREACHES / "repeated_file_names").rglob("*.py")

    (finding,) = rules.repeated_file_names(sample)

    assert finding.startswith("rates.py stands in ")
