"""Xero's `order` parameter: `Date DESC`, `UpdatedDateUTC ASC`, several with commas between."""

from dataclasses import dataclass

from integrations.xero_sandbox.rules.query_tokens import QueryParseError

WORDS_WITH_DIRECTION = 2


@dataclass(frozen=True, slots=True)
class OrderTerm:
    path: str
    is_descending: bool


def read_order(text: str) -> list[OrderTerm]:
    """Paths in lower case. Raises QueryParseError."""
    terms = []
    for part in text.split(","):
        words = part.split()
        direction = words[1].upper() if len(words) == WORDS_WITH_DIRECTION else "ASC"
        if len(words) not in {1, WORDS_WITH_DIRECTION} or direction not in {"ASC", "DESC"}:
            raise QueryParseError(f"Order cannot be read: {part.strip()}")
        terms.append(OrderTerm(words[0].lower(), direction == "DESC"))
    return terms
