from enum import StrEnum


def choices_of(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """A plain enum as Django wants its choices; pages have words of their own for them (`web/state_words.py`)."""
    return [(member.value, member.value) for member in kind]
