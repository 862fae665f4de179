"""
What a document in Xero says about our books: they agree, or where they do not and what can be done. Pure.

The rules: our mark and our id is the document itself; our mark and another id is a second one of it, which as a draft
is ours to take away and in any other status a person's to decide; our mark and nothing here is an orphan.
"""

from dataclasses import dataclass
from enum import StrEnum

from integrations.job_states import BreakKind, DocumentState, JobState
from integrations.mapping.compare_answer import AnsweredFigures, Difference, differences
from integrations.mapping.documents import MappedDocument

GONE = frozenset({"DELETED", "VOIDED"})
# Nobody but us has done anything with it yet; a quote is sent at once.
UNTOUCHED = frozenset({"DRAFT", "SENT"})
APPROVED = frozenset({"AUTHORISED", "PAID"})
# What a target status may have become by the hand of a person in Xero, without being wrong.
FURTHER = {"AUTHORISED": APPROVED, "SUBMITTED": APPROVED | {"SUBMITTED"}}
STOPPED = frozenset({JobState.REJECTED, JobState.ATTENTION})


class Act(StrEnum):
    """What we do about it ourselves."""

    DISCARD = "discard"
    LOOK = "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """
    A document in Xero. `is_certain`: its mark cannot be mistaken; a supplier's credit note has none, so that its own
    facts must do.
    """

    xero_id: str
    kind: str
    status: str
    number: str
    figures: AnsweredFigures
    is_certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """
    What we know of the document. `xero_id` empty: none; `mapped`: as it was last delivered; `create_state`: of the job
    that creates it; `is_settled`: nothing of it is under way, nor was a moment ago; `was_restored`: what became of it
    after a backup is not known; `kept_ids`: second ones that could not be taken away.
    """

    document_id: int
    xero_id: str
    state: str
    create_state: str
    target_status: str
    is_settled: bool
    was_restored: bool
    mapped: MappedDocument | None
    kept_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """`kind` None: our books and Xero's agree here."""

    kind: BreakKind | None = None
    differences: tuple[Difference, ...] = ()
    act: Act | None = None


AGREE = Judgement()


def judge(seen: Seen, sent: Sent | None) -> Judgement | None:
    """None: it is still on its way, and nothing can be said."""
    if sent is None:
        return AGREE if seen.status in GONE else Judgement(BreakKind.ORPHAN)
    if not sent.is_settled:
        return None
    return _of_itself(seen, sent) if seen.xero_id == sent.xero_id else _of_second(seen, sent)


def _of_itself(seen: Seen, sent: Sent) -> Judgement:
    """What was voided in Xero is followed here, so it is no break; what needs attention has been told already."""
    if seen.status in GONE:
        return AGREE
    if sent.state == DocumentState.VOIDED:
        return Judgement(BreakKind.STATUS, (Difference("status", "VOIDED", seen.status),))
    if sent.state != DocumentState.IN_XERO or sent.mapped is None:
        return AGREE
    wanted = FURTHER.get(sent.target_status)
    if wanted is not None and seen.status not in wanted:
        return Judgement(BreakKind.STATUS, (Difference("status", sent.target_status, seen.status),))
    found = tuple(differences(sent.mapped, seen.figures))
    return Judgement(BreakKind.FIGURES, found) if found else AGREE


def _of_second(seen: Seen, sent: Sent) -> Judgement:
    if seen.status in GONE:
        return AGREE
    if not seen.is_certain:
        return Judgement(BreakKind.DUPLICATE)
    is_untouched = seen.status in UNTOUCHED
    is_lost = not sent.xero_id and sent.create_state in STOPPED
    if is_lost and (sent.was_restored or not is_untouched):
        return Judgement(act=Act.LOOK)
    if is_untouched and seen.xero_id not in sent.kept_ids:
        return Judgement(BreakKind.STRAY_DRAFT, act=Act.DISCARD)
    return Judgement(BreakKind.DUPLICATE)
