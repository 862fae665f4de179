"""The words of a sync job's life: pure, so that what decides on them needs no Django."""

from enum import StrEnum


class Operation(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    VOID = "void"
    UNPOST = "unpost"
    ALLOCATE = "allocate"
    NOTE = "note"


class JobState(StrEnum):
    """`outbox/decide.py` alone says which one follows which."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"
    REJECTED = "rejected"
    ATTENTION = "attention"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({JobState.QUEUED, JobState.SENDING, JobState.UNKNOWN})


class Step(StrEnum):
    """The recovery point: what is to be done next."""

    LOOK = "look"
    CONTACT = "contact"
    CREATE = "create"
    UPDATE = "update"
    ATTACH = "attach"
    PROMOTE = "promote"
    VOID = "void"
    ALLOCATE = "allocate"
    NOTE = "note"


class DocumentState(StrEnum):
    """How far a document is on its way into Xero."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    IN_XERO = "in xero"
    ATTENTION = "attention"
    CANCELLED = "cancelled"
    VOIDED = "voided"


class MoneyState(StrEnum):
    """Empty while there is nothing to be paid: a quote, a draft, a document that is gone."""

    NONE = ""
    UNPAID = "unpaid"
    PART_PAID = "part-paid"
    PAID = "paid"
    CREDITED = "credited"


class LogResult(StrEnum):
    DONE = "done"
    INFO = "info"
    WAITING = "waiting"
    FAILED = "failed"


FIRST_STEPS = {
    Operation.CREATE: Step.CONTACT,
    Operation.UPDATE: Step.UPDATE,
    Operation.VOID: Step.LOOK,
    Operation.UNPOST: Step.LOOK,
    Operation.ALLOCATE: Step.ALLOCATE,
    Operation.NOTE: Step.NOTE,
}
_DOCUMENT_STATES = {
    JobState.QUEUED: DocumentState.QUEUED,
    JobState.SENDING: DocumentState.SENDING,
    JobState.UNKNOWN: DocumentState.UNKNOWN,
    JobState.DONE: DocumentState.IN_XERO,
    JobState.REJECTED: DocumentState.ATTENTION,
    JobState.ATTENTION: DocumentState.ATTENTION,
    JobState.CANCELLED: DocumentState.CANCELLED,
}


def document_state(operation: str, state: str) -> DocumentState:
    """What a job's state means for its document: what is not created stays in Xero whatever becomes of the job."""
    if operation == Operation.CREATE:
        return _DOCUMENT_STATES[JobState(state)]
    if state == JobState.DONE and operation in {Operation.VOID, Operation.UNPOST}:
        return DocumentState.VOIDED
    if state in OPEN_STATES and operation in {Operation.ALLOCATE, Operation.NOTE}:
        return DocumentState.IN_XERO
    return DocumentState.IN_XERO if state == JobState.CANCELLED else _DOCUMENT_STATES[JobState(state)]
