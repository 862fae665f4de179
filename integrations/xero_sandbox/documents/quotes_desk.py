"""Creates and updates quotes, with the traps of their POST.

Source: developer.xero.com/documentation/api/accounting/quotes; that a POST renumbers a quote without a QuoteNumber,
blanks Terms and prices without LineAmountTypes as EXCLUSIVE was seen on live organisations. Quotes know no unitdp.
"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from integrations.xero_sandbox.books.document_records import Line, Quote
from integrations.xero_sandbox.documents.desk_context import DeskContext
from integrations.xero_sandbox.documents.document_header import check_period, read_branding_theme, read_currency
from integrations.xero_sandbox.documents.line_context import LineContext
from integrations.xero_sandbox.documents.line_reading import read_lines, retaxed_lines
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.line_arithmetic import sum_up
from integrations.xero_sandbox.rules.status_machines import refusal_of_quote_step
from integrations.xero_sandbox.wire.sent_fields import Sent
from integrations.xero_sandbox.wire.wire_dates import whole_millisecond

LENGTHS = {"Reference": 4000, "Terms": 4000, "Title": 100, "Summary": 3000, "QuoteNumber": 255}
LINE_AMOUNT_TYPES = {"exclusive": "Exclusive", "inclusive": "Inclusive", "notax": "NoTax"}
KEPT_TEXTS = {"Reference": "reference", "Title": "title", "Summary": "summary"}


class QuotesDesk:
    """Writes quotes within one request. Every method saves, or refuses in `findings`."""

    def __init__(self, context: DeskContext) -> None:
        self._context = context
        self._books = context.books
        self._moment = whole_millisecond(context.now)

    def create(self, sent: Sent, findings: Findings) -> Quote | None:
        if not sent.objects("LineItems"):
            findings.refuse("One or more line items must be specified")
        values = self._values(None, sent, findings)
        if findings.errors:
            return None
        quote = Quote(
            organisation_id=self._books.organisation_id,
            document_id=str(uuid4()),
            created_at=self._moment,
            created_by=self._context.client_id,
            **values,
        )
        return self._saved(quote, "Created")

    def update(self, held: Quote, sent: Sent, findings: Findings) -> Quote | None:
        values = self._values(held, sent, findings)
        if findings.errors:
            return None
        quote = replace(held, **values)
        return self._saved(quote, "Edited" if quote.status == held.status else quote.status.title())

    def _values(self, held: Quote | None, sent: Sent, findings: Findings) -> dict[str, Any]:
        status = (sent.text("Status") or (held.status if held else "DRAFT")).upper()
        findings.refuse(refusal_of_quote_step(status=held.status if held else None, wanted=status))
        document_date = sent.date("Date")
        if document_date is None:
            findings.refuse("A Date must be specified for this type of transaction")
            document_date = self._context.today
        check_period(document_date, context=self._context, findings=findings)
        contact = self._context.contacts.for_document(sent.object("Contact"), findings)
        currency_code, currency_rate = read_currency(
            sent, held, document_date=document_date, context=self._context, findings=findings
        )
        line_amount_types = self._line_amount_types(sent, findings)
        lines = self._lines(held, sent, line_amount_types, findings)
        return {
            "contact_id": contact.contact_id if contact else "",
            "number": self._number(held, sent, findings),
            "document_date": document_date,
            "expiry_date": sent.date("ExpiryDate") or (held.expiry_date if held else None),
            "status": status,
            "line_amount_types": line_amount_types,
            "lines": lines,
            "currency_code": currency_code,
            "currency_rate": currency_rate,
            "branding_theme_id": read_branding_theme(
                sent,
                held.branding_theme_id if held else None,
                is_sale=True,
                context=self._context,
                findings=findings,
            ),
            "updated_at": self._moment,
            **self._texts(held, sent, findings),
            **self._totals(lines, line_amount_types),
        }

    def _number(self, held: Quote | None, sent: Sent, findings: Findings) -> str:
        """A POST without a QuoteNumber gives the quote the next number of the series."""
        number = sent.text("QuoteNumber")
        if not number:
            return self._next_number()
        own_id = held.document_id if held else ""
        if any(other.document_id != own_id for other in self._books.numbered(Quote, number)):
            findings.refuse("Quote number must be unique")
        return number

    def _next_number(self) -> str:
        count = len(self._books.store.table(Quote).ids("all", self._books.organisation_id)) + 1
        while self._books.numbered(Quote, f"QU-{count:04d}"):
            count += 1
        return f"QU-{count:04d}"

    def _texts(self, held: Quote | None, sent: Sent, findings: Findings) -> dict[str, str]:
        texts = {"terms": sent.text("Terms") or ""}
        for name, field in KEPT_TEXTS.items():
            value = sent.text(name)
            texts[field] = (getattr(held, field) if held else "") if value is None else value
        for name, limit in LENGTHS.items():
            if len(sent.text(name) or "") > limit:
                findings.refuse(f"{name} must not exceed {limit} characters.")
        return texts

    def _line_amount_types(self, sent: Sent, findings: Findings) -> str:
        """Omitted means EXCLUSIVE, even for a quote that had something else."""
        given = sent.text("LineAmountTypes") or "exclusive"
        known = LINE_AMOUNT_TYPES.get(given.lower())
        if known is None:
            findings.refuse(f"LineAmountTypes '{given}' is not valid.")
        return known or "Exclusive"

    def _lines(self, held: Quote | None, sent: Sent, line_amount_types: str, findings: Findings) -> tuple[Line, ...]:
        """Omitted lines are kept, with new ids (seen live: each POST without lines renewed them)."""
        context = LineContext(
            books=self._books,
            findings=findings,
            rounding=self._context.rounding,
            unit_places=2,
            line_amount_types=line_amount_types,
            is_sale=True,
            is_draft=False,
            allows_discount=True,
            takes_account_tax=False,
        )
        sent_lines = sent.objects("LineItems")
        held_lines = held.lines if held else ()
        if sent_lines is None:
            renewed = tuple(replace(line, line_item_id=str(uuid4())) for line in held_lines)
            return retaxed_lines(renewed, context)
        return read_lines(sent_lines, held_lines, context)

    def _totals(self, lines: tuple[Line, ...], line_amount_types: str) -> dict[str, Any]:
        totals = sum_up(lines, line_amount_types=line_amount_types, rounding=self._context.rounding)
        return {
            "sub_total": totals.sub_total,
            "total_tax": totals.total_tax,
            "total": totals.total,
            "total_discount": totals.total_discount,
        }

    def _saved(self, quote: Quote, changes: str) -> Quote:
        self._books.store.save(quote)
        self._books.note(
            quote.document_id,
            changes=changes,
            details=f"{quote.number} for {quote.total:.2f} {quote.currency_code}",
            user=self._context.user,
            now=self._moment,
        )
        return quote
