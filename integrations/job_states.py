"""The words of a sync job's life: pure, so that what decides on them needs no Django."""

from enum import StrEnum


class Operation(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    VOID = "void"
    UNPOST = "unpost"
    ALLOCATE = "allocate"
    NOTE = "note"
    # A second draft of a document, which a call that came too late has left in Xero, is deleted there.
    DISCARD = "discard"


# They add something to a document and leave the document itself as it is.
ADDITIONS = frozenset({Operation.ALLOCATE, Operation.NOTE})


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
    # In a file that a person imports into Xero; not sent unless he says so.
    BY_FILE = "by file"


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


class Direction(StrEnum):
    """How what an entry of the accounting log tells of came about: by us, by Xero's hint, or by asking Xero."""

    OUT = "out"
    WEBHOOK = "webhook"
    POLL = "poll"


class BreakKind(StrEnum):
    """What can be wrong between our books and Xero's."""

    STRAY_DRAFT = "stray draft"
    DUPLICATE = "duplicate"
    FIGURES = "figures"
    STATUS = "status"
    MISSING = "missing"
    ORPHAN = "orphan"
    NO_ANSWER = "no answer"


FIRST_STEPS = {
    Operation.CREATE: Step.CONTACT,
    Operation.UPDATE: Step.UPDATE,
    Operation.VOID: Step.LOOK,
    Operation.UNPOST: Step.LOOK,
    Operation.ALLOCATE: Step.ALLOCATE,
    Operation.NOTE: Step.NOTE,
    Operation.DISCARD: Step.LOOK,
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


# The problem of a job that waits because its document was exported by file.
EXPORTED_BY_FILE = "FB-511"


def document_state(operation: str, state: str, problem_code: str = "") -> DocumentState:
    """What a job's state means for its document: what is not created stays in Xero whatever becomes of the job."""
    if operation == Operation.CREATE and problem_code == EXPORTED_BY_FILE:
        return DocumentState.BY_FILE
    if operation == Operation.CREATE:
        return _DOCUMENT_STATES[JobState(state)]
    if state == JobState.DONE and operation in {Operation.VOID, Operation.UNPOST}:
        return DocumentState.VOIDED
    if state in OPEN_STATES and operation in ADDITIONS:
        return DocumentState.IN_XERO
    return DocumentState.IN_XERO if state == JobState.CANCELLED else _DOCUMENT_STATES[JobState(state)]
