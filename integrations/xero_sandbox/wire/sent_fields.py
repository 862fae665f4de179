"""Typed access to the fields of one object that a client sent. A null counts as not sent."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from integrations.xero_sandbox.wire.wire_dates import DateNotReadableError, read_date

ZERO_ID = "00000000-0000-0000-0000-000000000000"
LARGEST = Decimal("1e15")


class PostDataInvalidError(Exception):
    """A field holds something that its type does not allow: the whole request is refused (ErrorNumber 14)."""


class Sent:
    """One object of the request body."""

    __slots__ = ("values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise PostDataInvalidError(f"The value of {name} is not text.")
        return str(value)

    def decimal(self, name: str) -> Decimal | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        number = _decimal(value)
        if number is None or not number.is_finite() or abs(number) > LARGEST:
            raise PostDataInvalidError(f"The value '{value}' of {name} is not a valid decimal.")
        return number

    def flag(self, name: str) -> bool | None:
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            return value.lower() == "true"
        raise PostDataInvalidError(f"The value '{value}' of {name} is not a valid boolean.")

    def date(self, name: str) -> date | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return read_date(str(value))
        except DateNotReadableError as error:
            raise PostDataInvalidError(f"The string '{value}' is not a valid AllXsd value.") from error

    def identifier(self, name: str) -> str | None:
        """A GUID in its usual form. All zeros count as not sent: Xero writes them for records it did not create."""
        value = self.values.get(name)
        if value is None or str(value) in {"", ZERO_ID}:
            return None
        try:
            return str(UUID(str(value)))
        except ValueError as error:
            raise PostDataInvalidError(f"Guid should contain 32 digits with 4 dashes; {name} is '{value}'.") from error

    def object(self, name: str) -> "Sent | None":
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise PostDataInvalidError(f"The value of {name} is not an object.")
        return Sent(value)

    def objects(self, name: str) -> list["Sent"] | None:
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise PostDataInvalidError(f"The value of {name} is not a list of objects.")
        return [Sent(part) for part in value]


def _decimal(value: Any) -> Decimal | None:
    if type(value) is Decimal:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None
