"""Comparisons that row-level security leaves to an index: LIKE is not among them, since it might leak what it reads."""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigAutoField, CharField, Lookup


class BeginsWith(Lookup):
    """LIKE 'text%'. By an index on a column, or an expression, of the collation "C"."""

    lookup_name = "begins_with"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_values, *right_values)


class IsOneOf(Lookup):
    """IN, with all the words as one value: another list of them leaves the statement as it is."""

    lookup_name = "is_one_of"

    def get_prep_lookup(self) -> tuple[str, ...]:
        return tuple(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        return f"{left} IN %s", (*left_values, self.rhs)


class IsAmong(Lookup):
    """IN, with all the ids as one value: hundreds of placeholders cost more than the rows they stand for."""

    lookup_name = "is_among"

    def get_prep_lookup(self) -> list[int]:
        return [int(one) for one in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if not self.rhs:
            raise EmptyResultSet
        left, left_values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::bigint[])", (*left_values, self.rhs)


def register_lookups() -> None:
    CharField.register_lookup(BeginsWith)
    CharField.register_lookup(IsOneOf)
    BigAutoField.register_lookup(IsAmong)
