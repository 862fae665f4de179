"""Turns a read `where` filter into a test of records."""

import operator
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any as AnyValue

from integrations.xero_sandbox.books.folding import folded
from integrations.xero_sandbox.rules.query_language import Any, Comparison, Condition, Every, Literal, TextCall
from integrations.xero_sandbox.rules.query_tokens import QueryParseError

Getter = Callable[[AnyValue], AnyValue]
Test = Callable[[AnyValue], bool]

_SIGNS: Mapping[str, Callable[[AnyValue, AnyValue], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_METHODS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


def matcher(condition: Condition, fields: Mapping[str, Getter]) -> Test:
    """`fields` reads a record's value by lower-case path. Raises QueryParseError for a field that is not there."""
    if isinstance(condition, Every):
        tests = [matcher(part, fields) for part in condition.parts]
        return lambda record: all(test(record) for test in tests)
    if isinstance(condition, Any):
        tests = [matcher(part, fields) for part in condition.parts]
        return lambda record: any(test(record) for test in tests)
    getter = fields.get(condition.path)
    if getter is None:
        raise QueryParseError(f"No property or field '{condition.path}' exists")
    if isinstance(condition, TextCall):
        return _text_test(condition, getter)
    return _comparison_test(condition, getter)


def _text_test(call: TextCall, getter: Getter) -> Test:
    method, argument, wanted = _METHODS[call.method], folded(call.argument), call.wanted
    return lambda record: method(folded(str(getter(record) or "")), argument) is wanted


def _comparison_test(comparison: Comparison, getter: Getter) -> Test:
    compare, wanted = _SIGNS[comparison.sign], _comparable(comparison.value)

    def test(record: AnyValue) -> bool:
        value = getter(record)
        if wanted is None:
            return compare(value in {None, ""}, True)  # noqa: FBT003 - a truth compared with a truth
        return _compared(compare, _comparable(value), wanted, comparison)

    return test


def _compared(
    compare: Callable[[AnyValue, AnyValue], bool], value: AnyValue, wanted: AnyValue, comparison: Comparison
) -> bool:
    if value is None:
        return comparison.sign == "!="
    if type(value) is not type(wanted):
        raise QueryParseError(f"Operator '{comparison.sign}' incompatible with operand types of '{comparison.path}'")
    return compare(value, wanted)


def _comparable(value: Literal | datetime) -> AnyValue:
    """Text folded, every date a moment in UTC, every number a Decimal."""
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value
