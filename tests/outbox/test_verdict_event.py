"""A change that Xero refuses is told, though it has no document for its source."""

from typing import Any

import pytest

from integrations.models import SyncJob, XeroDocument
from integrations.outbox.answer_verdict import Refused
from integrations.outbox.job_events import Rejected
from integrations.outbox.steps.verdict_event import event_of
from integrations.problem_catalogue.describe import describe


@pytest.mark.parametrize(
    ("operation", "source"),
    [("void", {}), ("unpost", {}), ("note", {"text": "PO-1"}), ("allocate", {"invoice_document_id": 1, "amount": "1"})],
)
@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Invoice not of valid status for modification", "FB-506"),
        ("The document date cannot be before the period lock date", "FB-403"),
        ("Something new", "FB-501"),
    ],
)
def test_refused_change_becomes_a_problem(operation: str, source: dict[str, Any], message: str, code: str) -> None:
    document = XeroDocument(tenant_id=1, number="A-1", currency="AUD")
    job = SyncJob(tenant_id=1, document=document, operation=operation, kind="sales invoice", source=source)

    event = event_of(job, Refused((message,)))

    assert isinstance(event, Rejected)
    assert [one.code for one in event.problems] == [code]
    assert "{" not in describe(event.problems[0]).text
