"""
Xero at its worst, in memory, for the simulation: it forgets keys after six minutes, keeps errors under them, does not
know a key while its first request is still running, saves what it said it could not, saves late, and lies by HTML.

It shares nothing with the code under test but the shapes of answers (`Answer` and the two errors).
"""

import heapq
import itertools
import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from integrations.xero_gateway.answers import Answer, NoAnswerError, NotSentError

KEY_SECONDS = 360.0
LATEST_COMMIT = 280.0
READ_LAG = 5.0
LEDGER = {"AUTHORISED", "PAID"}
ID_NAME, LIST_NAME = "InvoiceID", "Invoices"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One element of a request."""

    identity: str
    number: str = ""
    total: str = ""
    xero_id: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """`verb`: create, update, status or attach; `members` stand for its body."""

    verb: str
    key: str
    members: tuple[Wanted, ...]
    is_upsert: bool = False


@dataclass(slots=True)
class Document:
    xero_id: str
    identity: str
    kind: str
    number: str
    total: str
    status: str
    seen_from: float
    files: set[str] = field(default_factory=set)
    is_paid: bool = False

    @property
    def is_live(self) -> bool:
        return self.status not in {"DELETED", "VOIDED"}


# Shares of all writes, cumulated; what is left over is answered well.
FAULTS = (
    ("not sent", 0.04), ("reset", 0.08), ("busy", 0.11), ("503", 0.14), ("500 saved", 0.17), ("500 kept", 0.20),
    ("late", 0.23), ("lost", 0.29), ("half", 0.31), ("html", 0.32), ("shuffled", 0.34),
)  # fmt: skip


class HarshXero:
    """`now` below is true time in seconds. Journals everything that a checker needs."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.documents: dict[str, Document] = {}
        self.by_identity: dict[str, list[Document]] = defaultdict(list)
        self.numbers: dict[str, Document] = {}
        self.kept: dict[str, tuple[float, Request, Answer]] = {}
        self.later: list[tuple[float, int, Request, str]] = []
        self.order = itertools.count()
        self.wire: list[tuple[float, Request]] = []
        self.faults: Counter[str] = Counter()
        # By key and identity: when a request really made a document.
        self.made: dict[tuple[str, str], float] = {}
        self.noticed: list[tuple[float, str]] = []
        self.ledger_duplicates = 0
        self.overwritten = 0

    def add_foreign(self, number: str) -> None:
        """Somebody else's invoice, which has the number that ours will want."""
        document = Document(self._new_id(), "foreign", "sales invoice", number, "1.00", "AUTHORISED", 0.0)
        self.documents[document.xero_id] = self.numbers[number] = document

    def run_until(self, now: float) -> None:
        """What was still under way."""
        while self.later and self.later[0][0] <= now:
            at, _, request, kind = heapq.heappop(self.later)
            self._execute(request, kind, at)

    def send_late(self, request: Request, kind: str, at: float) -> None:
        self.wire.append((at, request))
        heapq.heappush(self.later, (at, next(self.order), request, kind))

    def write(self, request: Request, kind: str, now: float) -> Answer:
        """Raises NotSentError, NoAnswerError."""
        draw = self.rng.random()
        fault = next((name for name, share in FAULTS if draw < share), "")
        self.faults[fault or "none"] += 1
        if fault == "not sent":
            raise NotSentError("NewConnectionError")
        self.wire.append((now, request))
        if fault == "busy":
            return Answer(status=429, headers={"retry-after": "7", "x-rate-limit-problem": "minute"}, body=b"")
        kept = self.kept.get(request.key)
        if kept is not None and now - kept[0] < KEY_SECONDS:
            return self._repeated(kept, request)
        return self._answer(fault, request, kind, now)

    def read(self, now: float) -> list[Document] | None:
        """What a clean list would show; None: the answer was anything but clean."""
        if self.rng.random() < 0.2:
            return None
        lag = self.rng.uniform(0, READ_LAG)
        return [one for one in self.documents.values() if one.seen_from <= now - lag]

    def _repeated(self, kept: tuple[float, Request, Answer], request: Request) -> Answer:
        if kept[1] != request:
            message = "The Idempotency key is used with a different request"
            return Answer(status=400, headers={}, body=json.dumps({"Message": message}).encode())
        return kept[2]

    def _answer(self, fault: str, request: Request, kind: str, now: float) -> Answer:
        if fault == "reset":
            raise NoAnswerError("ProtocolError")
        if fault == "late":
            heapq.heappush(self.later, (now + self.rng.uniform(1, LATEST_COMMIT), next(self.order), request, kind))
            raise NoAnswerError("ReadTimeoutError")
        if fault == "html":
            return Answer(status=200, headers={}, body=b"<html>Down for maintenance</html>")
        error = Answer(status=503 if fault == "503" else 500, headers={}, body=b"{}")
        if fault == "500 kept" or (fault == "503" and self.rng.random() < 0.5):
            self.kept[request.key] = (now, request, error)
            return error
        answer = self._execute(request, kind, now)
        self.kept[request.key] = (now, request, answer)
        if fault == "lost":
            raise NoAnswerError("ReadTimeoutError")
        if fault in {"503", "500 saved"}:
            return error
        return self._spoilt(fault, answer)

    def _spoilt(self, fault: str, answer: Answer) -> Answer:
        if fault == "half":
            return Answer(status=200, headers={}, body=answer.body[: len(answer.body) // 2])
        if fault == "shuffled" and answer.status == 200:
            elements = json.loads(answer.body)[LIST_NAME]
            self.rng.shuffle(elements)
            return Answer(status=200, headers={}, body=json.dumps({LIST_NAME: elements}).encode())
        return answer

    def _execute(self, request: Request, kind: str, now: float) -> Answer:
        act = {"create": self._create, "update": self._update, "status": self._set_status, "attach": self._attach}
        elements = [act[request.verb](wanted, kind, now, request) for wanted in request.members]
        return Answer(status=200, headers={}, body=json.dumps({LIST_NAME: elements}).encode())

    def _create(self, wanted: Wanted, kind: str, now: float, request: Request) -> dict[str, object]:
        if wanted.total.startswith("-"):
            return _refusal(wanted, "The invoice total must not be negative")
        standing = self.numbers.get(wanted.number) if kind == "sales invoice" else None
        if standing is not None and not request.is_upsert:
            return _refusal(wanted, "Invoice # must be unique.")
        if standing is not None:
            self.overwritten += standing.identity != wanted.identity
            return _element(standing)
        total = wanted.total if self.rng.random() > 0.01 else f"{float(wanted.total) + 0.01:.2f}"
        document = Document(self._new_id(), wanted.identity, kind, wanted.number, total, wanted.status, now)
        self.documents[document.xero_id] = document
        self.by_identity[wanted.identity].append(document)
        self.made.setdefault((request.key, wanted.identity), now)
        if kind == "sales invoice":
            self.numbers[wanted.number] = document
        self._check_ledger(document)
        if self.rng.random() < 0.02:
            self.noticed.append((now + self.rng.uniform(1, 600), document.xero_id))
        return _element(document)

    def _update(self, wanted: Wanted, _kind: str, _now: float, _request: Request) -> dict[str, object]:
        document = self.documents[wanted.xero_id]
        if not document.is_live or document.status == "PAID":
            return _refusal(wanted, "Invoice not of valid status for modification", document)
        document.total = wanted.total
        return _element(document)

    def _set_status(self, wanted: Wanted, _kind: str, _now: float, _request: Request) -> dict[str, object]:
        document = self.documents[wanted.xero_id]
        deletes = wanted.status == "DELETED"
        if not document.is_live or document.status == "PAID" or (deletes and document.status == "AUTHORISED"):
            return _refusal(wanted, "Invoice not of valid status for modification", document)
        document.status = wanted.status
        self._check_ledger(document)
        return _element(document)

    def _attach(self, wanted: Wanted, _kind: str, _now: float, _request: Request) -> dict[str, object]:
        self.documents[wanted.xero_id].files.add(wanted.number)
        return {"InvoiceID": wanted.xero_id}

    def let_people_act(self, now: float) -> list[str]:
        """Somebody comes upon a draft and approves or deletes it. Returns the identities of what was deleted."""
        due = [one for one in self.noticed if one[0] <= now]
        self.noticed = [one for one in self.noticed if one[0] > now]
        deleted = []
        for _, xero_id in due:
            document = self.documents[xero_id]
            if document.status != "DRAFT" or len(self.by_identity[document.identity]) > 1:
                continue
            document.status = self.rng.choice(["AUTHORISED", "DELETED"])
            deleted += [] if document.is_live else [document.identity]
        return deleted

    def _check_ledger(self, document: Document) -> None:
        """I1, at every moment: one identity stands in the ledger once."""
        booked = sum(one.status in LEDGER for one in self.by_identity[document.identity])
        self.ledger_duplicates += document.status in LEDGER and booked > 1

    def _new_id(self) -> str:
        return str(UUID(int=self.rng.getrandbits(128)))


def _element(document: Document) -> dict[str, object]:
    return {
        ID_NAME: document.xero_id, "InvoiceNumber": document.number, "Status": document.status,
        "Total": float(document.total), "TotalTax": 0, "CurrencyCode": "AUD", "CurrencyRate": 1,
    }  # fmt: skip


def _refusal(wanted: Wanted, message: str, document: Document | None = None) -> dict[str, object]:
    shown = _element(document) if document else {"InvoiceNumber": wanted.number, ID_NAME: str(UUID(int=0))}
    return {**shown, "StatusAttributeString": "ERROR", "ValidationErrors": [{"Message": message}]}
