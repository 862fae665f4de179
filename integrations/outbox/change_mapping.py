"""A rule or a link is chosen by a person: saved, written down, and what it blocked goes on (N2)."""

from datetime import datetime
from uuid import UUID

from freightbridge.audit.record_event import record_event
from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.tenancy.models import TenantModel
from integrations.connection.connection_work import ASSESS_SHIPMENTS
from integrations.mapping.choose_account import why_refused
from integrations.mapping.rules import OrganisationRules, TaxRate
from integrations.models import ChargeRule, ContactLink, ReferenceRecord, SyncJob, TaxRule, XeroConnection
from integrations.models.contact_link import MatchedBy
from integrations.outbox.requeue_job import STOPPED
from integrations.problem_catalogue.codes import CATALOGUE, MendPage
from integrations.problem_catalogue.describe import describe

# Where several codes stand in one word of a problem, as in a refusal of Xero's that names none.
BETWEEN_CODES = ", "
WORDS = {MendPage.CHARGES: "charge_code", MendPage.TAXES: "tax_code", MendPage.CUSTOMERS: "customer"}
CLASSES = {"sales": {"REVENUE"}, "purchases": {"EXPENSE", "ASSET"}}


class MappingRefusedError(Exception):
    """Xero would refuse the pair; the message says why."""


def change_charge_rule(
    connection: XeroConnection,
    *,
    side: str,
    charge_code: str,
    account_code: str,
    rules: OrganisationRules,
    by: str,
    now: datetime,
) -> list[int]:
    """An empty account removes it. Returns the jobs that `go_on` may send on now. Raises MappingRefusedError."""
    if account_code:
        refusal = why_refused(rules, side=side, account_code=account_code, charge_code=charge_code)
        if refusal is not None:
            raise MappingRefusedError(describe(refusal).text)
    rule, _ = ChargeRule.objects.get_or_create(
        connection=connection, side=side, charge_code=charge_code, cost_centre=""
    )
    before, rule.account_code = rule.account_code, account_code
    rule.save(update_fields=["account_code"])
    _record(rule, subject=f"{charge_code}, {side}", before=before, after=account_code, by=by, now=now)
    return _freed(connection, MendPage.CHARGES, charge_code, now=now)


def change_tax_rule(
    connection: XeroConnection, *, side: str, tax_code: str, rate: TaxRate, our_rate: str, by: str, now: datetime
) -> list[int]:
    """`our_rate` in per cent, as text. Returns the jobs that `go_on` may send on now. Raises MappingRefusedError."""
    refusal = why_rate_refused(rate, side=side, our_rate=our_rate)
    if refusal:
        raise MappingRefusedError(refusal)
    rule, _ = TaxRule.objects.get_or_create(connection=connection, side=side, tax_code=tax_code)
    before, rule.tax_type = rule.tax_type, rate.tax_type
    rule.save(update_fields=["tax_type"])
    _record(rule, subject=f"{tax_code}, {side}", before=before, after=rate.tax_type, by=by, now=now)
    return _freed(connection, MendPage.TAXES, tax_code, now=now)


def why_rate_refused(rate: TaxRate, *, side: str, our_rate: str) -> str:
    """Empty where it can be chosen."""
    if not rate.is_active:
        return f"{rate.name} is deleted in Xero."
    if not rate.applies_to & CLASSES[side]:
        return f"Xero does not allow {rate.name} for {side}."
    theirs = f"{rate.rate.normalize():f}"
    return "" if theirs == our_rate else f"{rate.name} is {theirs} % in Xero, and ours is {our_rate} %."


def match_contact(
    connection: XeroConnection, *, customer_code: str, contact: ReferenceRecord, by: str, now: datetime
) -> list[int]:
    """Returns the jobs that `go_on` may send on now. Raises MappingRefusedError."""
    if not contact.is_active:
        raise MappingRefusedError(f"{contact.name} is archived in Xero. Restore it there, or choose another contact.")
    old = ContactLink.objects.filter(connection=connection, customer_code=customer_code).first()
    link, _ = ContactLink.objects.update_or_create(
        connection=connection,
        customer_code=customer_code,
        defaults={
            "contact_id": UUID(contact.key),
            "contact_name": contact.name,
            "matched_by": MatchedBy.HAND,
            "matched_at": now,
        },
    )
    _record(link, subject=customer_code, before=old.contact_name if old else "", after=contact.name, by=by, now=now)
    return _freed(connection, MendPage.CUSTOMERS, customer_code, now=now)


def _blocked_jobs(connection: XeroConnection, page: MendPage, code: str) -> list[int]:
    """Stopped documents whose problems this page mends and which name this charge code, tax code or customer."""
    codes = {name for name, entry in CATALOGUE.items() if entry.page == page}
    stopped = SyncJob.objects.filter(connection=connection, state__in=STOPPED, problem_code__in=codes)
    return [pk for pk, problems in stopped.values_list("id", "problems") if _names(problems, codes, page, code)]


def _names(problems: list[dict[str, object]], codes: set[str], page: MendPage, code: str) -> bool:
    for problem in problems:
        words = problem["words"]
        named = str(words.get(WORDS[page], "")) if isinstance(words, dict) else ""
        if problem["code"] in codes and code in {str(problem["subject"]), *named.split(BETWEEN_CODES)}:
            return True
    return False


def _freed(connection: XeroConnection, page: MendPage, code: str, *, now: datetime) -> list[int]:
    enqueue_work(ASSESS_SHIPMENTS, [connection.pk], now=now)
    return _blocked_jobs(connection, page, code)


def _record(rule: TenantModel, *, subject: str, before: str, after: str, by: str, now: datetime) -> None:
    change = {subject: {"before": before, "after": after}}
    record_event(action="mapping changed", subject=rule, by=by, now=now, **change)
