"""
What needs attention, by cause: what was stopped on its way and what is not ready to go, counted together.

One query for any number of problems, which stand in JSON by the ten thousand: SQL puts the same ones together.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from freightbridge.tenancy.scope import current_tenant_id
from integrations.mapping.problems import Problem
from integrations.models import SyncJob, XeroDocument
from integrations.outbox.change_mapping import BETWEEN_CODES
from integrations.outbox.requeue_job import STOPPED
from integrations.problem_catalogue.causes import BY_CODE, NAMINGS, CauseKey, cause_of_problem
from integrations.problem_catalogue.codes import MendPage
from integrations.problem_catalogue.describe import from_json
from invoices.models import Invoice, InvoiceLine, Shipment, ShipmentCharge
from invoices.models.shipment import Readiness
from invoices.models.shipment_charge import Side

# Whatever the shipment shows, unless it is ready or nothing is left of it; so that an index finds them.
SHOWN_STATES = ["attention", "unknown", "sending", "queued", Readiness.NOT_READY]
# A row for each problem and each shipment that has it; `job_id` is null for what was not sent yet.
NAMED = f"""
    WITH naming AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::boolean[]) AS naming (code, word, has_side)),
    told AS (
        SELECT job.id AS job_id, line.shipment_id, problem,
            CASE WHEN job.kind LIKE 'bill%%' THEN 'purchases' ELSE 'sales' END AS side
        FROM {SyncJob._meta.db_table} job
        LEFT JOIN LATERAL (
            SELECT DISTINCT shipment_id FROM {InvoiceLine._meta.db_table} WHERE invoice_id = job.invoice_id
        ) line ON true,
        jsonb_array_elements(job.problems) problem
        WHERE job.tenant_id = %s AND job.problem_code <> '' AND job.state = ANY(%s)
        UNION ALL
        SELECT NULL, shipment.id, problem, 'sales'
        FROM {Shipment._meta.db_table} shipment, jsonb_array_elements(shipment.readiness_problems) problem
        WHERE shipment.tenant_id = %s AND shipment.accounting_state = ANY(%s)
            AND shipment.readiness = '{Readiness.NOT_READY}'
    ),
    named AS (
        SELECT job_id, shipment_id, naming.code,
            CASE WHEN naming.word = '' THEN ''
                ELSE COALESCE(NULLIF(problem -> 'words' ->> naming.word, ''), problem ->> 'subject') END AS subject,
            CASE WHEN naming.has_side THEN COALESCE(problem -> 'words' ->> 'side', told.side) ELSE '' END AS side
        FROM told JOIN naming ON naming.code = problem ->> 'code'
    )
"""  # noqa: S608 the names of our own tables
# Documents and shipments that have the very same problems are told of together, by currency, and named in Python: of
# tens of thousands there are a handful, and no row out of JSON is joined, sorted or counted apart. A shipment stands
# in `shipments` once for each of its lines. Before tax: of documents what stands on them, once beside the first of
# their lines; of shipments what no invoice bills yet, by the side of these charges, and null last.
FIRST_LINE = "FILTER (WHERE COALESCE(line.position, 1) = 1)"
TOGETHER = f"""
    SELECT job.problems::text, document.currency, CASE WHEN job.kind LIKE 'bill%%' THEN 'purchases' ELSE 'sales' END,
        array_agg(line.shipment_id) FILTER (WHERE line.shipment_id IS NOT NULL),
        min(COALESCE(job.finished_at, job.created_at)),
        sum(COALESCE(invoice.net_total, document.total)) {FIRST_LINE},
        count(*) {FIRST_LINE}
    FROM {SyncJob._meta.db_table} job
    JOIN {XeroDocument._meta.db_table} document ON document.id = job.document_id
    LEFT JOIN {Invoice._meta.db_table} invoice ON invoice.id = job.invoice_id
    LEFT JOIN {InvoiceLine._meta.db_table} line
        ON line.tenant_id = job.tenant_id AND line.invoice_id = job.invoice_id
    WHERE job.tenant_id = %s AND job.problem_code <> '' AND job.state = ANY(%s) AND job.problems <> '[]'
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT shipment.readiness_problems::text, shipment.currency, charge.side, array_agg(shipment.id),
        min(COALESCE(shipment.not_ready_since, shipment.updated_at)),
        sum(round(charge.quantity * charge.unit_price * (100 - charge.discount_percent) / 100, 2)), NULL
    FROM {Shipment._meta.db_table} shipment
    LEFT JOIN {ShipmentCharge._meta.db_table} charge
        ON charge.shipment_id = shipment.id AND charge.tenant_id = shipment.tenant_id AND charge.invoice_id IS NULL
    WHERE shipment.tenant_id = %s AND shipment.accounting_state = ANY(%s)
        AND shipment.readiness = '{Readiness.NOT_READY}'
    GROUP BY 1, 2, 3
"""  # noqa: S608 likewise
# The problems alone, for the menu of every page: compared as they stand, and written as text once for all that have
# the same.
ALIKE = f"""
    SELECT problems::text, side FROM (
        SELECT DISTINCT problems, CASE WHEN kind LIKE 'bill%%' THEN 'purchases' ELSE 'sales' END AS side
        FROM {SyncJob._meta.db_table} WHERE tenant_id = %s AND problem_code <> '' AND state = ANY(%s)
    ) stopped
    UNION ALL
    SELECT problems::text, 'sales' FROM (
        SELECT DISTINCT readiness_problems AS problems FROM {Shipment._meta.db_table}
        WHERE tenant_id = %s AND accounting_state = ANY(%s) AND readiness = '{Readiness.NOT_READY}'
    ) unsent
