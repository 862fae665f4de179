"""PUT and POST of elements: each is saved or refused, and `summarizeErrors` decides how that is told.

Source: developer.xero.com/documentation/api/accounting/requests-and-responses ("summarizeErrors"); the shapes and
the default (true) from recorded answers of a live demo company.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import validation_refused
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import ZERO_ID, PostDataInvalidError, Sent
from integrations.xero_sandbox.wire.sent_json import NotJsonError, read_json
from integrations.xero_sandbox.wire.wire_dates import day_text, with_offset

Json = dict[str, Any]
Write = Callable[[Sent, Findings], Any]
DATE_FIELDS = ("Date", "DueDate", "ExpectedPaymentDate", "PlannedPaymentDate", "ExpiryDate")
DATES_WITH_TEXT = ("Date", "DueDate", "ExpiryDate")


class NoDataError(Exception):
    """The body holds no element of the kind that the endpoint expects; the message names the kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementKind:
    """`echo` is what a refused element shows besides what was sent; `render` writes a saved record."""

    collection: str
    word: str
    id_name: str
    render: Callable[[Any], Json]
    error_flag: str = ""
    echo: Json = field(default_factory=dict)
    is_quote: bool = False


def sent_elements(call: ApiCall, kind: ElementKind) -> list[Sent]:
    """`{"Invoices": [...]}` or one bare object."""
    if not call.request.body.strip():
        raise NoDataError(kind.word)
    try:
        body = read_json(call.request.body)
    except NotJsonError as error:
        raise PostDataInvalidError(f"JSON for post data was invalid, {error}") from error
    if not isinstance(body, dict):
        raise PostDataInvalidError("JSON for post data was invalid, an object was expected.")
    if kind.collection in body:
        elements = Sent(body).objects(kind.collection)
    elif kind.word in body and isinstance(body[kind.word], dict):
        elements = [Sent(body[kind.word])]
    else:
        elements = [Sent(body)] if body else []
    if not elements:
        raise NoDataError(kind.word)
    return elements


def write_elements(call: ApiCall, kind: ElementKind, write: Write) -> Answer:
    """Saves the good elements. With summarised errors one bad element refuses, and undoes, the whole request."""
    store = call.books.store
    start = store.mark()
    shown: list[Json] = []
    refused: list[Json] = []
    for sent in sent_elements(call, kind):
        findings = Findings()
        mark = store.mark()
        record = write(sent, findings)
        if findings.errors:
            store.undo_to(mark)
            refused.append(_refused_element(sent, kind, findings))
            shown.append(refused[-1])
        else:
            shown.append(_saved_element(record, kind, findings))
    if refused and call.summarises_errors:
        if call.switches.summarised_errors == "all_or_nothing":
            store.undo_to(start)
        return validation_refused(refused)
    if not call.summarises_errors:
        for element in shown:
            element.setdefault("StatusAttributeString", _status_of(element))
    return enveloped(call, kind.collection, shown, is_quote=kind.is_quote)


def _saved_element(record: Any, kind: ElementKind, findings: Findings) -> Json:
    element = kind.render(record)
    if findings.warnings:
        element |= {
            "StatusAttributeString": "WARNING",
            "Warnings": [{"Message": message} for message in findings.warnings],
        }
    return element


def _refused_element(sent: Sent, kind: ElementKind, findings: Findings) -> Json:
    """What was sent comes back, with the reasons; a record that was not created has an id of zeros."""
    zero_id = {kind.id_name: ZERO_ID} if kind.id_name else {}
    element: Json = {**zero_id, **kind.echo, **_shown_as_sent(sent)}
    if kind.error_flag:
        element[kind.error_flag] = True
    element["ValidationErrors"] = [{"Message": message} for message in findings.errors]
    return element


def _shown_as_sent(sent: Sent) -> Json:
    values = {name: value for name, value in sent.values.items() if value is not None}
    for name in DATE_FIELDS:
        day = sent.date(name)
        if day is not None:
            values[name] = with_offset(day)
            if name in DATES_WITH_TEXT:
                values[f"{name}String"] = day_text(day)
    return values


def _status_of(element: Json) -> str:
    return "ERROR" if element.get("ValidationErrors") else "OK"
