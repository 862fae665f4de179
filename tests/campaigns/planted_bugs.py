"""R3: engines with a bug each, such as people really write. The simulation must catch every one of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from integrations.job_states import Step
from integrations.outbox import job_events as events
from integrations.outbox.answer_verdict import Applied, Mark, Nothing, Outcome, Refused, Unclear, Verdict
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.xero_gateway.answers import NoAnswerError
from tests.campaigns.harsh_xero import Request
from tests.campaigns.simulated_lane import Job, SimulatedLane

NO_QUIET = DeliveryTimes(quiet=timedelta(seconds=1), quiet_ticks=0)
WALL_CLOCK_ONLY = DeliveryTimes(quiet_ticks=0)


class IntentAfterSend(SimulatedLane):
    """The key and the bytes are written down with the answer."""

    def commit_intent(self, request: Request, jobs: Sequence[Job]) -> None:
        self.postponed = (request, list(jobs))

    def conclude(self, jobs: Sequence[Job], outcome: Outcome) -> None:
        super().commit_intent(*self.postponed)
        super().conclude(jobs, outcome)


class CreatesByPost(SimulatedLane):
    """POST, which finds a document by its number and changes it, where PUT would refuse."""

    def request_of(self, jobs: list[Job]) -> Request:
        return replace(super().request_of(jobs), is_upsert=True)


class TransportRepeats(SimulatedLane):
    """The HTTP library sends a PUT again when its answer is lost, as urllib3 does unless it is told not to."""

    def transmit(self, request: Request, jobs: Sequence[Job]) -> Outcome:
        for _ in range(3):
            outcome = super().transmit(request, jobs)
            if not isinstance(outcome, NoAnswerError):
                break
        return outcome


class SendsHoweverLate(SimulatedLane):
    """No deadline between the intent and the first byte."""

    def _is_held_up(self) -> bool:
        super()._is_held_up()
        return False


class OutageMeansNothingHappened(SimulatedLane):
    """503 is taken as "not applied", and sent again under a new key."""

    def verdicts_of(self, jobs: Sequence[Job], outcome: Outcome) -> list[Verdict]:
        found = super().verdicts_of(jobs, outcome)
        return [_nothing(one) if isinstance(one, Unclear) and "503" in one.reason else one for one in found]

    def event_of(self, job: Job, verdict: Verdict) -> events.Event:
        if isinstance(verdict, Nothing) and "503" in verdict.reason:
            job.snapshot = replace(job.snapshot, generation=job.snapshot.generation + 1)
        return super().event_of(job, verdict)


class SameKeyForEver(SimulatedLane):
    """The key is the document's, whatever is sent."""

    def request_of(self, jobs: list[Job]) -> Request:
        request = super().request_of(jobs)
        return replace(request, key=request.key.rsplit(":", 1)[0])


class RepeatsAtOnce(SimulatedLane):
    """What was lost is sent again with the next round, without asking what became of it."""

    def happen(self, job: Job, event: events.Event) -> None:
        if isinstance(event, events.OutcomeUnknown) and job.snapshot.step == Step.CREATE:
            job.snapshot = replace(job.snapshot, generation=job.snapshot.generation + 1)
            event = events.NotApplied(reason="lost")
        super().happen(job, event)


class ForgetsTheRestore(SimulatedLane):
    """After a restore the queue goes on as if nothing had been sent."""

    def after_restore(self) -> None:
        """Nobody runs `restore_mark`."""


class GivesUpOnTheUnknown(SimulatedLane):
    """No answer counts as a refusal."""

    def event_of(self, job: Job, verdict: Verdict) -> events.Event:
        return super().event_of(job, Refused((verdict.reason,)) if isinstance(verdict, Unclear) else verdict)


class ComparesNothing(SimulatedLane):
    """Xero's figures are believed."""

    def success_of(self, job: Job, verdict: Applied) -> events.Event:
        event = super().success_of(job, verdict)
        is_compared = isinstance(event, events.Created | events.Updated | events.Promoted)
        return replace(event, differences=()) if is_compared else event


class TrustsTheOrder(SimulatedLane):
    """Elements of an answer are taken in the order in which they were sent."""

    def marks_of(self, _jobs: Sequence[Job]) -> list[Mark]:
        return []


class SkipsThePdf(SimulatedLane):
    """A PDF whose upload was not answered counts as attached."""

    def event_of(self, job: Job, verdict: Verdict) -> events.Event:
        event = super().event_of(job, verdict)
        is_lost = isinstance(event, events.OutcomeUnknown) and job.snapshot.step == Step.ATTACH
        return events.Attached() if is_lost else event


class IgnoresDeletion(SimulatedLane):
    """What somebody deleted in Xero counts as never sent."""

    def happen(self, job: Job, event: events.Event) -> None:
        if isinstance(event, events.LookedUp):
            event = events.LookedUp(tuple(one for one in event.found if not one.is_gone))
        super().happen(job, event)


class BelievesDirtyAnswers(SimulatedLane):
    """A list that could not be read counts as an empty one."""

    def _look(self, lookers: list[Job]) -> None:
        clean = self.xero.read
        self.xero.read = lambda now: clean(now) or []  # type: ignore[method-assign]
        super()._look(lookers)
        self.xero.read = clean  # type: ignore[method-assign]


class ApprovesAtOnce(SimulatedLane):
    """One phase: documents are created as approved ones."""

    def request_of(self, jobs: list[Job]) -> Request:
        request = super().request_of(jobs)
        if request.verb != "create":
            return request
        members = tuple(
            replace(member, status=job.snapshot.target_status)
            for member, job in zip(request.members, jobs, strict=True)
        )
        return replace(request, members=members)


def _nothing(verdict: Unclear) -> Nothing:
    return Nothing(reason=verdict.reason)
