"""Codes of others become ours: charge codes, tax codes, suppliers. What cannot be told is said. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher

from invoices.intake.edi.freight_message import FreightMessage, MessageCharge, Note, Party
from invoices.intake.edi.settle_totals import CENT, HUNDRED, rounded
from invoices.intake.header_row import folded

ALIKE = 0.75
LONGEST_OWNER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSupplier:
    code: str
    name: str
    tax_number: str


@dataclass(frozen=True, slots=True)
class KnownTax:
    code: str
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCodes:
    """
    `charge_codes`: ours by folded code. `matches`: (whose code, their code) as `memory_of` has them → ours.

    `purchase_taxes`, `sales_taxes`: the tax code of a charge code, where it has one.
    """

    charge_codes: Mapping[str, str] = field(default_factory=dict)
    matches: Mapping[tuple[str, str], str] = field(default_factory=dict)
    taxes: Sequence[KnownTax] = ()
    purchase_taxes: Mapping[str, str] = field(default_factory=dict)
    sales_taxes: Mapping[str, str] = field(default_factory=dict)
    suppliers: Sequence[KnownSupplier] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TheirCode:
    """A charge code of somebody else's, as a file has it."""

    owner: str
    code: str
    description: str


def codes_of(messages: Iterable[FreightMessage]) -> list[TheirCode]:
    """Each once, with its first description, in the order of the file."""
    found: dict[tuple[str, str], TheirCode] = {}
    for message in messages:
        for charge in message.charges:
            one = TheirCode(owner=message.code_owner, code=charge.code, description=charge.description)
            found.setdefault(memory_of(one.owner, one.code), one)
    return list(found.values())


def memory_of(owner: str, code: str) -> tuple[str, str]:
    """By what a match is remembered."""
    return folded(owner)[:LONGEST_OWNER], folded(code)


def our_charge_code(owner: str, code: str, known: KnownCodes) -> str:
    """The remembered one, else ours that reads the same; empty where there is none."""
    remembered = known.matches.get(memory_of(owner, code))
    return remembered or known.charge_codes.get(folded(code), "")


def guess_charge_code(description: str, names: Mapping[str, str]) -> str:
    """Ours whose name reads much like it; `names`: name by code. Empty: none does."""
    rated = [(SequenceMatcher(None, folded(description), folded(name)).ratio(), code) for code, name in names.items()]
    likeness, code = max(rated, default=(0.0, ""))
    return code if likeness >= ALIKE else ""


def our_supplier(party: Party, known: KnownCodes) -> Party:
    """By code, by tax number, by name where one alone has it; else as the message has it."""
    tests = (
        (folded(party.code), lambda one: folded(one.code)),
        (folded(party.tax_number), lambda one: folded(one.tax_number)),
        (folded(party.name), lambda one: folded(one.name)),
    )
    for wanted, of in tests:
        found = [one for one in known.suppliers if wanted and of(one) == wanted]
        if len(found) == 1:
            return Party(code=found[0].code, name=found[0].name, tax_number=found[0].tax_number)
    return party


def our_tax_code(charge: MessageCharge, charge_code: str, known: KnownCodes) -> tuple[str, Note | None]:
    """Empty where the tax code of the charge code counts: the message says nothing of tax, or a note says why."""
    own = {folded(tax.code): tax.code for tax in known.taxes}
    if charge.tax_code and folded(charge.tax_code) in own:
        return own[folded(charge.tax_code)], None
    if charge.tax_rate is None and charge.tax_amount is None:
        return "", None
    fitting = [tax.code for tax in known.taxes if _fits(tax.rate, charge)]
    of_code = (known.purchase_taxes if charge.side == "cost" else known.sales_taxes).get(charge_code, "")
    if of_code in fitting:
        return of_code, None
    if len(fitting) == 1:
        return fitting[0], None
    return "", Note(text=_tax_problem(charge, fitting), place=charge.place, is_error=True)


def _fits(rate: Decimal, charge: MessageCharge) -> bool:
    if charge.tax_rate is not None and rate != charge.tax_rate:
        return False
    return charge.tax_amount is None or abs(rounded(charge.amount * rate / HUNDRED) - charge.tax_amount) <= CENT


def _tax_problem(charge: MessageCharge, fitting: Sequence[str]) -> str:
    rate = f"{charge.tax_rate.normalize():f} % of tax" if charge.tax_rate is not None else ""
    amount = f"{charge.tax_amount:f} of tax on {charge.amount:f}" if charge.tax_amount is not None else ""
    said = ", ".join(filter(None, [rate, amount]))
    if fitting:
        return f"{said}: several tax codes fit, {', '.join(sorted(fitting))}. Give the charge code one of them."
    return f"{said}: no tax code has this rate. Add one."
