"""Which tax code a charge gets that comes onto an invoice, or that changed its charge code there."""

from functools import cache

from integrations.mapping.rules import OrganisationRules
from integrations.models import XeroDocument
from integrations.reference_data.load_rules import load_rules
from invoices.domain.parts_to_bill import TaxOf
from invoices.models import Customer, Invoice, ShipmentCharge, TaxCode
from invoices.workflows.route_shipments import context_of_draft
from invoices.workflows.tax_of_charge import tax_choice


def tax_choice_of(invoice: Invoice) -> TaxOf:
    """By the rules of the organisation that it went to, or would go to; they are read when a charge first asks."""

    @cache
    def choice() -> TaxOf:
        return tax_choice(_rules_of(invoice))

    def choose(charge: ShipmentCharge, party: Customer | None) -> TaxCode | None:
        return choice()(charge, party)

    return choose


def _rules_of(invoice: Invoice) -> OrganisationRules | None:
    document = XeroDocument.objects.filter(invoice=invoice).select_related("connection").first()
    connection = document.connection if document else context_of_draft(invoice, tenant=invoice.tenant).connection
    return load_rules(connection, customer_codes=[]) if connection and connection.reference_data_at else None
