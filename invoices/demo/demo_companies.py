"""The companies of the demo, as data: who they are, whom they employ, what they charge for and where it goes."""

from dataclasses import dataclass
from decimal import Decimal

from freightbridge.access.roles import ROLES

# Of the demo alone, on one's own machine; printed beside the log-ins.
PASSWORD = "demo-freight-2026"  # noqa: S105 a password that everybody may know


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTax:
    """`sales` and `purchases`: Xero's tax types in the organisation's country."""

    code: str
    name: str
    rate: Decimal
    sales: str
    purchases: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCharge:
    code: str
    name: str
    tax: str
    account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCompany:
    """`organisation`: the sandbox's short name of its books."""

    slug: str
    name: str
    organisation: str
    time_zone: str
    base_currency: str
    street: str
    city: str
    postal_code: str
    country: str
    tax_number: str
    bank_details: str
    number_prefix: str
    taxes: tuple[DemoTax, ...]
    charges: tuple[DemoCharge, ...]

    def email(self, role: str) -> str:
        return f"{role}@{self.slug}.example"

    @property
    def log_ins(self) -> list[tuple[str, str]]:
        """E-mail and role of each employee."""
        return [(self.email(name), role.title) for name, role in ROLES.items()]


TERMS = "Payment within the terms stated above. All business is transacted under our standard trading conditions."


def _charges(domestic: str, international: str) -> tuple[DemoCharge, ...]:
    """What a forwarder charges for, on the accounts of the sandbox's charts."""
    names = {
        "FRT": ("Freight", international, "204"),
        "OFR": ("Ocean freight", international, "201"),
        "AFR": ("Air freight", international, "202"),
        "RFR": ("Road freight", domestic, "203"),
        "CUS": ("Customs clearance", domestic, "205"),
        "THC": ("Terminal handling charge", domestic, "206"),
        "DOC": ("Documentation fee", domestic, "207"),
        "PICKING": ("Picking", domestic, "208"),
        "INS": ("Cargo insurance", international, "209"),
        "FSC": ("Fuel surcharge", domestic, "210"),
        "STORAGE": ("Storage", domestic, "211"),
    }
    return tuple(
        DemoCharge(code=code, name=name, tax=tax, account=account) for code, (name, tax, account) in names.items()
    )


HARBOUR = DemoCompany(
    slug="harbour-hinterland",
    name="Harbour & Hinterland Freight",
    organisation="AU",
    time_zone="Australia/Sydney",
    base_currency="AUD",
    street="Level 4, 12 Hickson Road",
    city="Sydney NSW",
    postal_code="2000",
    country="Australia",
    tax_number="ABN 53 004 085 616",
    bank_details="Harbour & Hinterland Freight\nBSB 062-000\nAccount 1234 5678",
    number_prefix="HHF-",
    taxes=(
        DemoTax(code="GST", name="GST", rate=Decimal(10), sales="OUTPUT", purchases="INPUT"),
        DemoTax(code="FREE", name="GST-free", rate=Decimal(0), sales="EXEMPTOUTPUT", purchases="EXEMPTEXPENSES"),
    ),
    charges=_charges("GST", "FREE"),
)
GLOBAL_AID = DemoCompany(
    slug="global-aid-logistics",
    name="Global Aid Logistics",
    organisation="USD",
    time_zone="America/New_York",
    base_currency="USD",
    street="1616 Fort Myer Drive",
    city="Arlington, Virginia",
    postal_code="22209",
    country="United States",
    tax_number="",
    bank_details="Global Aid Logistics\nABA 021000021\nAccount 1234567890",
    number_prefix="GAL-",
    taxes=(DemoTax(code="EXEMPT", name="Tax exempt", rate=Decimal(0), sales="NONE", purchases="NONE"),),
    charges=_charges("EXEMPT", "EXEMPT"),
)
COMPANIES = (HARBOUR, GLOBAL_AID)
