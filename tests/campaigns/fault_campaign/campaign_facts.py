"""What both sides hold at the end, as plain values for the verdict; and what only rows and the journal can tell."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import requests

from freightbridge.tenancy.scope import tenant_scope
from integrations.job_states import JobState, LogResult, Step
from integrations.mapping.document_identity import attachment_name, short_identity
from integrations.mapping.documents import MappedDocument
from integrations.mapping.source import DocumentKind, from_json
from integrations.models import AccountingLogEntry, AttemptMember, SyncAttempt, SyncJob
from tests.campaigns.fault_campaign.campaign_companies import REFUSED, UNMAPPED, CampaignCompany
from tests.campaigns.fault_campaign.campaign_verdict import AttachedFile, Broken, Invariant, SentDocument

SECONDS = 120
MOST_REQUESTS = 1_000_000
ACCOUNTING = "/api.xro/"
CERTAINLY_NOTHING = {"not applied", "refused"}


def sent_documents(one: CampaignCompany) -> list[SentDocument]:
    with tenant_scope(one.tenant):
        jobs = list(SyncJob.objects.select_related("document", "pdf").order_by("id"))
        failed = set(_jobs_in_log(result=LogResult.FAILED))
        done = set(_jobs_in_log(result=LogResult.DONE))
    told = {JobState.DONE: done, JobState.REJECTED: failed, JobState.ATTENTION: failed}
    return [_sent(job, one, is_told=job.pk in told.get(JobState(job.state), {job.pk})) for job in jobs]


def documents_in_xero(url: str, one: CampaignCompany) -> list[dict[str, Any]]:
    query = {"organisation": str(one.connection.organisation_id)}
    answer = requests.get(f"{url}/_sandbox/documents", params=query, timeout=SECONDS)
    documents: list[dict[str, Any]] = answer.json()["documents"]
    return documents


@dataclass(frozen=True, slots=True)
class SentCreate:
    """One document of a call that makes it; `verdict` empty: nobody knows."""

    identity: str
    number: str
    key: str
    at: datetime
    verdict: str


@dataclass(slots=True)
class SentCalls:
    """
    What the database holds of the calls to Xero. `announced`: key and hash of each; `creates` by what tells one
    from the other.
    """

    announced: set[tuple[str, str]] = field(default_factory=set)
    creates: dict[tuple[str, str, datetime], SentCreate] = field(default_factory=dict)

    def add(self, one: CampaignCompany) -> None:
        """What is known already stays: a restored database knows less of it."""
        with tenant_scope(one.tenant):
            self.announced |= set(SyncAttempt.objects.values_list("idempotency_key", "body_sha256"))
            members = AttemptMember.objects.filter(attempt__step=Step.CREATE)
            fields = ("job__document__identity", "job__document__number", "attempt__idempotency_key")
            for row in members.values_list(*fields, "attempt__sent_at", "verdict"):
                create = SentCreate(*row)
                self.creates.setdefault((create.identity, create.key, create.at), create)


def unannounced(url: str, known: SentCalls) -> Iterator[Broken]:
    """Requests that write, of which no committed intent tells: I4 of the delivery's invariants."""
    for method in ("PUT", "POST"):
        query: dict[str, str | int] = {"method": method, "path": ACCOUNTING, "limit": MOST_REQUESTS}
        entries = requests.get(f"{url}/_sandbox/journal", params=query, timeout=SECONDS).json()["entries"]
        for entry in entries:
            if (entry["idempotency_key"], entry["request_hash"]) not in known.announced:
                yield Broken(Invariant.UNANNOUNCED, "", f"{method} {entry['path']}, key {entry['idempotency_key']}")


def hasty(known: SentCalls, *, quiet: timedelta) -> Iterator[Broken]:
    """A second key for one document sooner than `quiet` after a request that may have worked: I5."""
    by_document: dict[str, list[SentCreate]] = defaultdict(list)
    for create in sorted(known.creates.values(), key=lambda each: each.at):
        by_document[create.identity].append(create)
    for several in by_document.values():
        for old, new in itertools.pairwise(several):
            if new.key != old.key and old.verdict not in CERTAINLY_NOTHING and new.at - old.at < quiet:
                yield Broken(Invariant.HASTY, new.number, f"{(new.at - old.at).total_seconds():.1f} s after {old.key}")


def http_faults(url: str) -> int:
    """How often a rule struck since the rules were set."""
    rules = requests.get(f"{url}/_sandbox/faults", timeout=SECONDS).json()["rules"]
    return sum(rule["hits"] for rule in rules)


def set_faults(url: str, rules: list[dict[str, Any]], *, seed: int) -> None:
    requests.post(f"{url}/_sandbox/faults", json={"rules": rules, "seed": seed}, timeout=SECONDS).raise_for_status()


def _jobs_in_log(**of: str) -> Iterator[int]:
    return AccountingLogEntry.objects.filter(job__isnull=False, **of).values_list("job_id", flat=True).iterator()


def name_of(job: SyncJob, one: CampaignCompany) -> str:
    """For people, and the same in every run of a seed, but for the order in which numbers are given."""
    return f"{one.company.slug} {job.kind} {job.document.number}"


def _sent(job: SyncJob, one: CampaignCompany, *, is_told: bool) -> SentDocument:
    document, kind = job.document, DocumentKind(job.kind)
    mapped = from_json(MappedDocument, job.mapped) if job.mapped else None
    codes = {line["charge_code"] for line in job.source["lines"]}
    return SentDocument(
        name=name_of(job, one),
        mark=_mark(kind, document.identity, document.number),
        state=job.state,
        xero_id=str(job.xero_id or ""),
        target_status=job.target_status,
        figures=_figures(mapped) if mapped else {},
        file=_file(job) if job.wants_pdf else None,
        covers=tuple(job.source["shipment_numbers"]) or (job.source["customer_reference"],),
        is_planted=bool(codes & {UNMAPPED, REFUSED}),
        is_told=is_told,
        why="; ".join(f"{each['code']} {each.get('words')} {each.get('xero', '')}" for each in job.problems),
    )


def _mark(kind: DocumentKind, identity: str, number: str) -> str:
    if kind in {DocumentKind.SALES_INVOICE, DocumentKind.BILL}:
        return identity
    return number if kind == DocumentKind.BILL_CREDIT_NOTE else short_identity(identity)


def _figures(mapped: MappedDocument) -> dict[str, str]:
    lines = (f"{line.account_code} {line.tax_type} {line.net_amount:.2f}" for line in mapped.lines)
    return {
        "number": mapped.number,
        "total": f"{mapped.total:.2f}",
        "tax": f"{mapped.tax_total:.2f}",
        "currency": mapped.currency,
        "contact": mapped.customer_code,
        "lines": "; ".join(lines),
    }


def _file(job: SyncJob) -> AttachedFile:
    """One that was never stored is missed under this name."""
    name = attachment_name(job.document.identity, job.document.number)
    return AttachedFile(name, job.pdf.size, job.pdf.sha256) if job.pdf else AttachedFile(name, 0, "")
