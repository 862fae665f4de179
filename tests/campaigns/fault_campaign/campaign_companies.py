"""The companies of the campaign: each connected to books of its own, with one account that Xero stops taking."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from requests import RequestException

from freightbridge.clock import read_clock
from freightbridge.tenancy.models import Tenant
from freightbridge.tenancy.scope import tenant_scope
from integrations.connection.connect_organisation import connect_organisation, keep_grant
from integrations.connection.xero_hosts import identity_api
from integrations.models import ChargeRule, XeroConnection
from integrations.models.mapping_rule import RuleSide
from integrations.models.xero_connection import ConnectionStatus
from integrations.sandbox_replay.sandbox_admin import SandboxAdmin
from integrations.xero_gateway.identity_api import SCOPES, GrantRefusedError, IdentityUnavailableError, token_set_of
from invoices.demo.demo_companies import GLOBAL_AID, HARBOUR, DemoCompany, DemoTax
from invoices.demo.demo_trade import HARBOUR_TRADE, PENNINE_TRADE, Trade
from invoices.demo.forwarder_export import forwarder_export
from invoices.demo.found_company import found_company
from invoices.demo.main_job import MainJob
from invoices.models import ChargeCode, Customer, Shipment, TaxCode
from invoices.models.shipment import Readiness

PENNINE = replace(
    HARBOUR,
    slug="pennine-haulage",
    name="Pennine Haulage",
    organisation="UK",
    time_zone="Europe/London",
    base_currency="GBP",
    country="United Kingdom",
    number_prefix="PH-",
    taxes=(
        DemoTax(code="GST", name="VAT", rate=Decimal(20), sales="OUTPUT2", purchases="INPUT2"),
        DemoTax(code="FREE", name="Zero-rated", rate=Decimal(0), sales="ZERORATEDOUTPUT", purchases="ZERORATEDINPUT"),
    ),
)
# Mapped nowhere; and mapped to accounts that a person archives in Xero once we have read them.
UNMAPPED, REFUSED = "MISC", "DEMURRAGE"
ARCHIVED = {RuleSide.SALES: "260", RuleSide.PURCHASES: "319"}
SUPPLIERS = ("Ever Deep Shipping", "Polar Air Charter", "Midland Box Haulage", "Quayside Stevedores")
STEP_SECONDS = 240.0
MONTH = date(2026, 2, 1)
# Of a generated export every twentieth shipment lacks something.
SPARE_SHARE, SPARE = 1.08, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignCompany:
    company: DemoCompany
    trade: Trade | None
    attaches_pdf: bool
    tenant: Tenant
    connection: XeroConnection
    shipments: tuple[int, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyPlan:
    """`trade` None: it sends no shipments."""

    company: DemoCompany
    trade: Trade | None
    attaches_pdf: bool


PLANS = (
    CompanyPlan(company=HARBOUR, trade=HARBOUR_TRADE, attaches_pdf=True),
    CompanyPlan(company=PENNINE, trade=PENNINE_TRADE, attaches_pdf=False),
    CompanyPlan(company=GLOBAL_AID, trade=None, attaches_pdf=False),
)


def set_up_company(plan: CompanyPlan, *, shipments: int, seed: int, sandbox: SandboxAdmin) -> CampaignCompany:
    """Beside running workers, before anything goes wrong. Raises what a step of the main job raises."""
    tenant = found_company(plan.company)
    with tenant_scope(tenant):
        _more_codes(plan.company)
    job = MainJob(tenant=tenant, company=plan.company, sandbox=sandbox, seconds=STEP_SECONDS)
    if plan.trade is not None:
        export = forwarder_export(plan.trade, int(shipments * SPARE_SHARE) + SPARE, seed=seed, month=MONTH)
        job.upload(export.content, file_name="export.csv")
    connection = job.connect(attaches_pdf=plan.attaches_pdf)
    with tenant_scope(tenant):
        _more_rules(connection, plan.company)
        ready = Shipment.objects.filter(accounting_state=Readiness.READY).order_by("number")
        chosen = tuple(ready.values_list("id", "number")[:shipments])
    for account in ARCHIVED.values():
        sandbox.act("archive_account", str(connection.organisation_id), account=account)
    if len(chosen) < shipments and plan.trade is not None:
        raise ValueError(f"{plan.company.name} has {len(chosen)} ready shipments, {shipments} are wanted.")
    return CampaignCompany(
        company=plan.company,
        trade=plan.trade,
        attaches_pdf=plan.attaches_pdf,
        tenant=tenant,
        connection=connection,
        shipments=tuple(pk for pk, _ in chosen),
        numbers=tuple(number for _, number in chosen),
    )


def reconnect_lost(one: CampaignCompany, sandbox: SandboxAdmin) -> bool:
    """What a person does who reads that the connection is lost. False: it is not, or Xero let him down this time."""
    with tenant_scope(one.tenant):
        if XeroConnection.objects.get(pk=one.connection.pk).status != ConnectionStatus.NEEDS_RECONNECT:
            return False
    try:
        tokens = token_set_of(sandbox.grant(one.company.organisation, list(SCOPES)))
        (organisation,) = identity_api().connections(tokens.access_token)
    except (GrantRefusedError, IdentityUnavailableError, RequestException):
        return False
    with tenant_scope(one.tenant):
        now = read_clock()
        grant = keep_grant(tokens, now=now)
        connect_organisation(organisation, grant=grant, by=one.company.email("admin"), now=now)
    return True


def _more_codes(company: DemoCompany) -> None:
    tax = TaxCode.objects.get(code=company.taxes[0].code)
    for code in (UNMAPPED, REFUSED):
        ChargeCode.objects.create(code=code, name=code.title(), sales_tax_code=tax, purchase_tax_code=tax)
    for number, name in enumerate(SUPPLIERS, start=1):
        Customer.objects.create(code=f"SUPP{number:02}", name=name, is_supplier=True, country=company.country)
    for number in range(1, 9):
        Customer.objects.create(code=f"CUST{number:02}", name=f"Customer {number} of {company.name}")


def _more_rules(connection: XeroConnection, company: DemoCompany) -> None:
    """What is bought stands on the accounts from 300 on, each a hundred above that of its sale."""
    bought = [(charge.code, f"3{charge.account[1:]}") for charge in company.charges]
    rules = [(RuleSide.PURCHASES, *pair) for pair in bought]
    rules += [(side, REFUSED, account) for side, account in ARCHIVED.items()]
    ChargeRule.objects.bulk_create(
        ChargeRule(connection=connection, side=side, charge_code=code, account_code=account)
        for side, code, account in rules
    )
