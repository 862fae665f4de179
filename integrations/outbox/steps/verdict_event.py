"""A verdict that did not go well, as the event that happens to the job: the same for every step."""

from integrations.job_states import Operation, Step
from integrations.mapping.source import ExportableDocument, from_json
from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Nothing, Refused, Unclear
from integrations.outbox.job_events import Event, NotApplied, OutcomeUnknown, Rejected
from integrations.problem_catalogue.xero_texts import problems_of


def event_of(job: SyncJob, verdict: Refused | Nothing | Unclear) -> Event:
    if isinstance(verdict, Refused):
        return Rejected(tuple(problems_of(verdict.messages, words=_words(job))))
    if isinstance(verdict, Nothing):
        return NotApplied(
            reason=verdict.reason.rstrip(".") + ".", not_before=verdict.not_before, goes_alone=verdict.goes_alone
        )
    return OutcomeUnknown(verdict.reason)


def _words(job: SyncJob) -> dict[str, str]:
    """What Xero's texts leave out: which of our codes, customers and numbers the document has."""
    if job.operation not in {Operation.CREATE, Operation.UPDATE}:
        # The others have no document for their source.
        return {"number": job.document.number, "currency": job.document.currency}
    source = from_json(ExportableDocument, job.source)
    words = {
        "customer": source.party.code,
        "name": source.party.name,
        "contact": source.party.name,
        "number": source.number,
        "currency": source.currency,
        "date": source.issue_date.isoformat(),
        "charge_code": ", ".join(sorted(source.charge_codes)),
        "account": ", ".join(sorted({line["account_code"] for line in (job.mapped or {}).get("lines", [])})),
        "side": "purchases" if source.kind.is_purchase else "sales",
    }
    return {**words, "subject": source.party.code} if job.step == Step.CONTACT else words
