"""Which problem a validation message of Xero's is. Unknown ones keep Xero's own words (FB-501)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from integrations.mapping.problems import Problem, problem

UNKNOWN = "FB-501"


@dataclass(frozen=True, slots=True)
class XeroText:
    """
    `pattern` names what it learns. `words`: what our sentence needs beside that; learnt words may stand in them.
    `subject`: what must be mended, where that is not what the document says of itself.
    """

    pattern: str
    code: str
    words: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""


# developer.xero.com/documentation/api/accounting/responsecodes shows the shape; the texts themselves were seen by
# many integrators and are unconfirmed, so each pattern is as short as it can be.
TEXTS: tuple[XeroText, ...] = (
    XeroText(r"^(?:Invoice|Credit Note) # must be unique|^(?:Order|Quote) number must be unique", "FB-502"),
    XeroText(r"^Account code must be specified", "FB-301"),
    XeroText(r"^Account code '(?P<account>[^']*)' is not a valid code", "FB-302"),
    # The second is a warning: drafts lose the code without a refusal.
    XeroText(r"^Account code '(?P<account>[^']*)' has been (?:archived|removed)|^Account must be valid", "FB-302"),
    XeroText(
        r"^The TaxType code '(?P<tax_name>[^']*)' cannot be used with account code '(?P<account>[^']*)'", "FB-306"
    ),
    XeroText(r"^The TaxType code '?(?P<tax_type>.*?)'? does not exist|^Tax rate must be valid", "FB-305"),
    XeroText(r"not subscribed to currency '?(?P<currency>[A-Z]{3})", "FB-402"),
    XeroText(
        r"^The document date cannot be before the (?:period|end of year) lock date"
        r"(?:,? currently set at| of)?\s*(?P<lock_date>[^.]*)",
        "FB-403",
    ),
    XeroText(
        r"contact .* has been archived|matched an archived contact|^The status 'ARCHIVED' is not valid for contacts",
        "FB-202",
    ),
    # The second is said of accounts too, which we never create; of what we send only a contact has a unique name.
    XeroText(r"^The contact name .* is already assigned|^Please enter a unique Name", "FB-205"),
    XeroText(r"^Email address must be valid|^Website must be valid", "FB-206"),
    XeroText(r"^You have reached the limit of invoices you can approve", "FB-505"),
    XeroText(r"not of valid status for modification|cannot be edited as it has a payment", "FB-506"),
    XeroText(r"not of valid status for creation", "FB-503"),
    XeroText(r"^Item code '?(?P<item>[^']*)'? is not valid", "FB-308"),
    XeroText(r"^Price List Item with Code '(?P<item>[^']*)' already exists", "FB-311"),
    XeroText(
        r"^One or more line items must be specified", "FB-401", {"text": "Xero takes no document without a line."},
        "charge_code",
    ),
    XeroText(
        r"^A Contact must be specified", "FB-401", {"text": "Xero takes no document without a contact."}, "customer"
    ),
    XeroText(
        r"^The line total (?P<ours>[\d.,-]+) does not match the expected line total (?P<theirs>[\d.,-]+\d)", "FB-504",
        {"differences": "line total: {ours} here, {theirs} in Xero", "standing": "was not taken"},
    ),
    XeroText(r"^An existing .* with the specified \w+ could not be found", "FB-512"),
    XeroText(r"^Payment amount exceeds the amount outstanding", "FB-513"),
    XeroText(r"^Url must be a valid absolute url", "FB-603"),
)  # fmt: skip


def problem_of(message: str, *, words: dict[str, str]) -> Problem:
    """`words`: what we know of the document, and `subject`, what must be mended; what the message names wins."""
    for text in TEXTS:
        match = re.search(text.pattern, message, re.IGNORECASE)
        if match:
            learnt = {name: value for name, value in match.groupdict().items() if value}
            told = {name: words_of.format_map(learnt) for name, words_of in text.words.items()}
            return _with_text(text.code, message, {**words, **learnt, **told}, text.subject)
    return _with_text(UNKNOWN, message, words)


def problems_of(messages: Iterable[str], *, words: dict[str, str]) -> list[Problem]:
    return [problem_of(message, words=words) for message in messages]


def _with_text(code: str, message: str, words: dict[str, str], subject: str = "") -> Problem:
    named = {name: value for name, value in words.items() if name != "subject"}
    return problem(code, subject or words.get("subject", message[:100]), **{**named, "xero": message})
