"""The states of documents and of money in the words, colours and icons that people see; other systems' words beside."""

from datetime import datetime, timedelta

from freightbridge.ui.pill import Pill
from integrations.job_states import BreakKind, Direction, LogResult

# A lost answer is settled within seconds as a rule; only what takes longer is called by another name.
STILL_SENDING = timedelta(seconds=90)
SENDING = Pill(label="Sending", colour="purple", icon="arrow-up-tray", is_live=True)
READY = Pill(label="Ready", colour="secondary", icon="check")
ACCOUNTING = {
    "nothing": Pill(label="Nothing to invoice", colour="secondary", icon="minus"),
    "not ready": Pill(label="Not ready", colour="secondary", icon="ellipsis-horizontal-circle"),
    "ready": READY,
    "cancelled": READY,
    "do not send": Pill(label="Do not send", colour="dark", icon="no-symbol"),
    "queued": Pill(label="Queued", colour="purple", icon="clock"),
    "sending": SENDING,
    "unknown": Pill(label="Checking with Xero", colour="yellow", icon="magnifying-glass", is_live=True),
    "attention": Pill(label="Needs attention", colour="red", icon="exclamation-triangle", alias="Rejected"),
    "by file": Pill(label="Exported by file", colour="teal", icon="document-arrow-down"),
    "in xero": Pill(label="In Xero", colour="azure", icon="check-circle", alias="Processed"),
    "voided": Pill(label="Voided", colour="dark", icon="x-circle"),
}
MONEY = {
    "unpaid": Pill(label="Unpaid", colour="secondary", icon="clock"),
    "part-paid": Pill(label="Part-paid", colour="yellow", icon="chart-pie"),
    "paid": Pill(label="Paid", colour="green", icon="banknotes"),
    "credited": Pill(label="Credited", colour="azure", icon="receipt-refund"),
}
LOG_RESULTS = {
    LogResult.DONE: Pill(label="Done", colour="azure", icon="check-circle"),
    LogResult.INFO: Pill(label="Noted", colour="secondary", icon="information-circle"),
    LogResult.WAITING: Pill(label="Waiting", colour="yellow", icon="clock"),
    LogResult.FAILED: Pill(label="Failed", colour="red", icon="exclamation-triangle"),
}
DIRECTIONS = {Direction.OUT: "Out", Direction.WEBHOOK: "Webhook in", Direction.POLL: "Payment poll"}
BREAKS = {
    BreakKind.STRAY_DRAFT: Pill(label="Stray draft", colour="yellow", icon="document-minus"),
    BreakKind.DUPLICATE: Pill(label="Possible duplicate", colour="red", icon="document-duplicate"),
    BreakKind.FIGURES: Pill(label="Figures differ", colour="red", icon="calculator"),
    BreakKind.STATUS: Pill(label="Status differs", colour="yellow", icon="arrows-right-left"),
    BreakKind.MISSING: Pill(label="Missing in Xero", colour="red", icon="x-circle"),
    BreakKind.ORPHAN: Pill(label="Not known here", colour="red", icon="question-mark-circle"),
    BreakKind.NO_ANSWER: Pill(label="Outcome not known", colour="yellow", icon="magnifying-glass"),
}
IN_PROGRESS = ("queued", "sending", "unknown")


def accounting_pill(state: str, *, unknown_since: datetime | None, now: datetime) -> Pill:
    """`state`: of a shipment or of a document."""
    if state == "unknown" and unknown_since is not None and now - unknown_since < STILL_SENDING:
        return SENDING
    return ACCOUNTING[state]


def money_pill(state: str) -> Pill | None:
    """None: there is no money to speak of yet."""
    return MONEY.get(state)
