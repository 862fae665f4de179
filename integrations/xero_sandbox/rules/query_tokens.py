"""The words of a `where` filter."""

import re
from dataclasses import dataclass


class QueryParseError(ValueError):
    """The filter cannot be understood; the message says where (Xero: QueryParseException)."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is name, text, number, sign (one of = == != <> > >= < <= && || ( ) , .) or end."""

    kind: str
    value: str
    place: int


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<sign>==|!=|<>|>=|<=|&&|\|\||[=<>(),.!])
    )""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)")


def tokens_of(query: str) -> list[Token]:
    found: list[Token] = []
    place, end = 0, len(query.rstrip())
    while place < end:
        matched = _TOKEN.match(query, place)
        if matched is None:
            raise QueryParseError(f"Syntax error at position {place}: {query[place : place + 20]}")
        kind = matched.lastgroup or ""
        value = matched[kind]
        if kind == "text":
            value = _ESCAPED.sub(r"\1", value[1:-1])
        found.append(Token(kind, value, matched.start(kind)))
        place = matched.end()
    found.append(Token("end", "", end))
    return found
