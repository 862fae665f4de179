"""News of something that people may have changed here meanwhile: only what nobody has touched follows."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """`changes`: to be written; `conflicts`: fields that were changed on both sides, and stay as they are here."""

    changes: dict[str, str]
    conflicts: tuple[str, ...]


def merge_news(*, standing: Mapping[str, str], applied: Mapping[str, str], news: Mapping[str, str]) -> Merged:
    """`applied`: what the last news said; `standing`: what is here now."""
    new = {name: text for name, text in news.items() if text != applied.get(name)}
    changes = {name: text for name, text in new.items() if standing.get(name) == applied.get(name)}
    conflicts = tuple(name for name, text in new.items() if name not in changes and standing.get(name) != text)
    return Merged(changes=changes, conflicts=conflicts)
