"""How far a company has come with its set-up, read from what is there: nobody ticks anything off (F21)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from freightbridge.audit.models import AuditEvent
from freightbridge.tenancy.models import Tenant
from integrations.mapping.choose_account import choose_account
from integrations.mapping.choose_tax_rate import choose_tax_rate
from integrations.mapping.problems import Problem
from integrations.mapping.rules import LedgerAccount, OrganisationRules
from integrations.models import ConnectionSettings, ContactLink, ReferenceRecord, XeroConnection, XeroDocument
from integrations.models.reference_record import ReferenceKind
from integrations.reference_data.load_rules import load_rules
from invoices.models import ChargeCode, Customer, Shipment, ShipmentCharge, TaxCode
from invoices.models.shipment_charge import Side
from invoices.workflows.judge_series import SeriesState, checks_by_series, judge_series, series_of

# Whether a rate fits an account is asked where the two meet; here any account that takes sales will do.
ANY_ACCOUNT = LedgerAccount(code="", name="", account_class="REVENUE", kind="", is_active=True, is_system=False)
SALES = "sales"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many there are, and the first ones that have no counterpart in Xero yet."""

    total: int
    open: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        return self.total > 0 and not self.open


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersState:
    """Done once Xero was asked about every series. `taken`: the first number that one would give a second time."""

    is_done: bool
    taken: str = ""
    begin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupState:
    is_connected: bool
    creates_contacts: bool
    customers: Coverage
    charge_codes: Coverage
    taxes: Coverage
    currencies: Coverage
    numbers: NumbersState
    are_rules_chosen: bool
    has_sent: bool

    @property
    def is_done(self) -> bool:
        return all(
            [
                self.is_connected,
                self.customers.is_done,
                self.charge_codes.is_done,
                self.taxes.is_done,
                self.currencies.is_done,
                self.numbers.is_done,
                self.are_rules_chosen,
                self.has_sent,
            ]
        )


def check_setup(connection: XeroConnection | None) -> SetupState:
    """In the tenant's scope; a fixed number of queries."""
    if connection is None:
        return _before_connecting()
    settings = ConnectionSettings.objects.get(connection=connection)
    rules = load_rules(connection, customer_codes=[])
    return SetupState(
        is_connected=connection.is_usable and connection.reference_data_at is not None,
        creates_contacts=rules.creates_contacts,
        customers=_customers(connection, creates_contacts=rules.creates_contacts),
        charge_codes=_charge_codes(rules),
        taxes=_taxes(rules),
        currencies=_currencies(rules),
        numbers=_numbers(connection),
        are_rules_chosen=AuditEvent.objects.filter(subject_id=settings.public_id).exists(),
        has_sent=XeroDocument.objects.filter(connection=connection, xero_id__isnull=False).exists(),
    )


def remember_setup_done(tenant: Tenant, *, now: datetime) -> None:
    """The set-up list leaves the menu for good: what goes wrong later has pages of its own."""
    Tenant.objects.filter(pk=tenant.pk, setup_done_at=None).update(setup_done_at=now)
    tenant.setup_done_at = now


def _before_connecting() -> SetupState:
    nothing = Coverage(total=0, open=())
    return SetupState(
        is_connected=False,
        creates_contacts=False,
        customers=nothing,
        charge_codes=nothing,
        taxes=nothing,
        currencies=nothing,
        numbers=NumbersState(is_done=False),
        are_rules_chosen=False,
        has_sent=False,
    )


def _customers(connection: XeroConnection, *, creates_contacts: bool) -> Coverage:
    """Those that something is billed to. Unknown ones hold nothing up where the rules create them."""
    billed = Customer.objects.filter(pk__in=Shipment.objects.exclude(bill_to=None).values("bill_to"))
    total = billed.count()
    if creates_contacts:
        return Coverage(total=total, open=())
    linked = ContactLink.objects.filter(connection=connection).values("customer_code")
    numbered = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT, is_active=True)
    unmatched = billed.exclude(code__in=linked).exclude(code__in=numbered.values("code"))
    return Coverage(total=total, open=tuple(unmatched.order_by("code").values_list("code", flat=True)))


def _sold() -> QuerySet[ShipmentCharge]:
    return ShipmentCharge.objects.filter(side=Side.SELL, charge_code__isnull=False).order_by()


def _charge_codes(rules: OrganisationRules) -> Coverage:
    codes = ChargeCode.objects.filter(pk__in=_sold().values("charge_code")).order_by("code")
    return _covered(
        codes.values_list("code", flat=True), lambda code: choose_account(rules, side=SALES, charge_code=code)
    )


def _taxes(rules: OrganisationRules) -> Coverage:
    used = _sold().annotate(tax=Coalesce("tax_code", "charge_code__sales_tax_code")).values("tax")
    rates = dict(TaxCode.objects.filter(pk__in=used).order_by("code").values_list("code", "rate"))
    return _covered(
        rates,
        lambda code: choose_tax_rate(
            rules, side=SALES, charge_code="", tax_code=code, rate=rates[code], account=ANY_ACCOUNT
        ),
    )


def _currencies(rules: OrganisationRules) -> Coverage:
    used = Shipment.objects.exclude(currency="").order_by("currency").values_list("currency", flat=True).distinct()
    currencies = list(used)
    return Coverage(total=len(currencies), open=tuple(one for one in currencies if not rules.takes_currency(one)))


def _numbers(connection: XeroConnection) -> NumbersState:
    checks, found = checks_by_series([connection]), series_of(connection)
    verdicts = [(series, judge_series(series, checks[series.pk])) for series in found]
    for series, verdict in verdicts:
        if verdict.state == SeriesState.TAKEN and verdict.begin is not None:
            return NumbersState(is_done=False, taken=verdict.met, begin=verdict.begin.text(series.prefix))
    known = [verdict for _, verdict in verdicts if verdict.state != SeriesState.UNKNOWN]
    return NumbersState(is_done=bool(found) and len(known) == len(found))


def _covered(codes: Iterable[str], choose: Callable[[str], object]) -> Coverage:
    """`choose` answers with a problem where there is no counterpart."""
    named = list(codes)
    return Coverage(total=len(named), open=tuple(code for code in named if isinstance(choose(code), Problem)))
