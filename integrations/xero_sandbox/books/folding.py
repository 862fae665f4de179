"""Text as Xero compares it: without regard to case and accents.

Source: developer.xero.com/documentation/api/accounting/contacts (optimised filtering).
"""

import unicodedata


def folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
