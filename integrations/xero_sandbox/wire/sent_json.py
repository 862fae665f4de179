"""The JSON a client sent, read with exact decimals and Xero's own key names."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from integrations.xero_sandbox.wire.field_names import CANONICAL


class _Names(dict[str, str]):
    """A name as it was sent, to Xero's own; the names that are sent right are found without a further look."""

    def __missing__(self, name: str) -> str:
        return CANONICAL.get(name.lower(), name)


_NAMES = _Names((name, name) for name in CANONICAL.values())


class NotJsonError(ValueError):
    """The body is not JSON; the message says where."""


def read_json(body: bytes) -> Any:
    try:
        return json.loads(
            body, object_pairs_hook=_with_known_names, parse_float=Decimal, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        raise NotJsonError(str(error)) from error


def _with_known_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {_NAMES[name]: value for name, value in pairs}


def _refuse_constant(name: str) -> NoReturn:
    raise NotJsonError(f"{name} is no JSON value")
