"""What lines need to know of the document around them."""

from dataclasses import dataclass

from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.rules.findings import Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class LineContext:
    """`takes_account_tax`: invoices fall back on the account's tax type, quotes do not."""

    books: CompanyBooks
    findings: Findings
    rounding: str
    unit_places: int
    line_amount_types: str
    is_sale: bool
    is_draft: bool
    allows_discount: bool
    takes_account_tax: bool = True
