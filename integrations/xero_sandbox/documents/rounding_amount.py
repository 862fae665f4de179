"""The few cents by which a total may differ from its lines: nudged by a person, or by RoundingAmount where opted in.

Source: the official OpenAPI description of Invoice.RoundingAmount (its other rules); people's nudges are described
in certification guides. What happens to a nudge when the lines' total changes is unconfirmed: it is dropped.
"""

from decimal import Decimal
from typing import Any

from integrations.xero_sandbox.books.document_records import ZERO
from integrations.xero_sandbox.rules.findings import Findings
from integrations.xero_sandbox.rules.line_arithmetic import Totals
from integrations.xero_sandbox.wire.sent_fields import Sent

FARTHEST = Decimal("0.10")
COMPANIONS = ("SubTotal", "TotalTax", "Total")


def read_rounding_amount(
    sent: Sent, held: Any, totals: Totals, *, is_person: bool, is_opted_in: bool, is_draft: bool, findings: Findings
) -> Decimal:
    """A draft's value out of range is ignored; an approved invoice's is refused, and counts only beside all totals."""
    kept = _kept(held, totals)
    given = sent.decimal("RoundingAmount")
    if given is None or not (is_person or is_opted_in):
        return kept
    if not (is_person or is_draft or all(sent.has(name) for name in COMPANIONS)):
        return kept
    if abs(given) <= FARTHEST and given == given.quantize(ZERO):
        return given.quantize(ZERO)
    if is_person or not is_draft:
        findings.refuse("RoundingAmount must be between -0.10 and 0.10.")
    return kept


def _kept(held: Any, totals: Totals) -> Decimal:
    if held is None or held.total - held.rounding_amount != totals.total:
        return ZERO
    amount: Decimal = held.rounding_amount
    return amount
