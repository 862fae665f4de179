"""What Xero said to each part of a call, and what the sandbox says to it, in words."""

from dataclasses import dataclass
from typing import Any

from integrations.outbox.answer_verdict import Applied, Nothing, Refused, Verdict

NAMED_BY = ("InvoiceNumber", "CreditNoteNumber", "QuoteNumber", "Code", "AccountNumber", "Name")
# Of Xero's picture of a document, what must be alike for the answers to be.
FIGURES = ("Status", "Total", "TotalTax", "CurrencyCode")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAnswer:
    """Of one element of the call. `name`: its number, or what else it is called. `is_answered`: by both, yes or no."""

    name: str
    xero: str
    sandbox: str
    is_answered: bool
    is_same: bool


def tell_answers(elements: list[dict[str, Any]], xero: list[Verdict], sandbox: list[Verdict]) -> list[ToldAnswer]:
    """All three in the order of the call."""
    return [_told(*one) for one in zip(elements, xero, sandbox, strict=True)]


def _told(element: dict[str, Any], theirs: Verdict, ours: Verdict) -> ToldAnswer:
    return ToldAnswer(
        name=_name(element),
        xero=in_words(theirs),
        sandbox=in_words(ours),
        is_answered=all(isinstance(one, Applied | Refused) for one in (theirs, ours)),
        is_same=_is_same(theirs, ours),
    )


def in_words(verdict: Verdict) -> str:
    if isinstance(verdict, Applied):
        figures = " ".join(
            str(verdict.element[name]) for name in FIGURES if verdict.element.get(name) not in {None, ""}
        )
        taken = f"Taken: {figures}." if figures else "Taken."
        return " ".join([taken, *(f"Warning: {one}" for one in verdict.warnings)])
    if isinstance(verdict, Refused):
        return "Refused: " + " ".join(verdict.messages)
    if isinstance(verdict, Nothing):
        return f"Not carried out: {verdict.reason}."
    return f"Nobody knows: {verdict.reason}."


def _is_same(theirs: Verdict, ours: Verdict) -> bool:
    if isinstance(theirs, Applied) and isinstance(ours, Applied):
        return all(str(theirs.element.get(name, "")) == str(ours.element.get(name, "")) for name in FIGURES)
    if isinstance(theirs, Refused) and isinstance(ours, Refused):
        return set(theirs.messages) == set(ours.messages)
    return False


def _name(element: dict[str, Any]) -> str:
    return next((str(element[name]) for name in NAMED_BY if element.get(name)), "without a number")
