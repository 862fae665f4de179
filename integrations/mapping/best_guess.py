"""What a person would most likely choose, so that it stands chosen already. Pure; nobody's choice is made by it."""

from collections import Counter
from collections.abc import Mapping
from difflib import SequenceMatcher

from integrations.mapping.rules import OrganisationRules

# Of a name that is less alike than this nothing follows.
ALIKE = 0.6


def likeliest_account(rules: OrganisationRules, *, side: str, name: str, choices: Mapping[str, str]) -> str:
    """
    `choices`: codes of accounts that may be chosen, with their labels. The one that is called like the charge code,
    else the one that most codes of this side go to; empty where nothing speaks for any, or as much for another.
    """
    alike = likeliest_name(name, {code: rules.accounts[code].name for code in choices})
    if alike:
        return alike
    used = Counter(target.account_code for (of, _, _), target in rules.charge_targets.items() if of == side)
    common = [(code, count) for code, count in used.most_common() if code in choices][:2]
    is_even = len({count for _, count in common}) < len(common)
    return "" if is_even or not common else common[0][0]


def likeliest_name(name: str, named: Mapping[str, str]) -> str:
    """The key of the name that is most like this one; empty where none is."""
    likeness = {key: _likeness(name, other) for key, other in named.items()}
    best = max(likeness, key=lambda key: likeness[key], default="")
    return best if best and likeness[best] >= ALIKE else ""


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()
