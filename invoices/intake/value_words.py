"""Words where a value should be: what people write instead of an amount or a date, and what it means."""

import re

from invoices.intake.cell_reading import ABSENT, Pointer, Reading, left_out

# Written for “nothing here”. Never looked for in free text, where they are words like any other.
NOTHING = re.compile(r"-+|–|n/?a|n\.a\.?|n/a\b.*|none|nil|null|tba|tbc|tbd|not applicable|not available", re.IGNORECASE)
DASHES = re.compile(r"[-–\s]*")
ELSEWHERE = re.compile(r"\bsee\s+(?P<number>[^\s(]+)(?:\s*\(\s*ID\s*#?\s*:?\s*(?P<key>[^)\s]+)\s*\))?", re.IGNORECASE)
INCLUDED = re.compile(r"\bincl(?:uded|usive|\.)", re.IGNORECASE)
SEPARATELY = re.compile(
    r"\b(?:invoiced|billed|charged|captured|shown|recorded)\s+(?:separately|elsewhere)\b", re.IGNORECASE
)
NOT_KNOWN = re.compile(r"\bnot\s+(?:captured|recorded|known|given)\b", re.IGNORECASE)


def words_for_nothing(text: str) -> Reading | None:
    """“N/A”, “-”, “TBA”: nobody need be told of dashes. None: these are no such words."""
    if not NOTHING.fullmatch(text):
        return None
    return ABSENT if DASHES.fullmatch(text) else left_out(f"“{text}” counts as empty.")


def words_for_amount(text: str, *, noun: str) -> Reading | None:
    """`noun`: what is missing now, a charge or a value. None: the words explain nothing."""
    if found := ELSEWHERE.match(text):
        return Reading(pointer=Pointer(found["number"], found["key"] or ""))
    if INCLUDED.search(text):
        return left_out(f"Contained in another price, says the file: no {noun} here.")
    if SEPARATELY.search(text):
        return left_out(f"Stands in another document, says the file: no {noun} here.")
    if NOT_KNOWN.search(text):
        return left_out(f"Not known, says the file: no {noun} here.")
    return None


def words_for_date(text: str) -> Reading | None:
    return left_out("Not known, says the file: no date.") if NOT_KNOWN.search(text) else None
