"""
The crash matrix as a table: where a crash strikes, what it leaves behind, how what was struck gets on, how it ends.

Every point holds for each kind and for one document as for several in one call; a kind that is left out says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from integrations.mapping.source import DocumentKind
from integrations.outbox.retry_policy import MOST_STARTS
from tests.outbox import crash_strikes as strike
from tests.outbox.crash_scene import (
    Scene,
    backup_is_restored,
    clock_jumps_ahead,
    held_back_arrives,
    held_back_arrives_and_books_are_compared,
    nothing_more,
    person_cancels,
    person_repeats,
    person_repeats_in_vain,
    two_workers_are_woken,
)
from tests.outbox.crash_strikes import Strike

QUOTE = DocumentKind.QUOTE
KINDS = (DocumentKind.SALES_INVOICE, DocumentKind.BILL, QUOTE)
# They have a path of their own in Xero, and are found again in other ways than these.
CREDIT_NOTES = (DocumentKind.SALES_CREDIT_NOTE, DocumentKind.BILL_CREDIT_NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """
    What is committed right after the crash: state and step of each job (none: there is none), what Xero holds
    ("nothing", "draft", "final"), and whether the dead worker still has the lane.
    """

    state: str = ""
    step: str = ""
    in_xero: str = "nothing"
    lane_is_held: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashPoint:
    """
    `meanwhile` happens after the crash, `between` after the first fresh worker has been and before the quiet time is
    over, `afterwards` after a second one. `wire`: all calls since the crash, "of each" where it takes one for each
    document; quotes need no approval. `ends`: the jobs, `in_xero`: all documents, beside `strays` of the same number;
    `first_ends`: the first job, where that ends otherwise and Xero has nothing of it.

    `quotes`: what differs for them. `without`: kinds that are left out, each with the reason; `also`: further ones.
    """

    name: str
    strikes: Strike
    crashes: int = 1
    leaves: Left
    meanwhile: Callable[[Scene], None] = nothing_more
    between: Callable[[Scene], None] = nothing_more
    afterwards: Callable[[Scene], None] = nothing_more
    wire: str
    ends: str = "done"
    in_xero: str = "final"
    strays: str = ""
    first_ends: str = ""
    has_pdf: bool = False
    are_newcomers: bool = False
    quotes: Mapping[str, Any] = field(default_factory=dict)
    without: Mapping[DocumentKind, str] = field(default_factory=dict)
    also: tuple[DocumentKind, ...] = ()

    @property
    def kinds(self) -> list[DocumentKind]:
        return [kind for kind in (*KINDS, *self.also) if kind not in self.without]

    def of(self, kind: DocumentKind) -> "CrashPoint":
        return replace(self, **self.quotes) if kind == QUOTE else self

    def calls(self, kind: DocumentKind, count: int) -> list[str]:
        times = {"": 1, "each": count, "each other": count - 1, "others": min(1, count - 1)}
        found = []
        for part in self.wire.split(", "):
            words, _, of = part.partition(" of ")
            if words != "approve" or kind != QUOTE:
                found += words.split(" and ") * times[of]
        return found


QUEUED = Left(state="queued", step="contact")
UNSENT = Left(state="unknown", step="create")
SENT = Left(state="unknown", step="create", in_xero="draft")
CREATED = Left(state="sending", step="promote", in_xero="draft")
ATTACHING = Left(state="sending", step="attach", in_xero="draft")
APPROVED = Left(state="sending", step="promote", in_xero="final")

NEEDS_NO_APPROVAL = {QUOTE: "a quote moves no ledger and takes its status when it is created"}
HAS_NO_PDF = {DocumentKind.BILL: "what we are billed has no PDF of ours"}
QUOTE_IS_DONE = {QUOTE: "a quote without a PDF is done once it is created"}
NUMBERS_ARE_UNIQUE = {
    DocumentKind.SALES_INVOICE: "Xero refuses a second one with the same number",
    QUOTE: "Xero refuses a second one with the same number (unconfirmed)",
}
KNOWS_NO_KINDS = dict.fromkeys(
    KINDS[1:], "differs in nothing that knows of kinds from a point that is acted out for each of them"
)

CRASH_POINTS = [
    CrashPoint(
        name="before the commit",
        strikes=strike.before_the_commit,
        leaves=Left(lane_is_held=False),
        meanwhile=person_repeats,
        wire="create, approve",
    ),
    CrashPoint(
        name="before the wake-up",
        strikes=strike.before_the_nudge,
        leaves=replace(QUEUED, lane_is_held=False),
        meanwhile=person_repeats_in_vain,
        wire="create, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="wake-up lost with Redis",
        strikes=strike.redis_emptied,
        leaves=replace(QUEUED, lane_is_held=False),
        wire="create, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="claimed",
        strikes=strike.after_the_claim,
        leaves=QUEUED,
        wire="create, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="before the intent",
        strikes=strike.before_the_intent,
        leaves=Left(state="queued", step="create"),
        wire="create, approve",
    ),
    CrashPoint(
        name="intent committed and nothing sent",
        strikes=strike.sending("create", is_answered=False),
        leaves=UNSENT,
        wire="look, look, create of each, approve",
        also=CREDIT_NOTES,
    ),
    CrashPoint(
        name="intent committed and asleep before sending",
        strikes=strike.asleep_before_sending,
        leaves=Left(state="queued", step="create", lane_is_held=False),
        wire="create, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="sent and killed in flight",
        strikes=strike.sending("create", is_answered=True),
        leaves=SENT,
        wire="look, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="sent and answer lost",
        strikes=strike.answer_lost("create"),
        leaves=replace(SENT, lane_is_held=False),
        wire="look, approve",
        also=CREDIT_NOTES,
    ),
    CrashPoint(
        name="sent and arrives after the first look",
        strikes=strike.held_back("create"),
        leaves=UNSENT,
        between=held_back_arrives,
        wire="look, create, look, approve",
    ),
    CrashPoint(
        name="sent and arrives after the quiet time",
        strikes=strike.held_back("create"),
        leaves=UNSENT,
        afterwards=held_back_arrives_and_books_are_compared,
        wire="look, look, create of each, approve, create, look, look, delete",
        strays="deleted",
        without=NUMBERS_ARE_UNIQUE,
    ),
    CrashPoint(name="answer not stored", strikes=strike.storing("create"), leaves=SENT, wire="look, approve"),
    CrashPoint(
        name="answer comes and database is down",
        strikes=strike.without_database_storing("create"),
        leaves=SENT,
        wire="look, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="stored and woken twice",
        strikes=strike.stored("create"),
        leaves=CREATED,
        meanwhile=two_workers_are_woken,
        wire="approve",
        quotes={"leaves": Left(state="done", step="create", in_xero="final")},
    ),
    CrashPoint(
        name="contact not stored",
        strikes=strike.storing("contact"),
        are_newcomers=True,
        leaves=Left(state="sending", step="contact"),
        wire="read contacts, create, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="attached and answer lost",
        strikes=strike.answer_lost("attach"),
        has_pdf=True,
        leaves=replace(ATTACHING, lane_is_held=False),
        wire="attach of each, approve",
        without=HAS_NO_PDF,
    ),
    CrashPoint(
        name="attached and not stored",
        strikes=strike.storing("attach"),
        has_pdf=True,
        leaves=ATTACHING,
        wire="attach of each, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="approving and nothing sent",
        strikes=strike.sending("approve", is_answered=False),
        leaves=CREATED,
        wire="approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="approved and answer lost",
        strikes=strike.answer_lost("approve"),
        leaves=replace(APPROVED, lane_is_held=False),
        wire="approve",
        without=NEEDS_NO_APPROVAL,
    ),
    CrashPoint(
        name="approved and not stored",
        strikes=strike.storing("promote"),
        leaves=APPROVED,
        wire="approve",
        without=NEEDS_NO_APPROVAL,
    ),
    CrashPoint(
        name="cancelled and nothing was sent",
        strikes=strike.sending("create", is_answered=False),
        leaves=UNSENT,
        meanwhile=person_cancels,
        wire="look, look",
        ends="cancelled",
        in_xero="nothing",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="cancelled while sending",
        strikes=strike.storing("create"),
        leaves=SENT,
        meanwhile=person_cancels,
        wire="look, delete",
        ends="cancelled",
        in_xero="deleted",
        quotes={"wire": "look, read and delete of each"},
    ),
    CrashPoint(
        name="cancelled as a draft",
        strikes=strike.stored("create"),
        leaves=CREATED,
        meanwhile=person_cancels,
        wire="delete",
        ends="cancelled",
        in_xero="deleted",
        without=QUOTE_IS_DONE,
    ),
    CrashPoint(
        name="cancelled while approving",
        strikes=strike.storing("promote"),
        leaves=APPROVED,
        meanwhile=person_cancels,
        wire="delete, look",
        without=NEEDS_NO_APPROVAL,
    ),
    CrashPoint(
        name="database restored",
        strikes=strike.nothing_strikes,
        leaves=Left(state="done", step="promote", in_xero="final", lane_is_held=False),
        meanwhile=backup_is_restored,
        wire="look, approve",
        quotes={"leaves": Left(state="done", step="create", in_xero="final", lane_is_held=False)},
    ),
    CrashPoint(
        name="clock jumps",
        strikes=strike.sending("create", is_answered=False),
        leaves=UNSENT,
        meanwhile=clock_jumps_ahead,
        wire="look, look, create of each, approve",
        without=KNOWS_NO_KINDS,
    ),
    CrashPoint(
        name="poison",
        strikes=strike.building_the_first,
        crashes=MOST_STARTS,
        leaves=Left(state="queued", step="create"),
        wire="create of each other, approve of others",
        first_ends="attention",
    ),
]

# Rows of the matrix that are acted out by tests of their own: file and test.
ELSEWHERE = {
    "token refreshed and not stored": (
        "connection/test_refresh_grant.py",
        "lost_answer_is_made_good_by_the_same_token",
    ),
    "killed while refreshing a token": (
        "connection/test_refresh_grant.py",
        "worker_that_dies_with_the_lease_leaves_work_for_the_next",
    ),
    "asleep beyond its lease": ("outbox/test_delivery_limits.py", "worker_that_lost_its_lane_writes_nothing"),
    "killed in a round of files": ("outbox/test_rounds_of_files.py", "crash_in_a_round_leaves_each_file_once"),
    "no broker at all": ("background_work/test_wake_worker.py", "click_succeeds_without_a_broker"),
}
