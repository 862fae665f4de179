"""Where sources on Xero contradict each other: one switch for each pair of readings.

The harsher reading stands by default; README.md beside this file says why where it does not.
"""

from dataclasses import dataclass, fields
from typing import Any, Literal, get_args


@dataclass(frozen=True, slots=True, kw_only=True)
class Switches:
    refresh_grace_minutes: int = 30
    rounding: Literal["half_up", "half_even"] = "half_up"
    nothing_changed: Literal["304", "200"] = "304"
    same_key_in_flight: Literal["process", "hold", "409", "500"] = "process"
    account_number_taken: Literal["refuse", "accept"] = "refuse"
    bill_number_on_post: Literal["any_supplier", "same_supplier", "create"] = "any_supplier"
    quote_invoiced: Literal["status_only", "creates_invoice"] = "status_only"
    currency_rate_means: Literal["foreign_per_base", "base_per_foreign"] = "foreign_per_base"
    payment_sends_invoice_event: bool = False
    deleted_number: Literal["taken", "free"] = "taken"
    summarised_errors: Literal["all_or_nothing", "keep_good"] = "all_or_nothing"
    broad_scopes: Literal["refuse", "accept"] = "refuse"
    missing_due_date: Literal["default", "refuse"] = "default"


class UnknownSwitchError(ValueError):
    """No such switch, or no such reading of it."""


def changed(switches: Switches, wishes: dict[str, Any]) -> Switches:
    """The switches with some set anew; raises UnknownSwitchError for a name or a reading that is not there."""
    known = {field.name: field for field in fields(Switches)}
    values = {name: getattr(switches, name) for name in known}
    for name, wish in wishes.items():
        if name not in known:
            raise UnknownSwitchError(f"There is no switch {name!r}; there are {', '.join(sorted(known))}.")
        _check(name, wish, known[name].type)
        values[name] = wish
    return Switches(**values)


def _check(name: str, wish: object, kind: Any) -> None:
    readings = get_args(kind)
    if (readings and wish not in readings) or (not readings and type(wish) is not kind):
        wanted = ", ".join(map(repr, readings)) or kind.__name__
        raise UnknownSwitchError(f"Switch {name} takes {wanted}, not {wish!r}.")
