"""A problem in the words that a person reads."""

from collections import defaultdict
from dataclasses import dataclass

from integrations.mapping.problems import Problem
from integrations.problem_catalogue.codes import CATALOGUE, Entry

MISSING_WORD = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """`alias` is ImpexDocs' text, `xero_text` Xero's own; both may be empty."""

    entry: Entry
    text: str
    alias: str
    xero_text: str

    @property
    def code(self) -> str:
        return self.entry.code


def describe(problem: Problem) -> Description:
    """A word that nobody knew is shown as an ellipsis: a gap in a sentence must not hide the sentence."""
    entry = CATALOGUE[problem.code]
    words = defaultdict(lambda: MISSING_WORD, problem.named_words)
    return Description(
        entry=entry,
        text=entry.sentence.format_map(words),
        alias=entry.alias.format_map(words),
        xero_text=problem.named_words.get("xero", ""),
    )


def to_json(problem: Problem) -> dict[str, object]:
    return {"code": problem.code, "subject": problem.subject, "words": problem.named_words}


def from_json(data: dict[str, object]) -> Problem:
    words = data["words"]
    named = {str(name): str(value) for name, value in words.items()} if isinstance(words, dict) else {}
    return Problem(code=str(data["code"]), subject=str(data["subject"]), words=tuple(named.items()))
