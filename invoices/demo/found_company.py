"""Makes a company of the demo: the tenant, its people, its codes, its connection to the sandbox and its rules."""

from uuid import UUID

from django.contrib.auth.hashers import make_password

from freightbridge.access.models import Membership, User
from freightbridge.access.roles import ROLES
from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connect_organisation import connect_organisation, keep_grant
from integrations.connection.xero_hosts import identity_api
from integrations.models import ChargeRule, ConnectionSettings, TaxRule, XeroConnection
from integrations.models.connection_settings import UnknownCustomer
from integrations.models.mapping_rule import RuleSide
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from integrations.xero_gateway.identity_api import SCOPES, token_set_of
from invoices.demo.demo_companies import PASSWORD, TERMS, DemoCompany
from invoices.models import BillingEntity, ChargeCode, NumberSeries, TaxCode
from invoices.models.invoice import InvoiceKind

SERIES = {
    InvoiceKind.SALES_INVOICE: "",
    InvoiceKind.SALES_CREDIT_NOTE: "CN-",
    InvoiceKind.QUOTE: "Q-",
    InvoiceKind.BILL_CREDIT_NOTE: "SCN-",
}


def found_company(company: DemoCompany) -> Tenant:
    """Everything but freight and Xero."""
    tenant = Tenant.objects.create(
        name=company.name, slug=company.slug, time_zone=company.time_zone, created_at=read_clock()
    )
    people = _people(company)
    with tenant_scope(tenant):
        Membership.objects.bulk_create(Membership(user=user, role=role) for role, user in people)
        _billing_entity(company)
        _codes(company)
    return tenant


def _people(company: DemoCompany) -> list[tuple[str, User]]:
    """One in each role. They share a password, and it is hashed once: that takes a third of a second."""
    password = make_password(PASSWORD)
    return [
        (role, User.objects.create(email=company.email(role), password=password, name=title(role))) for role in ROLES
    ]


def title(role: str) -> str:
    return f"Demo {ROLES[role].title}"


def connect_company(
    tenant: Tenant, company: DemoCompany, sandbox: SandboxAdmin, *, attaches_pdf: bool = True
) -> XeroConnection:
    """As an admin would by Connect to Xero, but with the sandbox's consent given by its admin API."""
    tokens = token_set_of(sandbox.grant(company.organisation, list(SCOPES)))
    (organisation,) = identity_api().connections(tokens.access_token)
    with tenant_scope(tenant):
        now = read_clock()
        grant = keep_grant(tokens, now=now)
        connection = connect_organisation(organisation, grant=grant, by=company.email("admin"), now=now)
        ConnectionSettings.objects.filter(connection=connection).update(
            unknown_customer=UnknownCustomer.CREATE, attach_pdf=attaches_pdf
        )
        _rules(connection, company)
    return connection


def organisation_id(tenant: Tenant) -> UUID:
    with tenant_scope(tenant):
        return XeroConnection.objects.values_list("organisation_id", flat=True).get()


def _billing_entity(company: DemoCompany) -> None:
    entity = BillingEntity.objects.create(
        code="MAIN",
        name=company.name,
        street=company.street,
        city=company.city,
        postal_code=company.postal_code,
        country=company.country,
        tax_number=company.tax_number,
        email=f"accounts@{company.slug}.example",
        base_currency=company.base_currency,
        bank_details=company.bank_details,
        invoice_terms=TERMS,
        is_default=True,
    )
    NumberSeries.objects.bulk_create(
        NumberSeries(billing_entity=entity, kind=kind, prefix=f"{company.number_prefix}{infix}")
        for kind, infix in SERIES.items()
    )


def _codes(company: DemoCompany) -> None:
    taxes = {tax.code: TaxCode.objects.create(code=tax.code, name=tax.name, rate=tax.rate) for tax in company.taxes}
    ChargeCode.objects.bulk_create(
        ChargeCode(
            code=charge.code,
            name=charge.name,
            sales_tax_code=taxes[charge.tax],
            purchase_tax_code=taxes[charge.tax],
        )
        for charge in company.charges
    )


def _rules(connection: XeroConnection, company: DemoCompany) -> None:
    ChargeRule.objects.bulk_create(
        ChargeRule(connection=connection, side=RuleSide.SALES, charge_code=charge.code, account_code=charge.account)
        for charge in company.charges
    )
    sides = [(RuleSide.SALES, "sales"), (RuleSide.PURCHASES, "purchases")]
    TaxRule.objects.bulk_create(
        TaxRule(connection=connection, side=side, tax_code=tax.code, tax_type=getattr(tax, name))
        for tax in company.taxes
        for side, name in sides
    )
