"""On whose behalf documents go into the outbox, and by which rules."""

from dataclasses import dataclass

from integrations.mapping.rules import OrganisationRules
from integrations.models import SendBatch, XeroConnection
from integrations.models.sync_job import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """`link_base` is where Xero's "Go to" link leads."""

    connection: XeroConnection
    rules: OrganisationRules
    link_base: str
    by: str
    priority: Priority
    batch: SendBatch | None = None
