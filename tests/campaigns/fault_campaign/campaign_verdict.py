"""
Whether the delivery kept its word: our rows held against Xero's books, values in, findings out. Pure.

What was in the ledger once can leave it only as voided, so that the end tells of duplicates at any moment before.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from integrations.job_states import OPEN_STATES, JobState

Json = dict[str, Any]
CLIENT = "sandbox-client"
# Quotes stand in no ledger, but two of them are two for whoever reads them.
WAS_IN_LEDGER = frozenset({"AUTHORISED", "PAID", "SUBMITTED", "VOIDED", "SENT", "ACCEPTED", "INVOICED"})
GONE = frozenset({"DELETED", "VOIDED"})
REACHED = {"AUTHORISED": {"AUTHORISED", "PAID"}, "SENT": {"SENT"}}


class Invariant(StrEnum):
    DUPLICATES = "duplicates"
    LOST = "lost"
    SILENT = "silent"
    STUCK = "stuck"
    MISMATCHES = "mismatches"
    MISSING_PDFS = "missing_pdfs"
    # Left over by a process that slept between its last look at the clock and its first byte.
    STRAYS = "strays"
    # Nothing was wrong with it, and yet a person is asked.
    NEEDLESS = "stopped without cause"
    UNANNOUNCED = "sent without a committed intent"
    HASTY = "another key within the quiet time"


@dataclass(frozen=True, slots=True)
class AttachedFile:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentDocument:
    """
    `mark`: by what Xero's picture of it is known. `figures`: what Xero must show, by the names of its overview.
    `file`: what must be attached. `covers`: the shipments in it, or our reference where it has none.
    `is_told`: the accounting log says how it ended; `why`: what a person reads of it.
    """

    name: str
    mark: str
    state: str
    xero_id: str
    target_status: str
    figures: dict[str, str]
    file: AttachedFile | None
    covers: tuple[str, ...]
    is_planted: bool
    is_told: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """`document` empty: none in particular."""

    invariant: Invariant
    document: str
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    states: Counter[str]
    broken: list[Broken] = field(default_factory=list)

    def count(self, invariant: Invariant) -> int:
        return sum(one.invariant == invariant for one in self.broken)


def judge(sent: Sequence[SentDocument], in_xero: Sequence[Json], *, wanted: Collection[str]) -> Verdict:
    """`in_xero`: as the sandbox's admin API lists documents; `wanted`: what was handed over, as in `covers`."""
    ours = [one for one in in_xero if one["created_by"] == CLIENT]
    by_id = {one["id"]: one for one in ours}
    verdict = Verdict(Counter(one.state for one in sent))
    covered = Counter(name for one in sent for name in one.covers)
    for name in wanted:
        if covered[name] != 1:
            invariant = Invariant.DUPLICATES if covered[name] else Invariant.LOST
            verdict.broken.append(
                Broken(invariant, name, f"was handed over and is in the outbox {covered[name]} times")
            )
    for one in sent:
        verdict.broken.extend(_of_document(one, by_id.get(one.xero_id)))
    verdict.broken.extend(_of_copies(sent, ours))
    return verdict


def mark_of(document: Json) -> str:
    """As `SentDocument.mark`: the identity, its short form, or where Xero keeps neither the number."""
    if document["type"] in {"ACCREC", "ACCPAY"}:
        return str(document["url"].rpartition("/d/")[2])
    return str(document["number"] if document["type"] == "ACCPAYCREDIT" else document["reference"].rpartition(" ")[2])


def _of_document(one: SentDocument, there: Json | None) -> Iterator[Broken]:
    if one.state in OPEN_STATES:
        yield Broken(Invariant.STUCK, one.name, f"is still {one.state}")
        return
    if not one.is_told:
        yield Broken(Invariant.SILENT, one.name, f"is {one.state}, and the log says nothing of it")
    if one.state == JobState.DONE:
        yield from _of_done(one, there)
        return
    if not one.is_planted:
        yield Broken(Invariant.NEEDLESS, one.name, f"is {one.state}, though nothing is wrong with it: {one.why}")
    if there is not None and there["status"] in WAS_IN_LEDGER:
        yield Broken(Invariant.MISMATCHES, one.name, f"is {one.state} here and {there['status']} in Xero")


def _of_done(one: SentDocument, there: Json | None) -> Iterator[Broken]:
    if there is None or there["status"] in GONE:
        yield Broken(Invariant.LOST, one.name, f"is done here and {there['status'] if there else 'absent'} in Xero")
        return
    if there["status"] not in REACHED[one.target_status]:
        yield Broken(Invariant.MISMATCHES, one.name, f"status: {one.target_status} wanted, {there['status']} in Xero")
    shown = figures_in_xero(there)
    for name, value in one.figures.items():
        if shown[name] != value:
            yield Broken(Invariant.MISMATCHES, one.name, f"{name}: {value} here, {shown[name]} in Xero")
    files = [AttachedFile(file["file_name"], file["size"], file["sha256"]) for file in there["attachments"]]
    if files != ([one.file] if one.file else []):
        yield Broken(Invariant.MISSING_PDFS, one.name, f"files: {one.file} here, {files} in Xero")


def figures_in_xero(there: Json) -> dict[str, str]:
    lines = (f"{line['account_code']} {line['tax_type']} {line['line_amount']}" for line in there["lines"])
    return {
        "number": there["number"],
        "total": there["total"],
        "tax": there["tax"],
        "currency": there["currency"],
        "contact": there["contact_account_number"],
        "lines": "; ".join(lines),
    }


def _of_copies(sent: Iterable[SentDocument], ours: Iterable[Json]) -> Iterator[Broken]:
    """Every document that we made belongs to one of ours; of each there is one, and it is the one whose id we keep."""
    owner = {one.mark: one for one in sent}
    copies: dict[str, list[Json]] = defaultdict(list)
    for there in ours:
        copies[mark_of(there)].append(there)
    for mark, some in copies.items():
        one = owner.get(mark)
        name = one.name if one else some[0]["number"]
        others = [each for each in some if one is None or each["id"] != one.xero_id]
        for each in others:
            if each["status"] in WAS_IN_LEDGER:
                yield Broken(Invariant.DUPLICATES, name, f"{each['id']} is {each['status']} in Xero too")
            elif each["status"] not in GONE:
                yield Broken(Invariant.STRAYS, name, f"{each['id']} is left in Xero as {each['status']}")
