"""
One organisation's lane under faults, crashes, pauses, clock jumps and a restore, in virtual time.

The state machine is the production one: `decide`, the verdict table, the comparison of figures and the texts of
refusals. What is simulated is the ground it stands on: rows, workers, time and Xero.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from integrations.job_states import JobState, Step
from integrations.mapping.compare_answer import AnsweredFigures, differences
from integrations.mapping.documents import MappedDocument
from integrations.mapping.source import DocumentKind
from integrations.outbox import job_events as events
from integrations.outbox.answer_verdict import (
    Applied,
    Mark,
    Nothing,
    Outcome,
    Refused,
    Verdict,
    figures_of,
    verdicts,
)
from integrations.outbox.decide import decide
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_snapshot import JobSnapshot, Moment
from integrations.problem_catalogue.xero_texts import problems_of
from integrations.xero_gateway.answers import NoAnswerError, NotSentError
from tests.campaigns.harsh_xero import Document, HarshXero, Request, Wanted

EPOCH = datetime(2026, 3, 2, tzinfo=UTC)
TICK, LEASE, MOST = 20.0, 180.0, 50
# Xero shows a document after at most five seconds; a look and the send that follows it take some more.
SEEN_AFTER = 400.0
KINDS = [DocumentKind.SALES_INVOICE, DocumentKind.BILL, DocumentKind.QUOTE, DocumentKind.BILL_CREDIT_NOTE]
VERBS = {Step.CREATE: "create", Step.UPDATE: "update", Step.ATTACH: "attach"}


class WorkerGoneError(Exception):
    """The worker died or lost its lease: what it had not committed is lost."""


@dataclass(slots=True)
class Job:
    """A row. `wishes`: what people will ask for, as (true second, event)."""

    identity: str
    mapped: MappedDocument
    snapshot: JobSnapshot
    mends_left: int = 2
    wishes: list[tuple[float, events.Event]] = field(default_factory=list)

    @property
    def file_name(self) -> str:
        return f"{self.identity}.pdf"


@dataclass(slots=True)
class Journal:
    """What a checker needs beyond the end state."""

    intents: dict[str, Request] = field(default_factory=dict)
    intended_at: dict[str, float] = field(default_factory=dict)
    # By identity, in order: when it was sent to be created, by which key, and whether Xero showed it at that time.
    creates: dict[str, list[tuple[float, str, bool]]] = field(default_factory=lambda: defaultdict(list))
    excused: set[str] = field(default_factory=set)
    silent: int = 0
    changed_ids: int = 0


class SimulatedLane:
    """Rates are per step. A planted bug is a subclass, or other `times`."""

    crash_rate, pause_rate, last_moment_rate = 0.02, 0.01, 0.002

    def __init__(self, seed: int, *, documents: int, times: DeliveryTimes | None = None) -> None:
        self.rng = random.Random(seed)  # noqa: S311 repeatable, keeps no secret
        self.times = times or DeliveryTimes()
        self.xero = HarshXero(self.rng)
        self.journal = Journal()
        self.now, self.clock_error, self.calls = 0.0, 0.0, 0
        self.jobs = [self._new_job(seed, number) for number in range(documents)]
        self.open_jobs, self.wishing = list(self.jobs), [job for job in self.jobs if job.wishes]
        self.removed_by_people: set[str] = set()
        self.backup_at = self.rng.uniform(60, 400) if self.rng.random() < 0.2 else None
        self.restore_at = (self.backup_at or 0) + self.rng.uniform(30, 600)
        self.backup: list[tuple[JobSnapshot, MappedDocument]] | None = None
        self.clock_jumps = sorted((self.rng.uniform(0, 2000), self.rng.choice([-900, -600, 600, 900])) for _ in "abc")

    def run(self, *, longest: float = 14 * 86_400) -> None:
        while self.now < longest:
            self._let_the_world_turn()
            due = self._due()
            if due:
                self._serve(due)
            elif not self._skip_to_next():
                return

    # -- time ---------------------------------------------------------------------------------------------------------

    def at(self) -> Moment:
        wall = EPOCH + timedelta(seconds=self.now + self.clock_error)
        return Moment(now=wall, ticks=int(self.now / TICK), times=self.times, rng=self.rng)

    def _let_the_world_turn(self) -> None:
        while self.clock_jumps and self.clock_jumps[0][0] <= self.now:
            self.clock_error += self.clock_jumps.pop(0)[1]
        self.xero.run_until(self.now)
        self.removed_by_people.update(self.xero.let_people_act(self.now))
        self._take_or_restore_backup()
        for job in self.wishing:
            while job.wishes and job.wishes[0][0] <= self.now:
                wish = job.wishes.pop(0)[1]
                if job.snapshot.state not in {JobState.DONE, JobState.CANCELLED}:
                    self.happen(job, wish)
        self.wishing = [job for job in self.wishing if job.wishes]

    def _skip_to_next(self) -> bool:
        """To the next moment at which something is due. False: all has come to rest."""
        waiting = [one.snapshot.next_at for one in self.open_jobs]
        moments = [(min(waiting) - self.at().now).total_seconds() + self.now] if waiting else []
        moments += [job.wishes[0][0] for job in self.wishing] + [one[0] for one in self.xero.noticed]
        moments += [jump[0] for jump in self.clock_jumps] if waiting else []
        moments += [self.restore_at] if self.backup_at is not None else []
        if not moments and self._mend_what_stopped():
            return True
        self.now = max(self.now + 0.5, min(moments)) if moments else self.now
        return bool(moments)

    # -- people -------------------------------------------------------------------------------------------------------

    def _new_job(self, seed: int, number: int) -> Job:
        rng, kind = self.rng, self.rng.choice(KINDS)
        identity = f"{seed}-{number}"
        total = Decimal(rng.randrange(100, 999_999)) / 100 * (-1 if rng.random() < 0.04 else 1)
        mapped = _mapped(identity, kind, total)
        if kind == DocumentKind.SALES_INVOICE and rng.random() < 0.01:
            self.xero.add_foreign(mapped.number)
        wants_pdf = rng.random() < 0.5
        snapshot = JobSnapshot(
            operation="create", kind=kind, state=JobState.QUEUED, step=Step.CREATE, target_status=mapped.target_status,
            wants_pdf=wants_pdf, has_pdf=False, is_attached=False, contact_id="c", xero_id="", generation=1,
            retry_count=0, started_count=0, goes_alone=False, next_at=EPOCH + timedelta(seconds=rng.uniform(0, 300)),
        )  # fmt: skip
        job = Job(identity, mapped, snapshot)
        if wants_pdf:
            job.wishes.append((rng.uniform(0, 500), events.PdfStored()))
        if rng.random() < 0.02:
            job.wishes.append((rng.uniform(0, 900), events.CancelRequested()))
        job.wishes.sort(key=lambda wish: wish[0])
        return job

    def _mend_what_stopped(self) -> bool:
        """An accountant comes by and mends what he can. False: nothing was left that he would."""
        mended = False
        for job in self.jobs:
            if job.snapshot.state in {JobState.REJECTED, JobState.ATTENTION} and job.mends_left:
                job.mends_left -= 1
                fresh = _mapped(f"{job.identity}", DocumentKind(job.snapshot.kind), abs(job.mapped.total))
                job.mapped = replace(fresh, number=f"{fresh.number}-{job.mends_left}")
                self.removed_by_people.discard(job.identity)
                self.happen(job, events.Mended())
                mended = True
        return mended

    def _take_or_restore_backup(self) -> None:
        if self.backup_at is None or self.now < self.backup_at:
            return
        if self.backup is None:
            self.backup = [(job.snapshot, job.mapped) for job in self.jobs]
            self.backup_taken_at = self.at().now
        elif self.now >= self.restore_at:
            for job, (snapshot, mapped) in zip(self.jobs, self.backup, strict=True):
                job.snapshot, job.mapped = snapshot, mapped
            self.backup_at = None
            self.open_jobs = [job for job in self.jobs if job.snapshot.is_open]
            self._render_again()
            self.after_restore()

    def _render_again(self) -> None:
        """The work of rendering is in the backup too."""
        for job in self.jobs:
            if job.snapshot.wants_pdf and not job.snapshot.has_pdf:
                job.wishes.append((self.now + self.rng.uniform(1, 300), events.PdfStored()))
                self.wishing.append(job)

    def after_restore(self) -> None:
        """`manage.py restore_mark`."""
        for job in self.jobs:
            if job.snapshot.state not in {JobState.DONE, JobState.CANCELLED}:
                self.happen(job, events.Restored(backup_at=self.backup_taken_at))

    # -- the worker ---------------------------------------------------------------------------------------------------

    def happen(self, job: Job, event: events.Event) -> None:
        before = job.snapshot
        decision = decide(before, event, self.at())
        job.snapshot = decision.job
        if before.is_open and not decision.job.is_open:
            self.open_jobs = [one for one in self.open_jobs if one is not job]
        elif decision.job.is_open and not before.is_open:
            self.open_jobs = [one for one in self.jobs if one.snapshot.is_open]
        stopped = decision.job.state in {JobState.REJECTED, JobState.ATTENTION}
        self.journal.silent += stopped and before.state != decision.job.state and not decision.log
        self.journal.changed_ids += bool(before.xero_id) and before.xero_id != decision.job.xero_id

    def _due(self) -> list[Job]:
        now = self.at().now
        return [job for job in self.open_jobs if job.snapshot.next_at <= now]

    def _serve(self, due: list[Job]) -> None:
        self.calls += 1
        self.now += self.rng.uniform(0.05, 0.6)
        try:
            lookers = [job for job in due if job.snapshot.must_look]
            if lookers:
                self._look(lookers)
            else:
                self._send(_group(due))
        except WorkerGoneError:
            self.now += LEASE

    def _look(self, lookers: list[Job]) -> None:
        self._may_die()
        shown = self.xero.read(self.now)
        if shown is None:
            self.now += 30
            return
        by_identity: dict[str, list[Document]] = defaultdict(list)
        for document in shown:
            by_identity[document.identity].append(document)
        self._may_die()
        for job in lookers:
            found = by_identity[job.identity]
            if job.snapshot.xero_id:
                found = [one for one in found if one.xero_id == job.snapshot.xero_id]
            self.happen(job, events.LookedUp(tuple(_found(one, job) for one in found)))

    def _send(self, jobs: list[Job]) -> None:
        unwanted = [job for job in jobs if job.snapshot.cancel_requested_at and job.snapshot.step != Step.VOID]
        if unwanted:
            for job in unwanted:
                self.happen(job, events.CancelReached())
            return
        if jobs[0].snapshot.step == Step.ATTACH and not jobs[0].snapshot.has_pdf:
            self.happen(
                jobs[0], events.NotApplied(reason="no PDF yet", not_before=self.at().now + timedelta(seconds=300))
            )
            return
        if jobs[0].snapshot.step == Step.CONTACT:
            for job in jobs:
                self.happen(job, events.ContactResolved("c"))
            return
        self._may_die()
        request = self.request_of(jobs)
        self.commit_intent(request, jobs)
        self._may_die()
        if self._is_held_up():
            raise WorkerGoneError
        outcome = self.transmit(request, jobs)
        self._may_die()
        self.conclude(jobs, outcome)

    def request_of(self, jobs: list[Job]) -> Request:
        step = Step(jobs[0].snapshot.step)
        members = tuple(_wanted(job) for job in jobs)
        generation = max(job.snapshot.generation for job in jobs)
        return Request(
            VERBS.get(step, "status"), f"{'|'.join(m.identity for m in members)}:{step}:{generation}", members
        )

    def commit_intent(self, request: Request, jobs: Sequence[Job]) -> None:
        self.journal.intents.setdefault(request.key, request)
        self.journal.intended_at[request.key] = self.now
        for job in jobs:
            if request.verb == "create":
                documents = self.xero.by_identity[job.identity]
                is_there = any(one.is_live and one.seen_from < self.now - SEEN_AFTER for one in documents)
                self.journal.creates[job.identity].append((self.now, request.key, is_there))
            job.snapshot = replace(job.snapshot, started_count=job.snapshot.started_count + 1)
            self.happen(job, events.Sent())

    def transmit(self, request: Request, jobs: Sequence[Job]) -> Outcome:
        kind = jobs[0].snapshot.kind
        if self.rng.random() < self.last_moment_rate:
            # Paused between the check of the deadline and the first byte, for longer than the lease.
            self.journal.excused.add(request.key)
            self.xero.send_late(request, kind, self.now + self.rng.uniform(200, 1500))
            raise WorkerGoneError
        try:
            return self.xero.write(request, kind, self.now)
        except (NotSentError, NoAnswerError) as error:
            return error

    def conclude(self, jobs: Sequence[Job], outcome: Outcome) -> None:
        for job, verdict in zip(jobs, self.verdicts_of(jobs, outcome), strict=True):
            event = self.event_of(job, verdict)
            self.happen(job, event)

    def verdicts_of(self, jobs: Sequence[Job], outcome: Outcome) -> list[Verdict]:
        return verdicts(outcome, members=len(jobs), now=self.at().now, marks=self.marks_of(jobs))

    def marks_of(self, jobs: Sequence[Job]) -> list[Mark]:
        if jobs[0].snapshot.step == Step.ATTACH:
            return []
        if jobs[0].snapshot.step == Step.CREATE:
            return [Mark("InvoiceNumber", job.mapped.number) for job in jobs]
        return [Mark("InvoiceID", job.snapshot.xero_id) for job in jobs]

    def event_of(self, job: Job, verdict: Verdict) -> events.Event:
        if isinstance(verdict, Refused):
            return events.Rejected(tuple(problems_of(verdict.messages, words={})))
        if isinstance(verdict, Nothing):
            return events.NotApplied(
                reason=verdict.reason, not_before=verdict.not_before, goes_alone=verdict.goes_alone
            )
        if not isinstance(verdict, Applied):
            return events.OutcomeUnknown(verdict.reason)
        return self.success_of(job, verdict)

    def success_of(self, job: Job, verdict: Applied) -> events.Event:
        if job.snapshot.step == Step.ATTACH:
            return events.Attached()
        if job.snapshot.step == Step.VOID:
            return events.Voided()
        found = tuple(differences(job.mapped, figures_of(verdict.element)))
        if job.snapshot.step == Step.CREATE:
            return events.Created(xero_id=verdict.xero_id, differences=found)
        is_update = job.snapshot.step == Step.UPDATE
        return events.Updated(differences=found) if is_update else events.Promoted(differences=found)

    def _may_die(self) -> None:
        if self.rng.random() < self.crash_rate / 3:
            raise WorkerGoneError

    def _is_held_up(self) -> bool:
        """The worker sleeps after its intent: the deadline keeps it from sending when it wakes."""
        if self.rng.random() >= self.pause_rate:
            return False
        self.now += self.rng.uniform(5, 1500)
        return True


def _mapped(identity: str, kind: DocumentKind, total: Decimal) -> MappedDocument:
    return MappedDocument(
        kind=kind, customer_code="C", number=f"N{identity}", reference="", issue_date=date(2026, 3, 2),
        due_date=date(2026, 4, 2), currency="AUD", exchange_rate=Decimal(1), url="", branding_theme_id="",
        target_status="SENT" if kind == DocumentKind.QUOTE else "AUTHORISED", lines=(), net_total=total,
        tax_total=Decimal(0),
    )  # fmt: skip


def _group(due: list[Job]) -> list[Job]:
    first = min(due, key=lambda job: job.snapshot.next_at)
    if first.snapshot.step == Step.ATTACH or first.snapshot.goes_alone:
        return [first]

    def form(job: Job) -> tuple[str, ...]:
        return (job.snapshot.step, job.snapshot.kind, job.snapshot.target_status)

    return [job for job in due if form(job) == form(first) and not job.snapshot.goes_alone][:MOST]


def _wanted(job: Job) -> Wanted:
    snapshot, step = job.snapshot, job.snapshot.step
    if step == Step.ATTACH:
        return Wanted(job.identity, job.file_name, xero_id=snapshot.xero_id)
    status = "DRAFT" if step == Step.CREATE and snapshot.is_promoted_later else snapshot.target_status
    return Wanted(job.identity, job.mapped.number, f"{job.mapped.total:.2f}", snapshot.xero_id, status)


def _found(document: Document, job: Job) -> events.FoundDocument:
    figures = AnsweredFigures(total=Decimal(document.total), tax=Decimal(0), currency="AUD", exchange_rate=Decimal(1))
    return events.FoundDocument(
        xero_id=document.xero_id, status=document.status, differences=tuple(differences(job.mapped, figures))
    )
