"""Xero's `where` filter: comparisons and text methods, joined by AND and OR.

Source: developer.xero.com/documentation/api/accounting/requests-and-responses ("Filters"): `=` and `==` mean the
same, literals are "text", numbers, true, false, null, DateTime(y,m,d) and guid("…").
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from integrations.xero_sandbox.rules.query_tokens import QueryParseError, Token, tokens_of
from integrations.xero_sandbox.wire.wire_dates import DateNotReadableError, read_date

Literal = str | Decimal | bool | date | None
METHODS = frozenset({"contains", "startswith", "endswith"})
NO_CHANGE_METHODS = frozenset({"tolower", "toupper", "trim", "tostring"})
SIGNS = {"=": "==", "==": "==", "!=": "!=", "<>": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
DATE_PARTS = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    path: str
    sign: str
    value: Literal


@dataclass(frozen=True, slots=True)
class TextCall:
    path: str
    method: str
    argument: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple["Condition", ...]


Condition = Comparison | TextCall | Every | Any


def read_where(query: str) -> Condition:
    """Field paths come out in lower case. Raises QueryParseError."""
    reader = _Reader(tokens_of(query))
    try:
        condition = reader.alternatives()
    except RecursionError as error:
        raise QueryParseError("Too many brackets stand within one another") from error
    reader.expect_end()
    return condition


def joined_parts(condition: Condition) -> tuple[Condition, ...]:
    """The conditions that must all hold."""
    return condition.parts if isinstance(condition, Every) else (condition,)


class _Reader:
    """A descent through the tokens: alternatives, then joined terms, then single conditions."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._place = 0

    def alternatives(self) -> Condition:
        parts = [self._joined()]
        while self._take_word("or", "||"):
            parts.append(self._joined())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def expect_end(self) -> None:
        if self._next.kind != "end":
            raise self._error()

    def _joined(self) -> Condition:
        parts = [self._single()]
        while self._take_word("and", "&&"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _single(self) -> Condition:
        if self._take("("):
            inside = self.alternatives()
            self._expect(")")
            return inside
        path, method, argument = self._path()
        sign = SIGNS.get(self._next.value) if self._next.kind == "sign" else None
        if method:
            wanted = self._wanted_truth(sign) if sign else True
            return TextCall(path, method, argument, wanted)
        if sign is None:
            return Comparison(path, "==", value=True)
        self._place += 1
        return Comparison(path, sign, self._literal())

    def _path(self) -> tuple[str, str, str]:
        """A dotted field, and at its end perhaps a text method with its argument."""
        names = [self._name()]
        while self._take("."):
            name = self._name()
            if not self._take("("):
                names.append(name)
            elif name in NO_CHANGE_METHODS:
                self._expect(")")
            elif name in METHODS:
                argument = self._literal()
                self._expect(")")
                return ".".join(names), name, str(argument)
            else:
                raise self._error()
        return ".".join(names), "", ""

    def _wanted_truth(self, sign: str) -> bool:
        self._place += 1
        truth = self._literal()
        if not isinstance(truth, bool) or sign not in {"==", "!="}:
            raise self._error()
        return truth if sign == "==" else not truth

    def _literal(self) -> Literal:
        token = self._next
        self._place += 1
        if token.kind == "text":
            return token.value
        if token.kind == "number":
            return Decimal(token.value)
        word = token.value.lower()
        if word in {"true", "false"}:
            return word == "true"
        if word == "null":
            return None
        if word == "guid":
            return self._guid()
        if word == "datetime":
            return self._date()
        raise self._error(token)

    def _guid(self) -> str:
        self._expect("(")
        token = self._next
        if token.kind != "text":
            raise self._error()
        self._place += 1
        self._expect(")")
        return token.value.lower()

    def _date(self) -> date:
        if self._take("."):
            self._name()
            self._expect("(")
            text = self._next.value
            self._place += 1
            self._expect(")")
            return self._read_date(text)
        self._expect("(")
        parts = [self._whole_number()]
        while self._take(","):
            parts.append(self._whole_number())
        self._expect(")")
        try:
            return date(*parts) if len(parts) == DATE_PARTS else datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - compared as UTC
        except (TypeError, ValueError) as error:
            raise self._error() from error

    def _read_date(self, text: str) -> date:
        try:
            return read_date(text)
        except DateNotReadableError as error:
            raise self._error() from error

    def _whole_number(self) -> int:
        token = self._next
        if token.kind != "number" or not token.value.isdigit():
            raise self._error()
        self._place += 1
        return int(token.value)

    def _name(self) -> str:
        token = self._next
        if token.kind != "name":
            raise self._error()
        self._place += 1
        return token.value.lower()

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self, sign: str) -> bool:
        if self._next.kind == "sign" and self._next.value == sign:
            self._place += 1
            return True
        return False

    def _take_word(self, word: str, sign: str) -> bool:
        token = self._next
        if (token.kind == "name" and token.value.lower() == word) or (token.kind == "sign" and token.value == sign):
            self._place += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._error()

    def _error(self, token: Token | None = None) -> QueryParseError:
        token = token or self._next
        what = token.value or "the end"
        return QueryParseError(f"Syntax error at position {token.place}: '{what}' was not expected")
