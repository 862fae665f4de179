"""Which problem a validation message of Xero's is. Unknown ones keep Xero's own words (FB-501)."""

import re
from collections.abc import Iterable

from integrations.mapping.problems import Problem, problem

# developer.xero.com/documentation/api/accounting/responsecodes shows the shape; the texts themselves were seen by
# many integrators and are unconfirmed, so each pattern is as short as it can be.
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"^Invoice # must be unique|^Credit Note # must be unique|^(?:Order|Quote) number must be unique", "FB-502"),
    (r"^Account code '(?P<account>[^']*)' is not a valid code", "FB-302"),
    (r"^Account code '(?P<account>[^']*)' has been archived", "FB-302"),
    (r"^Account code must be specified|^Account must be valid", "FB-302"),
    (r"^The TaxType code '(?P<tax_name>[^']*)' cannot be used with account code '(?P<account>[^']*)'", "FB-306"),
    (r"^The TaxType code (?P<tax_type>.*) does not exist|^Tax rate must be valid", "FB-305"),
    (r"not subscribed to currency '?(?P<currency>[A-Z]{3})", "FB-402"),
    (r"^The document date cannot be before the (?:period|end of year) lock date(?:\D*(?P<lock_date>.*))?", "FB-403"),
    (r"contact .* has been archived|matched an archived contact", "FB-202"),
    (r"^The contact name .* is already assigned", "FB-205"),
    (r"^You have reached the limit of invoices you can approve", "FB-505"),
    (r"not of valid status for modification|cannot be edited as it has a payment", "FB-506"),
    (r"[Ii]tem [Cc]ode '?(?P<item>[^']*)'? is not valid", "FB-308"),
)


def problem_of(message: str, *, words: dict[str, str]) -> Problem:
    """`words`: what we know of the document, and `subject`, what must be mended; what the message names wins."""
    for pattern, code in PATTERNS:
        match = re.search(pattern, message, re.IGNORECASE)
        if match:
            named = {name: value for name, value in match.groupdict().items() if value}
            return _with_text(code, message, {**words, **named})
    return _with_text("FB-501", message, words)


def problems_of(messages: Iterable[str], *, words: dict[str, str]) -> list[Problem]:
    return [problem_of(message, words=words) for message in messages]


def _with_text(code: str, message: str, words: dict[str, str]) -> Problem:
    named = {name: value for name, value in words.items() if name != "subject"}
    return problem(code, words.get("subject", message[:100]), **{**named, "xero": message})
