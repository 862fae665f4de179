"""What a person chooses to mend a cause, where it is shown: the choices, with the best guess chosen."""

from dataclasses import dataclass

from django.db.models import Q

from freightbridge.access.permissions import Permission
from integrations.mapping.best_guess import likeliest_account, likeliest_name
from integrations.mapping.rules import OrganisationRules
from integrations.models import ReferenceRecord, XeroConnection
from integrations.models.reference_record import ReferenceKind
from integrations.reference_data.load_rules import load_rules
from integrations.web.account_choices import account_choices, refused_accounts
from invoices.models import ChargeCode, Customer, Shipment, TaxCode
from invoices.web.tax_mapping_pages import rate_options
from invoices.workflows.find_causes import Cause, shipments_of
from invoices.workflows.mend_cause import Mend, mend_of

COMPARED_CONTACTS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """
    `choices` empty: it is typed. `refused`: what cannot be chosen, with the reason. `offers`: the page that offers what
    fits what was typed so far. `needs`: the permission, by its name.
    """

    label: str
    chosen: str
    hint: str
    needs: Permission
    choices: tuple[tuple[str, str], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    offers: str = ""


def picker_of(cause: Cause, connection: XeroConnection | None) -> Picker | None:
    """None: it is mended elsewhere, or nothing is connected."""
    mend = mend_of(cause)
    if mend is None or connection is None:
        return None
    if mend == Mend.CONTACT:
        return _contact(cause, connection)
    if mend == Mend.EXCHANGE_RATE:
        return _exchange_rate(cause)
    rules = load_rules(connection, customer_codes=[])
    return _account(cause, rules) if mend == Mend.ACCOUNT else _tax_rate(cause, rules)


def _account(cause: Cause, rules: OrganisationRules) -> Picker:
    code, side = ChargeCode.objects.get(code=cause.key.subject), cause.key.side
    # Xero may have refused what we still hold for good: we know of it what was read last.
    refused = cause.problem.named_words.get("account", "")
    known = account_choices(rules, side=side)
    choices = [(account, f"{label} (was refused)" if account == refused else label) for account, label in known]
    others = {account: label for account, label in known if account != refused}
    guess = likeliest_account(rules, side=side, name=code.name, choices=others)
    return Picker(
        label=f"Account of {code.code} for {side}",
        choices=tuple(choices),
        refused=tuple(refused_accounts(rules, sides=(side,))),
        chosen=guess,
        hint=_hint(code.name, guess),
        needs=Permission.MANAGE_MAPPINGS,
    )


def _tax_rate(cause: Cause, rules: OrganisationRules) -> Picker:
    code, side = TaxCode.objects.get(code=cause.key.subject), cause.key.side
    options = rate_options(rules, side=side, code=code)
    fitting = {one.tax_type: one.label for one in options if not one.reason}
    names = {tax_type: rules.tax_rates[tax_type].name for tax_type in fitting}
    guess = likeliest_name(code.name, names) or next(iter(fitting), "")
    none = f"Xero has no rate of {code.rate.normalize():f} % for {side}: add one there, then refresh."
    return Picker(
        label=f"Tax rate of {code.code} for {side}",
        choices=tuple(fitting.items()),
        refused=tuple((one.tax_type, one.reason) for one in options if one.reason),
        chosen=guess,
        hint=_hint(f"{code.name}, {code.rate.normalize():f} %", guess) if fitting else none,
        needs=Permission.MANAGE_MAPPINGS,
    )


def _contact(cause: Cause, connection: XeroConnection) -> Picker:
    customer = Customer.objects.get(code=cause.key.subject)
    first_word = next(iter(customer.name.split()), "")
    contacts = ReferenceRecord.objects.filter(connection=connection, kind=ReferenceKind.CONTACT, is_active=True)
    near = contacts.filter(Q(name__istartswith=first_word) | Q(code=customer.code)).order_by("name")
    names = list(near.values_list("name", flat=True)[:COMPARED_CONTACTS]) if first_word else []
    guess = likeliest_name(customer.name, {name: name for name in names})
    return Picker(
        label=f"Contact of {customer.code} in Xero",
        chosen=guess,
        hint=_hint(customer.name, guess),
        needs=Permission.MANAGE_MAPPINGS,
        offers="contact_offers",
    )


def _exchange_rate(cause: Cause) -> Picker:
    """The rate that a shipment in this currency had last."""
    stuck = shipments_of(cause.key).order_by("id").first()
    currency = stuck.currency if stuck else ""
    known = Shipment.objects.filter(currency=currency, exchange_rate__gt=0).order_by("-id").first()
    guess = f"{known.exchange_rate.normalize():f}" if known and known.exchange_rate else ""
    return Picker(
        label=f"Units of {currency} for one of your base currency",
        chosen=guess,
        hint=f"{known} has this one." if known else "No shipment in this currency has one yet.",
        needs=Permission.EDIT_FREIGHT,
    )


def _hint(name: str, guess: str) -> str:
    """Whose the guess is stays plain."""
    return f"Ours: {name}. {'Our best guess is chosen; look before you save.' if guess else 'Nothing is like it.'}"
