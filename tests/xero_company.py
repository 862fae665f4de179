"""A tenant connected to an organisation of the sandbox, with rules, as tests of the delivery need it."""

from datetime import timedelta
from typing import Any

from freightbridge.background_work.enqueue_work import enqueue_work
from freightbridge.background_work.run_due_work import run_due
from freightbridge.background_work.work_kinds import Queue
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connect_organisation import connect_organisation, keep_grant
from integrations.connection.connection_work import CHECK_PAYMENTS, COMPARE_LEDGERS, SYNC_CUSTOMERS
from integrations.connection.xero_hosts import identity_api
from integrations.models import ChargeRule, ConnectionSettings, TaxRule, XeroConnection
from integrations.models.mapping_rule import RuleSide
from integrations.xero_gateway import identity_api as identity
from tests.xero_sandbox.sandbox_process import SandboxProcess

PERSON = "admin@acme-freight.example"
# Two fifths of the time of connecting, and beside the point of most tests; see the fixture `everything_polled`.
LATER = [CHECK_PAYMENTS, COMPARE_LEDGERS, SYNC_CUSTOMERS]


def connect(tenant: Tenant, sandbox: SandboxProcess, country: str = "AU", **settings: Any) -> XeroConnection:
    """
    Connected, with reference data read and freight and GST mapped; `settings` are sending rules. What else a new
    connection reads comes a quarter of an hour later, but with the fixture `everything_polled`.
    """
    tokens = identity.token_set_of(
        sandbox.admin("grants", {"organisations": [country], "scopes": list(identity.SCOPES)})
    )
    (organisation,) = identity_api().connections(tokens.access_token)
    with tenant_scope(tenant):
        now = read_clock()
        connection = connect_organisation(organisation, grant=keep_grant(tokens, now=now), by=PERSON, now=now)
        rules = {"unknown_customer": "create", "attach_pdf": False, **settings}
        ConnectionSettings.objects.filter(connection=connection).update(**rules)
        map_freight(connection)
        leave_for_later(connection)
    run_queue(Queue.POLL)
    with tenant_scope(tenant):
        return XeroConnection.objects.get(pk=connection.pk)


def map_freight(connection: XeroConnection) -> None:
    ChargeRule.objects.create(connection=connection, side=RuleSide.SALES, charge_code="FRT", account_code="200")
    TaxRule.objects.create(connection=connection, side=RuleSide.SALES, tax_code="GST", tax_type="OUTPUT")


def leave_for_later(connection: XeroConnection) -> None:
    """As if it had been done just now: there is no payment, no document and no customer of ours in Xero yet."""
    now = read_clock()
    for kind in LATER:
        enqueue_work(kind, [connection.pk], now=now, at=now + timedelta(minutes=15))


def run_queue(*queues: Queue) -> None:
    """As a worker would, until nothing is due."""
    for queue in queues:
        while run_due(queue, seconds=30):
            pass


def run_workers() -> None:
    """Everything that a click sets going."""
    run_queue(Queue.INTERACTIVE, Queue.RENDER, Queue.BULK, Queue.INTERACTIVE)
