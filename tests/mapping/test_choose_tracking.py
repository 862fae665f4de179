"""Which options a line gets, by what is known of its shipment."""

from dataclasses import replace

import pytest

from integrations.mapping.choose_tracking import choose_tracking
from integrations.mapping.rules import TrackingChoice
from tests.mapping.mapping_cases import rules_of

TRACKING = {
    ("Branch", "branch", "syd"): "Sydney",
    ("Branch", "customer group", "gold"): "Key accounts",
    ("Branch", "any", ""): "Other",
    ("Mode", "mode", "sea"): "Ocean",
}
OPTIONS = frozenset(
    TrackingChoice(category=category, option=option)
    for category, option in (("Branch", "Sydney"), ("Branch", "Key accounts"), ("Branch", "Other"), ("Mode", "Ocean"))
)
RULES = replace(rules_of({}), tracking=TRACKING, tracking_options=OPTIONS)


@pytest.mark.parametrize(
    ("dimensions", "options"),
    [
        ({"branch": "SYD", "mode": "sea"}, ["Sydney", "Ocean"]),
        ({"branch": "SYD", "customer group": "Gold"}, ["Key accounts"]),
        ({"branch": "MEL"}, ["Other"]),
        ({}, ["Other"]),
    ],
)
def test_most_telling_rule_of_each_category_decides(dimensions: dict[str, str], options: list[str]) -> None:
    chosen, problems = choose_tracking(RULES, dimensions)

    assert [one.option for one in chosen] == options
    assert problems == []


def test_option_that_xero_does_not_list_is_a_problem() -> None:
    _, (problem,) = choose_tracking(replace(RULES, tracking_options=frozenset()), {})

    assert (problem.code, problem.subject) == ("FB-310", "Branch: Other")
