"""A break in the books in words that tell a person what is wrong, and what he can do about it."""

from typing import Any

from integrations.job_states import BreakKind

_FOUND = {
    BreakKind.STRAY_DRAFT: "A second draft of {name} stands in Xero; it is deleted there.",
    BreakKind.DUPLICATE: "A second {name} stands in Xero and is {status}. Decide there which of the two counts.",
    BreakKind.FIGURES: "{name} is not the same in Xero: {differences}.",
    BreakKind.STATUS: "{name} has another status in Xero: {differences}.",
    BreakKind.MISSING: "Xero does not know {name} any more, though it was there.",
    BreakKind.ORPHAN: "{name} in Xero was sent by FreightBridge, but nothing is known of it here.",
    BreakKind.NO_ANSWER: "For more than half an hour Xero has not said clearly whether it has {name}.",
}


def found_words(one: Any) -> str:
    """`one`: a LedgerBreak."""
    shown = "; ".join(f"{each['field']} {each['ours']} here, {each['theirs']} in Xero" for each in one.differences)
    name = f"{one.document_kind} {one.number}".strip()
    text = _FOUND[BreakKind(one.kind)].format(name=name, status=one.xero_status.lower(), differences=shown)
    return text[:1].upper() + text[1:]


def closed_words(one: Any) -> str:
    return f"Settled by hand: {one.closed_reason}" if one.closed_by else "Our books and Xero's agree again."
