"""
Step: the contact of each job's customer. By the stored link, then by account number, then created.

Before anything is created or refused the contacts are read from Xero anew: somebody may have added one there.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

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
from integrations.outbox.choose_group import MOST_IN_A_CALL
from integrations.outbox.delivery_times import DeliveryTimes
from integrations.outbox.job_events import ContactResolved, NotApplied, Stopped
from integrations.outbox.steps.attempt_key import attempt_key
from integrations.outbox.steps.call_plan import Call, StepPlan
from integrations.outbox.steps.verdict_event import event_of
from integrations.reference_data.match_contacts import ambiguous_numbers, link_by_account_number
from integrations.xero_gateway.answers import Json
from integrations.xero_gateway.gateway import create_contacts
from integrations.xero_gateway.sdk import freeze_contacts

FRESH = timedelta(seconds=60)


def plan_contact(jobs: list[SyncJob], *, now: datetime) -> StepPlan:
    connection = XeroConnection.objects.get(pk=jobs[0].connection_id)
    parties = _parties_of(jobs)
    links = link_by_account_number(connection, {party["code"] for party in parties.values()}, now=now)
    contacts = [(job, links.get(parties[job.pk]["code"])) for job in jobs]
    settled = [Happened(job, ContactResolved(contact_id)) for job, contact_id in contacts if contact_id is not None]
    unknown = {job: from_json(Party, parties[job.pk]) for job, contact_id in contacts if contact_id is None}
    if not unknown or settled:
        return StepPlan(settled=settled)
    if not _are_known(connection, now=now):
        return StepPlan(wants_contacts=True)
    doubtful = ambiguous_numbers(connection, {party.code for party in unknown.values()})
    if doubtful:
        return StepPlan(
            settled=[Happened(job, _ambiguous(party)) for job, party in unknown.items() if party.code in doubtful]
        )
    settings = ConnectionSettings.objects.get(connection=connection)
    if settings.unknown_customer == UnknownCustomer.HOLD:
        return StepPlan(settled=[Happened(job, Stopped((_not_found(party),))) for job, party in unknown.items()])
    return StepPlan(calls=[_create(dict(_one_each(unknown)), now=now)])


def _parties_of(jobs: Iterable[SyncJob]) -> dict[int, Json]:
    """By the keys of the jobs: of what is to be sent only these, without the lines."""
    found = SyncJob.objects.filter(pk__in=[job.pk for job in jobs]).values_list("pk", "source__party")
    return dict(found)


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


def _create(parties: dict[SyncJob, Party], *, now: datetime) -> Call:
    """One job stands for its customer; the others of the same customer find the link afterwards."""
    jobs = list(parties)
    body = freeze_contacts([map_contact(party) for party in parties.values()])
    key = attempt_key(jobs, Step.CONTACT)

    def conclude(job: SyncJob, verdict: Verdict) -> Happened:
        if isinstance(verdict, Refused) and _may_be_there(job, now=now):
            return _read_again(job)
        if not isinstance(verdict, Applied):
            return Happened(job, event_of(job, verdict))
        _remember(job, parties[job].code, verdict, now=now)
        return Happened(job, ContactResolved(verdict.xero_id))

    marks = [Mark("AccountNumber", party.code) for party in parties.values()]
    return Call(write=create_contacts(body=body, idempotency_key=key), jobs=jobs, conclude=conclude, marks=marks)


def _remember(job: SyncJob, code: str, verdict: Applied, *, now: datetime) -> None:
    ContactLink.objects.get_or_create(
        connection_id=job.connection_id,
        customer_code=code,
        defaults={
            "contact_id": verdict.xero_id,
            "contact_name": str(verdict.element.get("Name", "")),
            "matched_by": MatchedBy.CREATED,
            "matched_at": now,
        },
    )


def _one_each(parties: dict[SyncJob, Party]) -> Iterable[tuple[SyncJob, Party]]:
    """The first job of each customer, as many as go with a call."""
    first: dict[str, tuple[SyncJob, Party]] = {}
    for job, party in parties.items():
        first.setdefault(party.code, (job, party))
    return islice(first.values(), MOST_IN_A_CALL)


def _ambiguous(party: Party) -> Stopped:
    return Stopped((problem("FB-203", party.code, customer=party.code),))


def _not_found(party: Party) -> Problem:
    return problem("FB-201", party.code, customer=party.code, name=party.name)
