"""What sending and checking need to know of the organisation, read once for any number of shipments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from django.conf import settings

from freightbridge.tenancy.models import Tenant
from integrations.connection.active_connection import NotConnectedError, find_connection
from integrations.mapping.problems import Problem
from integrations.mapping.rules import OrganisationRules
from integrations.models import ConnectionSettings, SendBatch, XeroConnection
from integrations.models.connection_settings import CustomerKey, DocumentChoice, SentSides
from integrations.models.sync_job import Priority
from integrations.outbox.sender import Sender
from integrations.reference_data.load_rules import load_rules, with_contacts
from invoices.domain.billable_shipments import BillableShipment, Unbilled, billable_of, load_billable
from invoices.domain.parts_to_bill import TaxOf
from invoices.models import BillingEntity
from invoices.workflows.judge_series import taken_series
from invoices.workflows.tax_of_charge import tax_choice


class BillingTerms(TypedDict):
    """How shipments become billable."""

    customer_key: str
    document: str
    tax_of: TaxOf
    entity: BillingEntity | None


@dataclass(slots=True)
class SendingContext:
    """
    `connection` None: nothing is connected, so only the freight side can be checked. `document` and `sides`: what
    shipments become, and what of them is sent, by the sending rules. `entity`: whose numbers and terms the documents
    have; None: the default one's.
    """

    tenant: Tenant
    connection: XeroConnection | None
    customer_key: str
    document: str
    sides: str
    entity: BillingEntity | None = None
    rules: OrganisationRules | None = None
    # Why a series gives no numbers, by billing entity and kind.
    taken: dict[tuple[int, str], Problem] = field(default_factory=dict)

    @property
    def is_gone(self) -> bool:
        """A rule leads to an organisation that is not connected any more."""
        return self.connection is not None and not self.connection.is_active

    def load_billable(self, shipment_ids: Sequence[int]) -> list[BillableShipment]:
        """With the rules for everybody they name. Raises NoBillingEntityError."""
        self.load_rules([])
        return self._with_contacts(load_billable(shipment_ids, **self._terms))

    def billable_of(self, found: Iterable[Unbilled]) -> list[BillableShipment]:
        """`load_billable` of what is not in the database yet."""
        self.load_rules([])
        return self._with_contacts(billable_of(found, **self._terms))

    @property
    def _terms(self) -> BillingTerms:
        return {
            "customer_key": self.customer_key,
            "document": self.document,
            "tax_of": tax_choice(self.rules),
            "entity": self.entity,
        }

    def _with_contacts(self, billable: list[BillableShipment]) -> list[BillableShipment]:
        if self.connection is not None and self.rules is not None:
            codes = {code for one in billable for code in one.party_codes}
            self.rules = with_contacts(self.rules, self.connection, codes)
        return billable

    def load_rules(self, customer_codes: Iterable[str]) -> None:
        """With the contacts of these customers. Before the reference data has come there is nothing to map by."""
        if self.connection is not None and self.connection.reference_data_at is not None:
            self.rules = load_rules(self.connection, customer_codes=customer_codes)
            self.taken = taken_series(self.connection)

    def sender(self, *, by: str, priority: Priority, batch: SendBatch | None = None) -> Sender:
        """Raises NotConnectedError."""
        if self.connection is None or self.rules is None:
            raise NotConnectedError("No organisation in Xero is connected, or its data has not been read yet.")
        if self.is_gone:
            raise NotConnectedError(f"It goes to {self.connection.name}, which is not connected any more.")
        return Sender(
            connection=self.connection,
            rules=self.rules,
            link_base=settings.PUBLIC_BASE_URL,
            by=by,
            priority=priority,
            batch=batch,
        )

    def today(self, now: datetime) -> date:
        """The issue date: the day it is for the organisation, whose books the document goes into."""
        return now.astimezone(self.connection.zone if self.connection else self.tenant.zone).date()


def sending_context(tenant: Tenant, *, to: XeroConnection | None = None) -> SendingContext:
    """`to` None: the default organisation. In the tenant's scope."""
    connection = to or find_connection()
    settings_of = ConnectionSettings.objects.filter(connection=connection).select_related("billing_entity")
    rules = settings_of.first() if connection else None
    return SendingContext(
        tenant=tenant,
        connection=connection,
        customer_key=rules.customer_key if rules else CustomerKey.BILL_TO,
        document=rules.document if rules else DocumentChoice.INVOICE,
        sides=rules.sides if rules else SentSides.SALES,
        entity=rules.billing_entity if rules else None,
    )
