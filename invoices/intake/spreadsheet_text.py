"""Text that a spreadsheet will not run as a formula, and back again."""

import re

# What spreadsheets take for a formula, the full-width forms too; behind spaces as well.
FORMULA = re.compile(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")  # noqa: RUF001 these full-width signs are what is meant
SAVED = re.compile(rf"'+(?:{FORMULA.pattern})")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def safe_for_spreadsheet(text: str) -> str:
    """With an apostrophe before what would be run. `without_our_apostrophe` takes off exactly that."""
    if PLAIN_NUMBER.fullmatch(text):
        return text
    return f"'{text}" if FORMULA.match(text) or SAVED.match(text) else text


def without_our_apostrophe(text: str) -> str:
    return text[1:] if text.startswith("'") and SAVED.match(text) else text
