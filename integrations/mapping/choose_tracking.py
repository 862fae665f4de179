"""Which option of each tracking category a line gets, by what is known of its shipment."""

from integrations.mapping.problems import Problem, problem
from integrations.mapping.rules import OrganisationRules, TrackingChoice

# The most telling first: in each category the first that has a rule decides.
DIMENSIONS = (
    "charge code", "cost centre", "customer", "customer group", "lane", "mode", "job type", "department", "branch",
    "any",
)  # fmt: skip
# Active in an organisation, and on a line: developer.xero.com/documentation/api/accounting/trackingcategories.
MOST_CATEGORIES = 2


def choose_tracking(
    rules: OrganisationRules, dimensions: dict[str, str]
) -> tuple[tuple[TrackingChoice, ...], list[Problem]]:
    """One option at most of each category. What Xero does not list is a problem."""
    chosen = [
        _choice(rules, category, dimensions) for category in sorted({category for category, _, _ in rules.tracking})
    ]
    found = tuple(one for one in chosen if one is not None)
    return found, [_missing(one) for one in found if one not in rules.tracking_options]


def _choice(rules: OrganisationRules, category: str, dimensions: dict[str, str]) -> TrackingChoice | None:
    for dimension in DIMENSIONS:
        value = dimensions.get(dimension, "")
        option = rules.tracking.get((category, dimension, value.casefold()))
        if option and (value or dimension == "any"):
            return TrackingChoice(category=category, option=option)
    return None


def _missing(choice: TrackingChoice) -> Problem:
    return problem("FB-310", f"{choice.category}: {choice.option}", category=choice.category, option=choice.option)
