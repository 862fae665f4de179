"""
What a JSON value must look like: read strictly, with every fault at its place, and told as a JSON Schema. Pure.

A reader returns the value as Python has it and adds what is wrong to `errors`; a value with a fault is None.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from uuid import UUID

# Line ends and tabs are text; what else cannot be seen, or half a character, is not stored.
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_NUMBER = 40
MOST_DIGITS = 60


@dataclass(frozen=True, slots=True)
class FieldError:
    """`pointer`: where in the body, after RFC 6901; for a parameter of the address its name after a question mark."""

    pointer: str
    detail: str


Errors = list[FieldError]


class Shape(Protocol):
    def read(self, value: Any, at: str, errors: Errors) -> Any: ...

    def schema(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    longest: int = 255
    is_filled: bool = False
    pattern: str = ""
    # What is said of a text that does not fit the pattern.
    otherwise: str = ""

    def read(self, value: Any, at: str, errors: Errors) -> str | None:
        fault = self._fault(value)
        if fault:
            errors.append(FieldError(at, fault))
            return None
        return str(value)

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "string", "maxLength": self.longest}
        if self.is_filled:
            found["minLength"] = 1
        return found | ({"pattern": f"^{self.pattern}$"} if self.pattern else {})

    def _fault(self, value: Any) -> str:
        if not isinstance(value, str):
            return "A text is expected."
        if UNSEEN.search(value):
            return "It has characters that cannot be stored."
        if len(value) > self.longest:
            return f"{len(value)} characters; {self.longest} are possible."
        if self.is_filled and not value.strip():
            return "It must not be empty."
        return self.otherwise if self.pattern and not re.fullmatch(self.pattern, value) else ""


@dataclass(frozen=True, slots=True)
class Choice:
    values: Sequence[str]

    def read(self, value: Any, at: str, errors: Errors) -> str | None:
        if isinstance(value, str) and value in self.values:
            return value
        errors.append(FieldError(at, f"It must be one of: {', '.join(self.values)}."))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.values)}


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal, as a JSON number or, so that no client rounds it, as a text. How many places fit is told later."""

    def read(self, value: Any, at: str, errors: Errors) -> Decimal | None:
        number = _decimal(value)
        if number is None:
            errors.append(FieldError(at, "A number is expected, such as 1250.00 or “1250.00”."))
        return number

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "format": "decimal"}


@dataclass(frozen=True, slots=True)
class Whole:
    least: int = 0
    most: int = 2_147_483_647

    def read(self, value: Any, at: str, errors: Errors) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return value
        errors.append(FieldError(at, f"A whole number from {self.least} to {self.most} is expected."))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    def read(self, value: Any, at: str, errors: Errors) -> bool | None:
        if isinstance(value, bool):
            return value
        errors.append(FieldError(at, "true or false is expected."))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Day:
    def read(self, value: Any, at: str, errors: Errors) -> date | None:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            errors.append(FieldError(at, "A day is expected, such as “2026-03-04”."))
            return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Moment:
    def read(self, value: Any, at: str, errors: Errors) -> datetime | None:
        try:
            # An address has its + as a blank.
            moment = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
            if moment.tzinfo is not None:
                return moment
        except (AttributeError, TypeError, ValueError):
            pass
        errors.append(FieldError(at, "A moment with its offset is expected, such as “2026-03-04T09:30:00Z”."))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


@dataclass(frozen=True, slots=True)
class Identifier:
    def read(self, value: Any, at: str, errors: Errors) -> UUID | None:
        try:
            return UUID(value)
        except (AttributeError, TypeError, ValueError):
            errors.append(FieldError(at, "An id of ours is expected."))
            return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class ListOf:
    shape: Shape
    most: int
    least: int = 0

    def read(self, value: Any, at: str, errors: Errors) -> list[Any] | None:
        if not isinstance(value, list):
            errors.append(FieldError(at, "A list is expected."))
            return None
        if not self.least <= len(value) <= self.most:
            errors.append(FieldError(at, f"{len(value)} entries; from {self.least} to {self.most} are possible."))
            return None
        return [self.shape.read(one, f"{at}/{position}", errors) for position, one in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        found = {"type": "array", "items": self.shape.schema(), "maxItems": self.most}
        return found | ({"minItems": self.least} if self.least else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """
    A field of a record. One that is null is as one that is left out: the reader answers `default` for both.

    `is_ours`: we say it and take no notice of it where it is sent back.
    """

    shape: Shape
    about: str = ""
    is_required: bool = False
    is_ours: bool = False
    default: Any = None


@dataclass(frozen=True, slots=True)
class Record:
    """`name`: what the documentation calls it."""

    name: str
    members: Mapping[str, Member] = field(default_factory=dict)

    def read(self, value: Any, at: str, errors: Errors) -> dict[str, Any] | None:
        """Every field is in what it returns. Unknown ones are refused: a typing error must not go unseen."""
        if not isinstance(value, dict):
            errors.append(FieldError(at, "An object is expected."))
            return None
        for name in value.keys() - self.members.keys():
            errors.append(FieldError(f"{at}/{pointer_part(name)}", "There is no such field."))
        taken = {name: member for name, member in self.members.items() if not member.is_ours}
        return {name: _read_member(member, value.get(name), f"{at}/{name}", errors) for name, member in taken.items()}

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": "object",
            "properties": {name: _member_schema(member) for name, member in self.members.items()},
            "additionalProperties": False,
        }
        required = [name for name, member in self.members.items() if member.is_required]
        return found | ({"required": required} if required else {})


def pointer_part(name: str) -> str:
    """RFC 6901. What cannot be stored is not answered either."""
    return UNSEEN.sub("?", name[:100]).replace("~", "~0").replace("/", "~1")


def _read_member(member: Member, value: Any, at: str, errors: Errors) -> Any:
    if value is not None:
        return member.shape.read(value, at, errors)
    if member.is_required:
        errors.append(FieldError(at, "It is required."))
    return member.default


def _member_schema(member: Member) -> dict[str, Any]:
    found = member.shape.schema()
    if not member.is_required and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    if member.about:
        found["description"] = member.about
    if member.is_ours:
        found["readOnly"] = True
    return found | ({"default": member.default} if member.default not in (None, [], "") else {})


def _decimal(value: Any) -> Decimal | None:
    """Of a size that a column could hold: Decimal("1e999999999") is a valid number of a gigabyte."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", value, re.ASCII):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    is_sized = (
        number.is_finite() and abs(number.adjusted()) < LONGEST_NUMBER and len(number.as_tuple().digits) <= MOST_DIGITS
    )
    return number if is_sized else None
