"""Waiting times in a world whose clock runs faster than ours. Pure."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Times = TypeVar("Times", bound="DataclassInstance")
# A field's metadata: the span that it never falls short of.
LEAST = "least"


def divided_by(times: Times, scale: float) -> Times:
    """A copy of a frozen dataclass, each of its spans shorter by `scale`. What is no span, as a count, stays."""
    spans = {field: getattr(times, field.name) for field in fields(times)}
    shorter = {field: span / scale for field, span in spans.items() if isinstance(span, timedelta)}
    return replace(times, **{field.name: max(span, field.metadata.get(LEAST, span)) for field, span in shorter.items()})
