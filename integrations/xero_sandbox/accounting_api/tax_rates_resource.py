"""/TaxRates. Source: developer.xero.com/documentation/api/accounting/taxrates. A list shows deleted rates too."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.error_responses import not_found
from integrations.xero_sandbox.accounting_api.list_reading import ListShape, Wanted, select
from integrations.xero_sandbox.books.organisation_records import TaxComponent, TaxRate
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.query_matching import Getter
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent

Json = dict[str, Any]
CLASSES = ("ASSET", "EQUITY", "EXPENSE", "LIABILITY", "REVENUE")
PLURALS = {
    "ASSET": "Assets",
    "EQUITY": "Equity",
    "EXPENSE": "Expenses",
    "LIABILITY": "Liabilities",
    "REVENUE": "Revenue",
}
STATUSES = frozenset({"ACTIVE", "DELETED", "ARCHIVED", "PENDING"})
NOTHING = Decimal(0)


def _applies_to(account_class: str) -> Getter:
    return lambda rate: account_class in rate.applies_to


SHAPE = ListShape(
    kind=TaxRate,
    knows_changes=False,
    fields={
        "name": lambda rate: rate.name,
        "taxtype": lambda rate: rate.tax_type,
        "status": lambda rate: rate.status,
        "effectiverate": lambda rate: rate.effective_rate,
        "displaytaxrate": lambda rate: rate.display_rate,
        **{f"canapplyto{plural.lower()}": _applies_to(kind) for kind, plural in PLURALS.items()},
    },
)


def list_tax_rates(call: ApiCall) -> Answer:
    rates = select(call, SHAPE, Wanted()).all()
    in_order = rates if call.query("order") else sorted(rates, key=lambda rate: rate.name)
    return enveloped(call, "TaxRates", [_as_json(rate) for rate in in_order])


def get_tax_rate(call: ApiCall) -> Answer:
    rate = call.books.tax_rate(call.parameters["tax_type"])
    return not_found() if rate is None else enveloped(call, "TaxRates", [_as_json(rate)])


def create_tax_rates(call: ApiCall) -> Answer:
    """Rates made through the API are called TAX001, TAX002 and so on."""

    def write(sent: Sent, findings: Findings) -> TaxRate | None:
        count = len(call.books.all(TaxRate))
        while call.books.tax_rate(f"TAX{count:03d}"):
            count += 1
        rate = TaxRate(
            organisation_id=call.books.organisation_id,
            tax_type=f"TAX{count:03d}",
            name=sent.text("Name") or "",
            report_tax_type=sent.text("ReportTaxType") or "OUTPUT",
            applies_to=CLASSES,
            components=_components(sent),
        )
        return _checked(call, rate, findings)

    return write_elements(call, KIND, write)


def save_tax_rates(call: ApiCall) -> Answer:
    def write(sent: Sent, findings: Findings) -> TaxRate | None:
        held = call.books.tax_rate(sent.text("TaxType") or "")
        if held is None:
            findings.refuse("Tax rate must be valid.")
            return None
        changed = replace(
            held,
            name=sent.text("Name") or held.name,
            status=sent.text("Status") or held.status,
            components=_components(sent) or held.components,
        )
        return _checked(call, changed, findings)

    return write_elements(call, KIND, write)


def _components(sent: Sent) -> tuple[TaxComponent, ...]:
    return tuple(
        TaxComponent(
            name=part.text("Name") or "",
            rate=part.decimal("Rate") or NOTHING,
            is_compound=part.flag("IsCompound") or False,
            is_non_recoverable=part.flag("IsNonRecoverable") or False,
        )
        for part in sent.objects("TaxComponents") or []
    )


def _checked(call: ApiCall, rate: TaxRate, findings: Findings) -> TaxRate | None:
    others = [other for other in call.books.all(TaxRate) if other.tax_type != rate.tax_type]
    if not rate.name or any(other.name == rate.name and other.status == "ACTIVE" for other in others):
        findings.refuse("Please enter a unique Name.")
    if not rate.components:
        findings.refuse("At least one TaxComponent must be specified.")
    if rate.status not in STATUSES:
        findings.refuse(f"The tax rate status '{rate.status}' is not valid.")
    return None if findings.errors else call.books.store.save(rate)


def _as_json(rate: TaxRate) -> Json:
    return {
        "Name": rate.name,
        "TaxType": rate.tax_type,
        "ReportTaxType": rate.report_tax_type,
        **{f"CanApplyTo{PLURALS[kind]}": kind in rate.applies_to for kind in CLASSES},
        "DisplayTaxRate": rate.display_rate,
        "EffectiveRate": rate.effective_rate,
        "Status": rate.status,
        "TaxComponents": [
            {
                "Name": part.name,
                "Rate": part.rate,
                "IsCompound": part.is_compound,
                "IsNonRecoverable": part.is_non_recoverable,
            }
            for part in rate.components
        ],
    }


KIND = ElementKind(collection="TaxRates", word="TaxRate", id_name="", render=_as_json)
