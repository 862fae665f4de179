"""The references of a shipment, each once, in the order in which people look for them."""

from collections.abc import Iterable, Sequence

KINDS = ("po", "quote", "bl", "awb", "container", "exporter", "other")


def all_references(*, customer_reference: str, by_kind: dict[str, list[str]]) -> list[str]:
    found: Iterable[str] = [customer_reference, *(value for kind in KINDS for value in by_kind.get(kind, []))]
    return list(dict.fromkeys(value.strip() for value in found if value.strip()))


def some_references(values: Sequence[str], *, longest: int) -> str:
    """As many as fit into so many characters, and how many more there are."""
    for kept in range(len(values), 0, -1):
        rest = len(values) - kept
        text = ", ".join(values[:kept]) + (f" + {rest} more" if rest else "")
        if len(text) <= longest:
            return text
    return f"{values[0][: longest - 1]}…" if values else ""


def search_text(*, number: str, references: Iterable[str]) -> str:
    """What a search looks through, lower case, one per line so that no search runs over two of them."""
    return "\n".join(dict.fromkeys(text.lower() for text in (number, *references) if text))
