"""
What needs attention, by cause: what was stopped on its way and what is not ready to go, counted together.

Two queries for any number of problems. In SQL, since tens of thousands of problems stand in JSON.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
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
from integrations.problem_catalogue.causes import NAMINGS, CauseKey
from integrations.problem_catalogue.codes import MendPage
from integrations.problem_catalogue.describe import from_json
from invoices.models import InvoiceLine, Shipment, ShipmentCharge
from invoices.models.shipment import Readiness
from invoices.models.shipment_charge import Side

# Whatever the shipment shows, unless it is ready or nothing is left of it; so that an index finds them.
SHOWN_STATES = ["attention", "unknown", "sending", "queued", Readiness.NOT_READY]
# A row for each problem and each shipment that has it; `job_id` is null for what was not sent yet.
NAMED = f"""
    WITH naming AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::boolean[]) AS naming (code, word, has_side)),
    told AS (
        SELECT job.id AS job_id, line.shipment_id, problem, job.finished_at AS since, document.currency,
            COALESCE((job.source ->> 'net_total')::numeric, document.total) AS net,
            CASE WHEN job.kind LIKE 'bill%%' THEN 'purchases' ELSE 'sales' END AS side
        FROM {SyncJob._meta.db_table} job
        JOIN {XeroDocument._meta.db_table} document ON document.id = job.document_id
        LEFT JOIN LATERAL (
            SELECT DISTINCT shipment_id FROM {InvoiceLine._meta.db_table} WHERE invoice_id = job.invoice_id
        ) line ON true,
        jsonb_array_elements(job.problems) problem
        WHERE job.tenant_id = %s AND job.problem_code <> '' AND job.state = ANY(%s)
        UNION ALL
        SELECT NULL, shipment.id, problem, COALESCE(shipment.not_ready_since, shipment.updated_at), shipment.currency,
            NULL, 'sales'
        FROM {Shipment._meta.db_table} shipment, jsonb_array_elements(shipment.readiness_problems) problem
        WHERE shipment.tenant_id = %s AND shipment.accounting_state = ANY(%s)
            AND shipment.readiness = '{Readiness.NOT_READY}'
    ),
    named AS (
        SELECT job_id, shipment_id, problem, since, currency, net, naming.code,
            CASE WHEN naming.word = '' THEN ''
                ELSE COALESCE(NULLIF(problem -> 'words' ->> naming.word, ''), problem ->> 'subject') END AS subject,
            CASE WHEN naming.has_side THEN COALESCE(problem -> 'words' ->> 'side', told.side) ELSE '' END AS side
        FROM told JOIN naming ON naming.code = problem ->> 'code'
    )
"""  # noqa: S608 the names of our own tables
# Once for each cause, and once for each currency of it. Before tax: of documents what stands on them, each once; of
# shipments which they are, since what no invoice bills yet is read beside it. Joined here, the planner, who knows
# nothing of rows out of JSON, takes the square of their number.
CAUSES = f"""{NAMED}
    SELECT code, subject, side, currency, (array_agg(problem))[1], count(DISTINCT job_id), count(DISTINCT shipment_id),
        array_agg(DISTINCT shipment_id) FILTER (WHERE job_id IS NULL), min(since), sum(net) FILTER (WHERE nth = 1)
    FROM (
        SELECT *, row_number() OVER (PARTITION BY code, subject, side, job_id) AS nth FROM named
    ) numbered GROUP BY GROUPING SETS ((code, subject, side), (code, subject, side, currency))
"""  # noqa: S608 likewise
UNBILLED = f"""
    SELECT shipment_id, side, sum(round(quantity * unit_price * (100 - discount_percent) / 100, 2))
    FROM {ShipmentCharge._meta.db_table} WHERE invoice_id IS NULL AND shipment_id = ANY(%s) GROUP BY shipment_id, side
"""  # noqa: S608 likewise
KEYS = f"{NAMED} SELECT DISTINCT code, subject, side FROM named"  # noqa: S608 likewise
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


@dataclass(frozen=True, slots=True)
class Group:
    """A row of `CAUSES`. `currency`: None for all of them. `unsent`: ids of shipments; None where there are none."""

    code: str
    subject: str
    side: str
    currency: str | None
    problem: str
    stopped: int
    shipments: int
    unsent: list[int] | None
    since: datetime
    net: Decimal | None

    @property
    def key(self) -> CauseKey:
        return CauseKey(code=self.code, subject=self.subject, side=self.side)


def count_causes(*, without: Sequence[UUID]) -> int:
    """`without`: those that are put off."""
    keys = (CauseKey(code=code, subject=subject, side=side) for code, subject, side in _rows(KEYS, *_naming()))
    return len({key.public_id for key in keys} - set(without))


def count_held_up(page: MendPage) -> Counter[tuple[str, str]]:
    """How much waits for a mend of this page, by side and by each code that the mend may be of."""
    held_up: Counter[tuple[str, str]] = Counter()
    for group in (Group(*row) for row in _rows(CAUSES, *_naming())):
        if not group.currency and group.key.page == page:
            for code in group.subject.split(BETWEEN_CODES):
                held_up[group.side, code] += group.shipments or group.stopped
    return held_up


def find_causes() -> list[Cause]:
    """What was stopped comes first, and what holds up the most. In the tenant's scope."""
    groups = [Group(*row) for row in _rows(CAUSES, *_naming())]
    amounts = _amounts([group for group in groups if group.currency])
    found = [_cause(group, amounts[group.key]) for group in groups if not group.currency]
    return sorted(found, key=lambda cause: (not cause.stopped, -cause.count, cause.since, cause.key.public_id))


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


def _cause(group: Group, amounts: dict[str, Decimal]) -> Cause:
    return Cause(
        key=group.key,
        problem=from_json(json.loads(group.problem)),
        stopped=group.stopped,
        shipments=group.shipments,
        unsent=len(group.unsent or ()),
        since=group.since,
        amounts=tuple(sorted(amounts.items())),
    )


def _amounts(groups: Sequence[Group]) -> dict[CauseKey, dict[str, Decimal]]:
    """By currency. `groups`: of one currency each."""
    ids = {shipment_id for group in groups for shipment_id in group.unsent or ()}
    unbilled = {(shipment_id, side): net for shipment_id, side, net in _rows(UNBILLED, list(ids))}
    found: dict[CauseKey, dict[str, Decimal]] = defaultdict(dict)
    for group in groups:
        side = Side.COST if group.side == "purchases" else Side.SELL
        waiting = sum(unbilled.get((shipment_id, side), Decimal(0)) for shipment_id in group.unsent or ())
        found[group.key][group.currency or ""] = (group.net or Decimal(0)) + waiting
    return found


def _rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _ids(statement: str, key: CauseKey) -> RawSQL:
    return RawSQL(statement, (*_naming(), key.code, key.subject, key.side))  # noqa: S611 our own statement


def _naming() -> tuple[Any, ...]:
    columns = zip(*((one.code, one.word, one.has_side) for one in NAMINGS), strict=True)
    tenant = current_tenant_id()
    return (*(list(column) for column in columns), tenant, STOPPED, tenant, SHOWN_STATES)