"""  # noqa: S608 likewise
OF_CAUSE = "FROM named WHERE code = %s AND subject = %s AND side = %s"
SHIPMENTS = f"{NAMED} SELECT shipment_id {OF_CAUSE}"
UNSENT = f"{SHIPMENTS} AND job_id IS NULL"
JOBS = f"{NAMED} SELECT job_id {OF_CAUSE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """
    `problem`: one of them, for the words. `stopped` documents wait for the mend, and `unsent` of the `shipments` were
    not sent yet. `amounts` by currency, never added up over currencies.
    """

    key: CauseKey
    problem: Problem
    stopped: int
    shipments: int
    unsent: int
    since: datetime
    amounts: tuple[tuple[str, Decimal], ...]

    @property
    def count(self) -> int:
        """A document of no shipment counts for itself."""
        return self.shipments or self.stopped


@dataclass(slots=True)
class _Waiting:
    """What is found of a cause. `amounts`: by currency."""

    problem: Problem
    since: datetime
    stopped: int = 0
    shipments: set[int] = field(default_factory=set)
    unsent: set[int] = field(default_factory=set)
    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


def count_causes(*, without: Sequence[UUID]) -> int:
    """`without`: those that are put off."""
    keys = {key for problems, side in _rows(ALIKE, *_bounds()) for key, _ in _causes_of(problems, side)}
    return len({key.public_id for key in keys} - set(without))


def count_held_up(page: MendPage) -> Counter[tuple[str, str]]:
    """How much waits for a mend of this page, by side and by each code that the mend may be of."""
    held_up: Counter[tuple[str, str]] = Counter()
    for cause in find_causes():
        if cause.key.page == page:
            for code in cause.key.subject.split(BETWEEN_CODES):
                held_up[cause.key.side, code] += cause.count
    return held_up


def find_causes() -> list[Cause]:
    """What was stopped comes first, and what holds up the most. In the tenant's scope."""
    found: dict[CauseKey, _Waiting] = {}
    for problems, currency, side, shipments, since, net, stopped in _rows(TOGETHER, *_bounds()):
        is_unsent = stopped is None
        for key, waiting in _named(found, problems, "sales" if is_unsent else side, since).items():
            waiting.shipments.update(shipments or ())
            if is_unsent:
                waiting.unsent.update(shipments)
                is_of_side = side == (Side.COST if key.side == "purchases" else Side.SELL)
                waiting.amounts[currency] += net if is_of_side else 0
            else:
                waiting.stopped += stopped
                waiting.amounts[currency] += net
    causes = [_cause(key, waiting) for key, waiting in found.items()]
    return sorted(causes, key=lambda cause: (not cause.stopped, -cause.count, cause.since, cause.key.public_id))


def find_cause(public_id: UUID) -> Cause | None:
    """None: nothing waits for it any more."""
    return next((cause for cause in find_causes() if cause.key.public_id == public_id), None)


def shipments_of(key: CauseKey) -> QuerySet[Shipment]:
    """As they stand at this moment."""
    return Shipment.objects.filter(pk__in=_ids(SHIPMENTS, key))


def unsent_shipments_of(key: CauseKey) -> QuerySet[Shipment]:
    return Shipment.objects.filter(pk__in=_ids(UNSENT, key), do_not_send_reason="")


def stopped_jobs_of(key: CauseKey) -> QuerySet[SyncJob]:
    return SyncJob.objects.filter(pk__in=_ids(JOBS, key))


def _cause(key: CauseKey, waiting: _Waiting) -> Cause:
    return Cause(
        key=key,
        problem=waiting.problem,
        stopped=waiting.stopped,
        shipments=len(waiting.shipments),
        unsent=len(waiting.unsent),
        since=waiting.since,
        amounts=tuple(sorted(waiting.amounts.items())),
    )


def _named(found: dict[CauseKey, _Waiting], problems: str, side: str, since: datetime) -> dict[CauseKey, _Waiting]:
    """Each cause once that these problems have, among `found` from now on."""
    named = {}
    for key, problem in _causes_of(problems, side):
        named[key] = waiting = found.setdefault(key, _Waiting(problem, since))
        waiting.since = min(waiting.since, since)
    return named


def _causes_of(problems: str, side: str) -> Iterator[tuple[CauseKey, Problem]]:
    """`problems`: as JSON. `side`: of the document that has them."""
    for problem in map(from_json, json.loads(problems)):
        if problem.code in BY_CODE:
            yield cause_of_problem(problem, side=side), problem


def _rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _ids(statement: str, key: CauseKey) -> RawSQL:
    return RawSQL(statement, (*_naming(), key.code, key.subject, key.side))  # noqa: S611 our own statement


def _naming() -> tuple[Any, ...]:
    columns = zip(*((one.code, one.word, one.has_side) for one in NAMINGS), strict=True)
    return (*(list(column) for column in columns), *_bounds())


def _bounds() -> tuple[Any, ...]:
    tenant = current_tenant_id()
    return tenant, STOPPED, tenant, SHOWN_STATES
