"""
Step: the contact of each job's customer. By the stored link, then by account number, then created.

Before anything is created or refused the contacts are read from Xero anew: somebody may have added one there.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from freightbridge.current_times import current_times
from integrations.job_states import Step
from integrations.mapping.map_contact import map_contact
from integrations.mapping.problems import Problem, problem
from integrations.mapping.source import Party, from_json
from integrations.models import ConnectionSettings, ContactLink, SyncJob, XeroConnection
from integrations.models.connection_settings import UnknownCustomer
from integrations.models.contact_link import MatchedBy
from integrations.outbox.answer_verdict import Applied, Mark, Refused, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.outbox.are_contacts_in_doubt import are_contacts_in_doubt
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_events import ContactResolved, NotApplied, Stopped
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.verdict_event import event_of
from integrations.reference_data.match_contacts import ambiguous_numbers, link_by_account_number
from integrations.xero_gateway.gateway import create_contacts
from integrations.xero_gateway.sdk import freeze_contacts

FRESH = timedelta(seconds=60)


def plan_contact(jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    connection = XeroConnection.objects.get(pk=jobs[0].connection_id)
    links = link_by_account_number(connection, {code_of(job) for job in jobs}, now=now)
    settled = [Happened(job, ContactResolved(links[code_of(job)])) for job in jobs if code_of(job) in links]
    unknown = [job for job in jobs if code_of(job) not in links]
    if not unknown or settled:
        return StepPlan(settled=settled)
    if not _are_known(connection, now=now):
        return StepPlan(wants_contacts=True)
    doubtful = ambiguous_numbers(connection, {code_of(job) for job in unknown})
    if doubtful:
        return StepPlan(settled=[Happened(job, _ambiguous(job)) for job in unknown if code_of(job) in doubtful])
    settings = ConnectionSettings.objects.get(connection=connection)
    if settings.unknown_customer == UnknownCustomer.HOLD:
        return StepPlan(settled=[Happened(job, Stopped((_not_found(party_of(job)),))) for job in unknown])
    return StepPlan(calls=[_create(list(_one_each(unknown)), now=now)])


def _are_known(connection: XeroConnection, *, now: datetime) -> bool:
    """Read lately, and after the last call that may have created one."""
    read_at = connection.contacts_read_at
    if read_at is None or read_at < now - FRESH:
        return False
    return not are_contacts_in_doubt(connection.pk, since=read_at)


def _may_be_there(job: SyncJob, *, now: datetime) -> bool:
    """What Xero refuses to create twice may be what an earlier call created after the contacts had been read."""
    return are_contacts_in_doubt(job.connection_id, since=now - current_times(DeliveryTimes).quiet)


def _read_again(job: SyncJob) -> Happened:
    XeroConnection.objects.filter(pk=job.connection_id).update(contacts_read_at=None)
    reason = "Xero may hold the contact since a call whose answer was lost; its contacts are read again."
    return Happened(job, NotApplied(reason=reason))


def code_of(job: SyncJob) -> str:
    code: str = job.source["party"]["code"]
    return code


def party_of(job: SyncJob) -> Party:
    return from_json(Party, job.source["party"])


def _create(jobs: list[SyncJob], *, now: datetime) -> Call:
    """One job stands for its customer; the others of the same customer find the link afterwards."""
    body = freeze_contacts([map_contact(party_of(job)) for job in jobs])
    key = attempt_key(jobs, Step.CONTACT)

    def conclude(job: SyncJob, verdict: Verdict) -> Happened:
        if isinstance(verdict, Refused) and _may_be_there(job, now=now):
            return _read_again(job)
        if not isinstance(verdict, Applied):
            return Happened(job, event_of(job, verdict))
        _remember(job, verdict, now=now)
        return Happened(job, ContactResolved(verdict.xero_id))

    marks = [Mark("AccountNumber", party_of(job).code) for job in jobs]
    return Call(write=create_contacts(body=body, idempotency_key=key), jobs=jobs, conclude=conclude, marks=marks)


def _remember(job: SyncJob, verdict: Applied, *, now: datetime) -> None:
    ContactLink.objects.get_or_create(
        connection_id=job.connection_id,
        customer_code=code_of(job),
        defaults={
            "contact_id": verdict.xero_id,
            "contact_name": str(verdict.element.get("Name", "")),
            "matched_by": MatchedBy.CREATED,
            "matched_at": now,
        },
    )


def _one_each(jobs: Iterable[SyncJob]) -> Iterable[SyncJob]:
    return {code_of(job): job for job in reversed(list(jobs))}.values()


def _ambiguous(job: SyncJob) -> Stopped:
    return Stopped((problem("FB-203", code_of(job), customer=code_of(job)),))


def _not_found(party: Party) -> Problem:
    return problem("FB-201", party.code, customer=party.code, name=party.name)
