"""/Currencies: those an organisation is subscribed to.

Source: developer.xero.com/documentation/api/accounting/currencies.
"""

from typing import Any

from integrations.xero_sandbox.accounting_api.api_call import ApiCall
from integrations.xero_sandbox.accounting_api.element_writes import ElementKind, write_elements
from integrations.xero_sandbox.accounting_api.envelopes import enveloped
from integrations.xero_sandbox.accounting_api.list_reading import ListShape, Wanted, select
from integrations.xero_sandbox.books.organisation_records import Currency
from integrations.xero_sandbox.rules.day_rates import DOLLARS
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.wire.http_messages import Answer
from integrations.xero_sandbox.wire.sent_fields import Sent

SHAPE = ListShape(
    kind=Currency,
    knows_changes=False,
    fields={"code": lambda currency: currency.code, "description": lambda currency: currency.description},
)


def list_currencies(call: ApiCall) -> Answer:
    currencies = select(call, SHAPE, Wanted()).all()
    in_order = currencies if call.query("order") else sorted(currencies, key=lambda currency: currency.code)
    return enveloped(call, "Currencies", [_as_json(currency) for currency in in_order])


def create_currency(call: ApiCall) -> Answer:
    """Needs a plan with several currencies. Whether Xero really takes this call is unconfirmed; integrators say so."""

    def write(sent: Sent, findings: Findings) -> Currency | None:
        code = (sent.text("Code") or "").upper()
        if not call.books.organisation.has_multicurrency:
            findings.refuse("The organisation's plan does not include multi-currency.")
        if code not in DOLLARS:
            findings.refuse(f"Currency code '{code}' is not valid.")
        if findings.errors:
            return None
        currency = Currency(
            organisation_id=call.books.organisation_id,
            code=code,
            description=sent.text("Description") or code,
        )
        return call.books.store.save(currency)

    kind = ElementKind(collection="Currencies", word="Currency", id_name="", render=_as_json)
    return write_elements(call, kind, write)


def _as_json(currency: Currency) -> dict[str, Any]:
    return {"Code": currency.code, "Description": currency.description}
