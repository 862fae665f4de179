"""What the campaign sends: shipments through the workflow; what has no page yet, as approved invoices of its kind."""

import dataclasses
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from freightbridge.clock import read_clock
from freightbridge.stored_files.store_file import store_file
from freightbridge.tenancy.scope import tenant_scope
from integrations.models.sync_job import Priority
from invoices.domain import lifecycle
from invoices.domain.totals import line_amounts, sum_lines
from invoices.models import BillingEntity, ChargeCode, Customer, Invoice, InvoiceLine, Shipment
from invoices.models.invoice import InvoiceKind
from invoices.workflows.hand_over_to_accounting import hand_over
from invoices.workflows.send_to_accounting import send_to_accounting
from invoices.workflows.sending_context import sending_context
from tests.campaigns.fault_campaign.campaign_companies import REFUSED, UNMAPPED, CampaignCompany

MONEY_CODES = ("FRT", "OFR", "AFR", "RFR", "CUS", "THC", "DOC", "FSC", "INS")
# Of what is made here, in per cent: documents that nobody can map, and such as Xero refuses.
UNMAPPED_PER_CENT, REFUSED_PER_CENT, FOREIGN_PER_CENT = 3, 3, 20
WITH_NUMBER_OF_OTHERS = {InvoiceKind.BILL, InvoiceKind.BILL_CREDIT_NOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """So many documents of one kind, with or without PDFs; its `weight` is its share of all."""

    slug: str
    kind: InvoiceKind
    has_pdf: bool
    weight: int


# In per cent: 40 of what is sold, 40 of what is bought, 20 quotes; 48 with PDFs, 18 of them rendered here.
SHIPMENT_LOTS = {"harbour-hinterland": 18, "pennine-haulage": 18}
LOTS = (
    Lot(slug="harbour-hinterland", kind=InvoiceKind.SALES_CREDIT_NOTE, has_pdf=True, weight=2),
    Lot(slug="harbour-hinterland", kind=InvoiceKind.BILL, has_pdf=True, weight=12),
    Lot(slug="harbour-hinterland", kind=InvoiceKind.BILL_CREDIT_NOTE, has_pdf=False, weight=1),
    Lot(slug="harbour-hinterland", kind=InvoiceKind.QUOTE, has_pdf=False, weight=6),
    Lot(slug="pennine-haulage", kind=InvoiceKind.SALES_CREDIT_NOTE, has_pdf=False, weight=2),
    Lot(slug="pennine-haulage", kind=InvoiceKind.BILL, has_pdf=False, weight=12),
    Lot(slug="pennine-haulage", kind=InvoiceKind.BILL_CREDIT_NOTE, has_pdf=True, weight=1),
    Lot(slug="pennine-haulage", kind=InvoiceKind.QUOTE, has_pdf=True, weight=7),
    Lot(slug="global-aid-logistics", kind=InvoiceKind.BILL, has_pdf=False, weight=4),
    Lot(slug="global-aid-logistics", kind=InvoiceKind.BILL, has_pdf=True, weight=8),
    Lot(slug="global-aid-logistics", kind=InvoiceKind.BILL_CREDIT_NOTE, has_pdf=False, weight=2),
    Lot(slug="global-aid-logistics", kind=InvoiceKind.QUOTE, has_pdf=False, weight=7),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDocument:
    """`mark` is its reference, by which a repeated hand-over finds that it was done; `fault`: a planted charge code."""

    mark: str
    slug: str
    kind: InvoiceKind
    has_pdf: bool
    fault: str
    seed: str


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers in proportion, which add up."""
    bounds = [round(total * sum(weights[:count]) / sum(weights)) for count in range(len(weights) + 1)]
    return [bounds[count + 1] - bounds[count] for count in range(len(weights))]


def plan_documents(total: int, *, seed: int) -> tuple[dict[str, int], list[MadeDocument]]:
    """How many shipments of each company, and everything else in the order in which it is handed over."""
    counts = shares(total, [*SHIPMENT_LOTS.values(), *(lot.weight for lot in LOTS)])
    of_shipments = dict(zip(SHIPMENT_LOTS, counts, strict=False))
    rng = random.Random(f"documents {seed}")  # noqa: S311 repeatable on purpose, keeps no secret
    made = [lot for lot, count in zip(LOTS, counts[len(SHIPMENT_LOTS) :], strict=True) for _ in range(count)]
    rng.shuffle(made)
    numbered = enumerate(zip(made, _faults(len(made), rng), strict=True), start=1)
    return of_shipments, [_made(lot, fault, number=number, seed=seed) for number, (lot, fault) in numbered]


def _made(lot: Lot, fault: str, *, number: int, seed: int) -> MadeDocument:
    return MadeDocument(
        mark=f"FC{number:06}",
        slug=lot.slug,
        kind=lot.kind,
        has_pdf=lot.has_pdf,
        fault=fault,
        seed=f"{seed} {number}",
    )


def _faults(count: int, rng: random.Random) -> list[str]:
    """At least one of each."""
    planted = [UNMAPPED] * max(1, count * UNMAPPED_PER_CENT // 100) + [REFUSED] * max(
        1, count * REFUSED_PER_CENT // 100
    )
    faults = planted + [""] * max(0, count - len(planted))
    rng.shuffle(faults)
    return faults[:count]


def send_shipments(one: CampaignCompany, shipments: Sequence[int], *, form_token: uuid.UUID) -> None:
    """A person's click; the same token again changes nothing."""
    with tenant_scope(one.tenant):
        chosen = Shipment.objects.filter(pk__in=shipments)
        send_to_accounting(chosen, form_token=form_token, by=one.company.email("operator"), now=read_clock())


def hand_over_made(one: CampaignCompany, made: Sequence[MadeDocument], *, priority: Priority) -> None:
    """One transaction; what was handed over before stays as it is, as when a commit's answer was lost."""
    with tenant_scope(one.tenant):
        standing = set(Invoice.objects.filter(reference__in=[each.mark for each in made]).values_list("reference"))
        new = [each for each in made if (each.mark,) not in standing]
        now = read_clock()
        context = sending_context(one.tenant)
        codes = {each.code: each for each in ChargeCode.objects.select_related("sales_tax_code", "purchase_tax_code")}
        parties = {each.code: each for each in Customer.objects.all()}
        context.load_rules(parties)
        drafting = _Drafting(one, codes, parties, BillingEntity.objects.get(), today=context.today(now))
        sender = context.sender(by=one.company.email("operator"), priority=priority)
        for has_pdf in (False, True):
            invoices = [drafting.draft(each) for each in new if each.has_pdf == has_pdf]
            lifecycle.approve(invoices, now=now)
            for invoice in invoices if has_pdf else ():
                _store_pdf(invoice)
            rules = dataclasses.replace(sender.rules, attaches_pdf=has_pdf)
            hand_over(invoices, sender=dataclasses.replace(sender, rules=rules), now=now)


@dataclass(frozen=True, slots=True)
class _Drafting:
    one: CampaignCompany
    codes: dict[str, ChargeCode]
    parties: dict[str, Customer]
    entity: BillingEntity
    _: dataclasses.KW_ONLY
    today: date

    def draft(self, made: MadeDocument) -> Invoice:
        rng = random.Random(made.seed)  # noqa: S311 repeatable on purpose, keeps no secret
        is_purchase = made.kind in WITH_NUMBER_OF_OTHERS
        currency, rate = self._money(rng)
        lines = list(self._lines(rng, made, is_purchase=is_purchase))
        totals = sum_lines(line_amounts(**_arithmetic(line)) for line in lines)
        invoice = Invoice.objects.create(
            kind=made.kind,
            billing_entity=self.entity,
            customer=self.parties[f"SUPP{rng.randint(1, 4):02}" if is_purchase else f"CUST{rng.randint(1, 8):02}"],
            number=f"S-{made.mark}" if is_purchase else "",
            reference=made.mark,
            issue_date=self.today,
            due_date=self.today + timedelta(days=30),
            currency=currency,
            exchange_rate=rate,
            net_total=totals.net,
            tax_total=totals.tax,
            total=totals.total,
            created_at=read_clock(),
        )
        for line in lines:
            line.invoice = invoice
        InvoiceLine.objects.bulk_create(lines)
        return invoice

    def _money(self, rng: random.Random) -> tuple[str, Decimal]:
        if self.one.trade is None or rng.randrange(100) >= FOREIGN_PER_CENT:
            return self.one.company.base_currency, Decimal(1)
        return rng.choice([each for each in self.one.trade.rates if each[0] in {"EUR", "USD"}])

    def _lines(self, rng: random.Random, made: MadeDocument, *, is_purchase: bool) -> Iterator[InvoiceLine]:
        chosen = rng.sample(MONEY_CODES, rng.randint(1, 4)) + ([made.fault] if made.fault else [])
        for position, code in enumerate((self.codes[name] for name in chosen), start=1):
            tax = code.purchase_tax_code if is_purchase else code.sales_tax_code
            line = InvoiceLine(
                position=position,
                charge_code=code,
                description=f"{code.name}, {made.mark}",
                quantity=Decimal(rng.choice((1, 1, 2, 7))),
                unit_price=Decimal(rng.randint(500, 400_000)) / 100,
                tax_code=tax,
                tax_rate=tax.rate,
            )
            amounts = line_amounts(**_arithmetic(line))
            line.net_amount, line.tax_amount = amounts.net, amounts.tax
            yield line


def _arithmetic(line: InvoiceLine) -> dict[str, Decimal]:
    return {
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount_percent": Decimal(line.discount_percent),
        "tax_rate": line.tax_rate,
    }


def _store_pdf(invoice: Invoice) -> None:
    """Not rendered: what a supplier sent, or what stood from before."""
    content = f"%PDF-1.4 {invoice.kind} {invoice.reference} ".encode() * (20 + invoice.pk % 50)
    invoice.pdf = store_file(content, content_type="application/pdf", now=invoice.created_at)
    invoice.save(update_fields=["pdf"])
