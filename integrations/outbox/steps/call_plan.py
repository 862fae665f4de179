"""What every step hands to the delivery: a call to make, and what its answer means."""

from collections.abc import Callable
from dataclasses import dataclass, field

from integrations.models import SyncJob
from integrations.outbox.answer_verdict import Mark, Verdict
from integrations.outbox.apply_decision import Happened
from integrations.xero_gateway.gateway import Write

Conclude = Callable[[SyncJob, Verdict], Happened]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """
    `jobs` are the members, in the order in which they stand in the body, `marks` what the answer must say of
    each (none where a call has one member only). `keeps_body`: False for files. `moves_money`: what is paid and open
    in Xero is another afterwards.
    """

    write: Write
    jobs: list[SyncJob]
    conclude: Conclude
    marks: list[Mark] = field(default_factory=list)
    keeps_body: bool = True
    moves_money: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """
    `settled` needs no call. `calls` are made in this order, several only of what may be done twice and leaves its job
    in the same state until it is answered. `wants_contacts`, `wants_quote`: read the contacts, or what Xero holds of
    this job's quote, then plan again; `wants_balance` likewise, of what this job sets a credit against.
    """

    settled: list[Happened] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    wants_contacts: bool = False
    wants_quote: SyncJob | None = None
    wants_balance: SyncJob | None = None

    @property
    def wants_reading(self) -> bool:
        return self.wants_contacts or self.wants_quote is not None or self.wants_balance is not None
