"""
The values of a column as PostgreSQL reads them: one array for all rows, or one literal where all rows say alike. A
statement with a place for every value would have to be parsed anew, and each value escaped by itself.
"""

import json
from collections.abc import Sequence
from datetime import date
from functools import cache

from django.db import connection, models

JSON = "jsonb"
# Between texts that are quoted together, and in place of none: no text of ours holds them.
BETWEEN, NOTHING = "\x1e", "\x1f"


def are_alike(values: Sequence[object], field: models.Field) -> bool:
    """To Python 1 and True are the same, which in JSON they are not: there nothing counts as alike."""
    return kind_of(field) != JSON and values[0] == values[-1] and values.count(values[0]) == len(values)


@cache
def kind_of(field: models.Field) -> str:
    """
    Its type without its size, so that what is too long is refused, as any insert refuses it, and not cut off. Django
    finds it anew each time, which for a few rows takes longer than to insert them.
    """
    return str(field.db_type(connection)).partition("(")[0]


def as_array(values: Sequence[object], kind: str) -> str:
    """As PostgreSQL writes arrays. Joined first and quoted as one text, unless a text holds what stands between."""
    plain = str if kind != JSON else None
    texts = [value if value.__class__ is plain else as_text(value, kind) for value in values]
    joined = BETWEEN.join([NOTHING if text is None else text for text in texts])
    if joined.count(BETWEEN) != len(texts) - 1 or joined.count(NOTHING) != texts.count(None):
        quoted = ["NULL" if text is None else f'"{_escaped(text)}"' for text in texts]
        return "{" + ",".join(quoted) + "}"
    quoted_at_once = f'{{"{_escaped(joined)}"}}'.replace(BETWEEN, '","')
    return quoted_at_once.replace(f'"{NOTHING}"', "NULL")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def as_text(value: object, kind: str) -> str | None:
    """
    As PostgreSQL reads any literal. JSON does not know amounts, dates and ids, and inside a JSON column nobody would
    read them, so there they are refused as Django refuses them.
    """
    if value is None or (isinstance(value, str) and kind != JSON):
        return value
    if kind == JSON:
        return json.dumps(value)
    if isinstance(value, bytes | memoryview):
        return f"\\x{value.hex()}"
    return value.isoformat() if isinstance(value, date) else str(value)
