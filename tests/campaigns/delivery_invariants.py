"""What must hold of a simulated lane, whatever happened to it: the invariants I1 to I10, counted."""

import itertools
from collections import Counter

from integrations.job_states import JobState, Step
from tests.campaigns.harsh_xero import LEDGER, Document
from tests.campaigns.simulated_lane import Job, SimulatedLane

KEY_LIFE = 480.0
SEND_WITHIN = 5.0
ENDED = {JobState.DONE, JobState.REJECTED, JobState.ATTENTION, JobState.CANCELLED}


def violations(lane: SimulatedLane) -> Counter[str]:
    """By the name of the invariant; empty: all hold. Deletes the stray drafts first, as the reconciler does."""
    found: Counter[str] = Counter()
    found["stray draft without an excuse"] = delete_strays(lane)
    found["I1 in the ledger twice"] = lane.xero.ledger_duplicates
    found["foreign document overwritten"] = lane.xero.overwritten
    found["I8 id changed"] = lane.journal.changed_ids
    found["I11 stopped without a word"] = lane.journal.silent
    for job in lane.jobs:
        found[_at_rest(lane, job)] += 1
    found += _of_intents(lane)
    found[""] = 0
    return +found


def delete_strays(lane: SimulatedLane) -> int:
    """
    Drafts with our mark whose id no job stored: what the reconciler finds. Returns how many there are that no request
    left behind which a paused process sent too late; only those cannot be avoided.
    """
    lane.xero.run_until(float("inf"))
    known = {job.snapshot.xero_id for job in lane.jobs}
    strays = [
        one
        for one in lane.xero.documents.values()
        if one.identity != "foreign" and one.xero_id not in known and one.status in {"DRAFT", "SENT"}
    ]
    for stray in strays:
        stray.status = "DELETED"
    excused = {
        wanted.identity for _, one in lane.xero.wire if one.key in lane.journal.excused for wanted in one.members
    }
    return sum(stray.identity not in excused for stray in strays)


def _at_rest(lane: SimulatedLane, job: Job) -> str:
    """I2, I3, I7, I10: the name of what is broken, or nothing."""
    live = [one for one in lane.xero.by_identity[job.identity] if one.is_live]
    snapshot = job.snapshot
    if snapshot.state not in ENDED:
        return "I7 stuck"
    if snapshot.state in {JobState.REJECTED, JobState.CANCELLED}:
        return "I2 something of it is in Xero" if live else ""
    if snapshot.state == JobState.ATTENTION:
        return "I2 more than the stored document" if {one.xero_id for one in live} - {snapshot.xero_id} else ""
    return _of_done(lane, job, live)


def _of_done(lane: SimulatedLane, job: Job, live: list[Document]) -> str:
    if job.identity in lane.removed_by_people:
        return "made again after somebody deleted it" if live else ""
    if len(live) != 1:
        return "I2 lost" if not live else "I2 twice"
    document = live[0]
    if document.total != f"{job.mapped.total:.2f}":
        return "I3 wrong total"
    if job.snapshot.is_promoted_later and document.status not in LEDGER:
        return "I3 not approved"
    was_cancelled = job.snapshot.cancel_requested_at is not None or job.snapshot.step == Step.VOID
    if job.snapshot.wants_pdf and not was_cancelled and job.file_name not in document.files:
        return "I3 PDF missing"
    return ""


def _of_intents(lane: SimulatedLane) -> Counter[str]:
    """I4, I5, I6, from the order in which things were written down and sent."""
    journal, found = lane.journal, Counter[str]()
    for at, request in lane.xero.wire:
        intent = journal.intents.get(request.key)
        if intent is None or intent != request:
            found["I4 sent without its intent"] += 1
        elif request.key not in journal.excused and at - journal.intended_at[request.key] > SEND_WITHIN:
            found["I4 sent too late"] += 1
    sent = Counter(request.key for _, request in lane.xero.wire if request.verb == "create")
    intended = Counter(key for creates in journal.creates.values() for key in {key for _, key, _ in creates})
    found["I4 sent more often than intended"] += sum(
        count > max(1, _times_intended(lane, key)) for key, count in sent.items() if key in intended
    )
    for identity, creates in journal.creates.items():
        found += _of_generations(lane, identity, creates)
    return found


def _times_intended(lane: SimulatedLane, key: str) -> int:
    identity = key.split("|", maxsplit=1)[0].split(":", maxsplit=1)[0]
    return sum(one == key for _, one, _ in lane.journal.creates[identity])


def _of_generations(lane: SimulatedLane, identity: str, creates: list[tuple[float, str, bool]]) -> Counter[str]:
    """Between two keys lies the quiet time, unless the first request did nothing at all, as is known here for sure."""
    found: Counter[str] = Counter()
    excused = lane.journal.excused
    for (earlier, old_key, _), (later, new_key, is_there) in itertools.pairwise(creates):
        if old_key == new_key or old_key in excused:
            continue
        found["I5 second key within the quiet time"] += later - earlier < KEY_LIFE and earlier == _sent_at(
            lane, identity, old_key
        )
        found["I6 second key though Xero shows it"] += is_there
    return found


def _sent_at(lane: SimulatedLane, identity: str, key: str) -> float | None:
    """When the request left that made the document under this key; None: none did."""
    made_at = lane.xero.made.get((key, identity))
    if made_at is None:
        return None
    return max(at for at, one, _ in lane.journal.creates[identity] if one == key and at <= made_at)
