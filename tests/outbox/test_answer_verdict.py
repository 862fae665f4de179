"""What an answer means, whatever it looks like: the one table that all steps decide by."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.outbox.answer_verdict import (
    Applied,
    Mark,
    Nothing,
    Refused,
    Unclear,
    Verdict,
    figures_of,
    verdicts,
)
from integrations.xero_gateway.answers import Answer, HeldUpError, NoAnswerError, NotSentError

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ONE, TWO = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
NIL = "00000000-0000-0000-0000-000000000000"
ALONE = Nothing(reason="A validation exception occurred", goes_alone=True)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    [
        "Invoices",
        "CreditNotes",
        "Contacts",
        "Attachments",
        "InvoiceID",
        "ContactID",
        "ValidationErrors",
        "Warnings",
        "Elements",
        "Message",
        "Detail",
        "StatusAttributeString",
        "Status",
        "Total",
        "CurrencyRate",
    ]
)
shaped = st.recursive(
    json_values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
bodies = st.one_of(
    st.binary(max_size=60),
    shaped.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(names, shaped, max_size=4).map(lambda value: json.dumps(value).encode()),
)


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(
        status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=content
    )


def of(outcome: Any, members: int = 1, **more: Any) -> list[Verdict]:
    return verdicts(outcome, members=members, now=NOW, **more)


@given(
    body=bodies,
    status=st.sampled_from([200, 201, 204, 302, 304, 400, 401, 403, 404, 405, 412, 415, 429, 500, 501, 503]),
    members=st.integers(1, 50),
    retry_after=st.text(max_size=5),
)
@example(body=b"", status=429, members=1, retry_after="9" * 40)
@example(body=b"[" * 100_000, status=200, members=1, retry_after="")
@example(body=b'{"Invoices":[{"InvoiceID":"no guid"}]}', status=200, members=1, retry_after="")
@example(body=b'{"Invoices":[null]}', status=200, members=1, retry_after="")
@example(body=b'{"Invoices":[{"ValidationErrors":null,"InvoiceID":null}]}', status=200, members=1, retry_after="")
@example(body=b'{"Elements":null}', status=400, members=2, retry_after="")
@example(body=b'{"Elements":[{"ValidationErrors":["bare"]}]}', status=400, members=1, retry_after="")
def test_every_member_gets_a_verdict_whatever_bytes_come_back(
    body: bytes, status: int, members: int, retry_after: str
) -> None:
    outcome = Answer(status=status, headers={"retry-after": retry_after}, body=body)

    assert len(of(outcome, members)) == members


@given(element=st.dictionaries(names | st.sampled_from(["TotalTax", "CurrencyCode"]), json_values, max_size=6))
@example(element={"Total": "sNaN", "CurrencyRate": "sNaN"})
@example(element={"Total": float("nan"), "CurrencyRate": float("inf")})
def test_figures_of_any_element_can_be_compared(element: dict[str, Any]) -> None:
    figures = figures_of(element)

    numbers = [figures.total, figures.tax, figures.exchange_rate or Decimal(0)]
    assert all(number.is_finite() for number in numbers)


def test_elements_are_told_apart_in_the_order_sent() -> None:
    body = {
        "Invoices": [
            {"InvoiceID": ONE, "Status": "DRAFT"},
            {
                "InvoiceID": NIL,
                "StatusAttributeString": "ERROR",
                "ValidationErrors": [{"Message": "No."}, {"Message": "Nor."}],
            },
        ]
    }

    assert of(answer(body), 2) == [
        Applied(xero_id=ONE, element={"InvoiceID": ONE, "Status": "DRAFT"}),
        Refused(("No.", "Nor.")),
    ]


@pytest.mark.parametrize(
    ("element", "verdict"),
    [
        ({"InvoiceID": NIL, "StatusAttributeString": "ERROR"}, Refused(("Xero gave no reason.",))),
        ({"InvoiceID": NIL}, Unclear("an element without an id")),
        ({"InvoiceID": "no guid"}, Unclear("an element without an id")),
        ({"InvoiceID": None}, Unclear("an element without an id")),
        ({}, Unclear("an element without an id")),
        ({"InvoiceID": ONE, "ValidationErrors": [{"Description": "Told so."}]}, Refused(("Told so.",))),
        ({"InvoiceID": ONE, "ValidationErrors": [{"Message": "a\x00b\ud800"}]}, Refused(("ab?",))),
        ("text", Unclear("an element that is no object")),
    ],
)
def test_single_element(element: Any, verdict: Verdict) -> None:
    assert of(answer({"Invoices": [element]})) == [verdict]


def test_warnings_are_kept() -> None:
    (verdict,) = of(answer({"Invoices": [{"InvoiceID": ONE, "Warnings": [{"Message": "Odd rate."}]}]}))

    assert isinstance(verdict, Applied)
    assert verdict.warnings == ("Odd rate.",)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_list_of_another_length_proves_nothing(count: int) -> None:
    body = {"Invoices": [{"InvoiceID": ONE}] * count}

    assert of(answer(body), 2) == [Unclear(f"{count} elements in the answer to 2")] * 2


def test_element_of_another_document_proves_nothing() -> None:
    """Should Xero ever answer in another order, no document must take another one's id."""
    body = {"Invoices": [{"InvoiceID": TWO, "InvoiceNumber": "INV-2"}, {"InvoiceID": ONE, "InvoiceNumber": "INV-1"}]}
    marks = [Mark("InvoiceNumber", "INV-1"), Mark("InvoiceNumber", "INV-2")]

    assert of(answer(body), 2, marks=marks) == [
        Unclear("the answer tells of INV-2"),
        Unclear("the answer tells of INV-1"),
    ]


