"""What an answer of Xero's means for each document of the call. Pure; one table for all steps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from integrations.mapping.compare_answer import AnsweredFigures
from integrations.xero_gateway.answers import (
    BAD_REQUEST,
    FORBIDDEN,
    NOT_FOUND,
    OK,
    TOO_MANY,
    UNAUTHORISED,
    Answer,
    HeldUpError,
    NoAnswerError,
    NotJsonError,
    NotSentError,
    readable,
)

METHOD_NOT_ALLOWED, PRECONDITION, UNSUPPORTED, NOT_IMPLEMENTED = 405, 412, 415, 501
WHOLE_REFUSALS = {NOT_FOUND: "Xero does not know the contact or the document (HTTP 404)."}
NIL = UUID(int=0)
# The list of elements in an answer, and the field with the id of each.
ID_FIELDS = {
    "Invoices": "InvoiceID",
    "CreditNotes": "CreditNoteID",
    "Quotes": "QuoteID",
    "Contacts": "ContactID",
    "Attachments": "AttachmentID",
    "Allocations": "AllocationID",
    # A note has no id.
    "HistoryRecords": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Xero did it; `element` is its picture of the document."""

    xero_id: str
    element: dict[str, Any]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Xero says no to this document, in these words. Nothing was changed."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """
    The call was not carried out. `not_before` where a limit says so; `goes_alone` where the whole call was
    refused and the document must be tried by itself.
    """

    reason: str
    not_before: datetime | None = None
    goes_alone: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """Nobody knows."""

    reason: str


@dataclass(frozen=True, slots=True)
class Mark:
    """
    What the element of a member must say of itself: a field of Xero's, and our value of it.

    That elements come in the order sent is what Xero does, not what it promises; without this a document could
    take another one's id, and with it another one's PDF.
    """

    field: str
    value: str


Verdict = Applied | Refused | Nothing | Unclear
Outcome = Answer | NotSentError | NoAnswerError


def verdicts(outcome: Outcome, *, members: int, now: datetime, marks: Sequence[Mark] = ()) -> list[Verdict]:
    """One for each member, in the order in which they were sent; `marks`, where given, likewise."""
    if isinstance(outcome, HeldUpError):
        return [Nothing(reason=str(outcome))] * members
    if isinstance(outcome, NotSentError):
        return [Nothing(reason=f"Xero could not be reached ({outcome})")] * members
    if isinstance(outcome, NoAnswerError):
        return [Unclear(str(outcome))] * members
    if outcome.status == OK:
        return _of_elements(outcome, members, marks)
    if outcome.status == BAD_REQUEST:
        return _of_bad_request(outcome, members)
    return [_of_status(outcome, members, now)] * members


def figures_of(element: dict[str, Any]) -> AnsweredFigures:
    """Source: developer.xero.com/documentation/api/accounting/invoices, "Elements for Invoices"."""
    rate = element.get("CurrencyRate")
    return AnsweredFigures(
        total=_decimal(element.get("Total")),
        tax=_decimal(element.get("TotalTax")),
        currency=readable(str(element.get("CurrencyCode", ""))),
        exchange_rate=_decimal(rate) if rate is not None else None,
    )


def _of_elements(answer: Answer, members: int, marks: Sequence[Mark]) -> list[Verdict]:
    """Elements come in the order sent; a list of another length proves nothing about any of them."""
    try:
        elements, id_field = _elements(answer.json())
    except NotJsonError as error:
        return [Unclear(str(error))] * members
    if len(elements) != members:
        return [Unclear(f"{len(elements)} elements in the answer to {members}")] * members
    expected: Sequence[Mark | None] = marks or [None] * members
    return [_of_element(element, id_field, mark) for element, mark in zip(elements, expected, strict=True)]


def _of_element(element: Any, id_field: str, mark: Mark | None) -> Verdict:
    if not isinstance(element, dict):
        return Unclear("an element that is no object")
    if mark is not None:
        named = str(element.get(mark.field, mark.value))
        if named.strip().casefold() != mark.value.strip().casefold():
            return Unclear(f"the answer tells of {readable(named)}")
    messages = tuple(_messages(element.get("ValidationErrors")))
    if messages or element.get("StatusAttributeString") == "ERROR":
        return Refused(messages or ("Xero gave no reason.",))
    xero_id = _identifier(element.get(id_field)) if id_field else ""
    if xero_id is None:
        return Unclear("an element without an id")
    return Applied(xero_id=xero_id, element=element, warnings=tuple(_messages(element.get("Warnings"))))


def _of_bad_request(answer: Answer, members: int) -> list[Verdict]:
    """The whole request was refused, so nothing was saved; whose fault it was stands at the elements."""
    try:
        body = answer.json()
    except NotJsonError:
        return [Nothing(reason="HTTP 400 without a reason")] * members
    message = readable(str(body.get("Message") or body.get("Detail") or "HTTP 400"))
    if "is used with a different request" in message:
        return [Unclear("the idempotency key was used for another request")] * members
    found = [tuple(_messages(element.get("ValidationErrors"))) for element in _objects(body.get("Elements"))]
    if len(found) != members or not any(found):
        return [_of_whole_refusal(message, members)] * members
    return [Refused(messages) if messages else Nothing(reason="refused with others") for messages in found]


def _of_whole_refusal(message: str, members: int) -> Verdict:
    """Of one document it is the refusal; of many, each is tried by itself."""
    return Refused((message,)) if members == 1 else Nothing(reason=message, goes_alone=True)


def _of_status(answer: Answer, members: int, now: datetime) -> Verdict:
    """developer.xero.com/documentation/api/accounting/responsecodes."""
    status = answer.status
    if status == UNAUTHORISED:
        return Nothing(reason="Xero did not accept the token")
    if status == FORBIDDEN:
        return Nothing(reason="Xero says that we are not connected")
    if status == TOO_MANY:
        return Nothing(reason=answer.limits.reason, not_before=now + answer.limits.wait)
    if status in {NOT_FOUND, METHOD_NOT_ALLOWED, PRECONDITION, UNSUPPORTED, NOT_IMPLEMENTED}:
        return _of_whole_refusal(WHOLE_REFUSALS.get(status, f"HTTP {status}"), members)
    return Unclear(f"HTTP {status}")


def _elements(body: dict[str, Any]) -> tuple[list[Any], str]:
    for name, id_field in ID_FIELDS.items():
        if isinstance(body.get(name), list):
            return body[name], id_field
    raise NotJsonError("An answer without a list of elements.")


def _identifier(value: Any) -> str | None:
    """None where there is none, or one that says nothing."""
    try:
        return str(value) if UUID(str(value)) != NIL else None
    except ValueError:
        return None


def _objects(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _messages(found: Any) -> Iterator[str]:
    """The key is Message; one of Xero's examples says Description."""
    for one in _objects(found):
        text = one.get("Message") or one.get("Description")
        if text:
            yield readable(str(text))


def _decimal(value: Any) -> Decimal:
    """What is no number counts as nothing: the figures then differ from ours, and a person looks."""
    try:
        number = Decimal(str(value)) if value is not None else Decimal(0)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)
