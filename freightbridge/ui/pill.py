"""A state as people see it: always a colour, an icon and a word."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pill:
    """`alias`: what other systems call it, shown when pointed at. `is_live`: it changes by itself, its dot pulses."""

    label: str
    colour: str
    icon: str
    alias: str = ""
    is_live: bool = False