def test_refusal_of_another_document_is_not_ours() -> None:
    body = {"Invoices": [{"InvoiceID": NIL, "InvoiceNumber": "INV-2", "ValidationErrors": [{"Message": "No."}]}]}

    assert of(answer(body), marks=[Mark("InvoiceNumber", "INV-1")]) == [Unclear("the answer tells of INV-2")]


@pytest.mark.parametrize("element", [{"InvoiceID": ONE}, {"InvoiceID": ONE, "InvoiceNumber": "INV-1"}])
def test_element_that_is_ours_or_does_not_say_is_ours(element: dict[str, str]) -> None:
    assert of(answer({"Invoices": [element]}), marks=[Mark("InvoiceNumber", "INV-1")]) == [
        Applied(xero_id=ONE, element=element)
    ]


def test_ids_are_compared_without_regard_to_case() -> None:
    mark = Mark("InvoiceID", "abcdef00-0000-4000-8000-000000000000")

    (verdict,) = of(answer({"Invoices": [{"InvoiceID": mark.value.upper()}]}), marks=[mark])

    assert isinstance(verdict, Applied)


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (NotSentError("no connection was made"), Nothing(reason="Xero could not be reached (no connection was made)")),
        (HeldUpError("This worker was held up"), Nothing(reason="This worker was held up")),
        (NoAnswerError("no answer came in time"), Unclear("no answer came in time")),
        (answer(b"<html>"), Unclear("HTTP 200 with 6 bytes that are not JSON.")),
        (answer(b'{"Invoices":[{"In'), Unclear("HTTP 200 with 17 bytes that are not JSON.")),
        (answer([]), Unclear("HTTP 200 with JSON that is no object.")),
        (answer({"Other": []}), Unclear("An answer without a list of elements.")),
        (answer(b"", 401), Nothing(reason="Xero did not accept the token")),
        (answer(b"", 403), Nothing(reason="Xero says that we are not connected")),
        (
            answer(b"", 429, retry_after="26", x_rate_limit_problem="Minute"),
            Nothing(reason="Xero's limit (minute) is used up", not_before=NOW + timedelta(seconds=26)),
        ),
        (
            answer(b"", 429, x_rate_limit_problem="concurrent"),
            Nothing(reason="Xero's limit (concurrent) is used up", not_before=NOW + timedelta(seconds=3)),
        ),
        (answer(b"", 429), Nothing(reason="Xero's limit (unnamed) is used up", not_before=NOW + timedelta(seconds=60))),
        (answer(b"<html>", 404), Refused(("Xero does not know the contact or the document (HTTP 404).",))),
        (answer(b"", 412), Refused(("HTTP 412",))),
        (answer(b"", 302), Unclear("HTTP 302")),
        (answer(b"", 500), Unclear("HTTP 500")),
        (answer(b"", 503), Unclear("HTTP 503")),
        (answer(b"", 504), Unclear("HTTP 504")),
        (answer(b"", 400), Nothing(reason="HTTP 400 without a reason")),
        (
            answer({"Message": "Idempotency Key: fb1 is used with a different request."}, 400),
            Unclear("the idempotency key was used for another request"),
        ),
        (answer({"Message": "A validation exception occurred"}, 400), Refused(("A validation exception occurred",))),
        (answer({"Detail": "Bad."}, 400), Refused(("Bad.",))),
        (
            answer({"Message": "A", "Elements": [{"ValidationErrors": [{"Message": "No."}]}]}, 400),
            Refused(("No.",)),
        ),
    ],
)
def test_call_for_one_document(outcome: Any, verdict: Verdict) -> None:
    assert of(outcome) == [verdict]


@pytest.mark.parametrize("status", [404, 405, 412, 415, 501])
def test_call_that_is_refused_as_a_whole_tries_each_by_itself(status: int) -> None:
    assert [(type(one), one.goes_alone) for one in of(answer(b"", status), 2)] == [(Nothing, True)] * 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        (
            [{"ValidationErrors": [{"Message": "No."}]}, {"ValidationErrors": []}],
            [Refused(("No.",)), Nothing(reason="refused with others")],
        ),
        ([{"ValidationErrors": [{"Message": "No."}]}], [ALONE, ALONE]),
        ([{}, {}], [ALONE, ALONE]),
        ([], [ALONE, ALONE]),
    ],
)
def test_bad_request_for_two_documents(elements: list[Any], expected: list[Verdict]) -> None:
    body = {"Message": "A validation exception occurred", "Elements": elements}

    assert of(answer(body, 400), 2) == expected


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (
            {"Total": 1375.1, "TotalTax": 125, "CurrencyCode": "USD", "CurrencyRate": 0.6521},
            ("1375.1", "125", "USD", "0.6521"),
        ),
        ({"Total": 0.3}, ("0.3", "0", "", None)),
        ({}, ("0", "0", "", None)),
        ({"Total": None, "CurrencyRate": None}, ("0", "0", "", None)),
    ],
)
def test_figures_are_read_to_the_cent(element: dict[str, Any], expected: tuple[Any, ...]) -> None:
    figures = figures_of(answer(element).json())

    rate = figures.exchange_rate
    assert (str(figures.total), str(figures.tax), figures.currency, str(rate) if rate is not None else None) == expected
