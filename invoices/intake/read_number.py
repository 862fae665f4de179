"""Numbers as people and spreadsheets write them: 1,234.50 · 1.234,50 · 1 234.5 · (12.00) · 12- · USD 500."""

import re
from decimal import Decimal
from typing import NamedTuple

from invoices.intake.column_match import DecimalMark

LONGEST = 40
SYMBOLS = {"€": "EUR", "£": "GBP", "US$": "USD", "A$": "AUD", "NZ$": "NZD"}
SYMBOL = "|".join(re.escape(symbol) for symbol in SYMBOLS)
SIGN = r"[-+\u2212]"
AROUND = re.compile(
    rf"(?P<sign>{SIGN}?)\s*(?:(?P<before>[A-Z]{{3}}|{SYMBOL}|\$)\s*)?(?P<number>{SIGN}?[\d.,'’\s]*\d[\d.,'’\s]*?)"
    rf"\s*(?P<after>[A-Z]{{3}}|{SYMBOL})?(?P<minus>-?)"
)
# The same separator throughout, groups of three; or none.
WHOLE = r"(?P<whole>\d{{1,3}}(?:(?P<group>[{between}])\d{{3}})(?:(?P=group)\d{{3}})*|\d*)"
DIGITS = {
    DecimalMark.POINT: re.compile(WHOLE.format(between=r",'’\s") + r"(?:\.(?P<part>\d*))?"),
    DecimalMark.COMMA: re.compile(WHOLE.format(between=r".'’\s") + r"(?:,(?P<part>\d*))?"),
}
# Most are written so; the other ways take ten times as long to tell apart.
PLAIN = {DecimalMark.POINT: re.compile(r"-?\d+(?:\.\d+)?"), DecimalMark.COMMA: re.compile(r"-?\d+")}
OTHER_MARK = {DecimalMark.POINT: DecimalMark.COMMA, DecimalMark.COMMA: DecimalMark.POINT}
NEGATIVE = {"-", "\u2212"}


class WrittenNumber(NamedTuple):
    """`currency`: the one that stands beside the number, if any."""

    value: Decimal
    currency: str = ""


def read_number(text: str, *, decimal_mark: DecimalMark) -> WrittenNumber | None:
    """None: it is no number in this way of writing. Nothing is guessed: 1,234 is 1234 or 1.234 by the mark alone."""
    if len(text) > LONGEST:
        return None
    if PLAIN[decimal_mark].fullmatch(text):
        return WrittenNumber(Decimal(text))
    is_bracketed = text.startswith("(") and text.endswith(")")
    around = AROUND.fullmatch(text[1:-1].strip() if is_bracketed else text.strip())
    if around is None or (around["before"] and around["after"]):
        return None
    inner = around["number"].lstrip("+-\u2212")
    digits = DIGITS[decimal_mark].fullmatch(inner.strip())
    if digits is None:
        return None
    whole, part = re.sub(r"\D", "", digits["whole"]), digits["part"] or ""
    signs = [is_bracketed, around["sign"] in NEGATIVE, around["number"][0] in NEGATIVE, around["minus"] == "-"]
    if sum(signs) > 1:
        return None
    value = Decimal(f"{whole or 0}.{part or 0}")
    named = around["before"] or around["after"] or ""
    return WrittenNumber(-value if any(signs) else value, SYMBOLS.get(named, named.removeprefix("$")))


def is_written_otherwise(text: str, *, decimal_mark: DecimalMark) -> bool:
    """It would be a number with the other decimal mark, which the person may have meant."""
    return read_number(text, decimal_mark=OTHER_MARK[decimal_mark]) is not None
