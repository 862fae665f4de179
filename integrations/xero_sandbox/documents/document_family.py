"""What tells invoices from credit notes, where both follow the same rules."""

from dataclasses import dataclass

from integrations.xero_sandbox.books.document_records import CreditNote, Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFamily:
    """`types` maps Xero's Type to whether it is a sale."""

    record: type
    word: str
    collection: str
    id_name: str
    number_name: str
    types: dict[str, bool]
    number_prefix: str
    number_taken: str
    allows_discount: bool


INVOICES = DocumentFamily(
    record=Invoice,
    word="Invoice",
    collection="Invoices",
    id_name="InvoiceID",
    number_name="InvoiceNumber",
    types={"ACCREC": True, "ACCPAY": False},
    number_prefix="INV-",
    number_taken="Invoice # must be unique.",
    allows_discount=True,
)
CREDIT_NOTES = DocumentFamily(
    record=CreditNote,
    word="Credit Note",
    collection="CreditNotes",
    id_name="CreditNoteID",
    number_name="CreditNoteNumber",
    types={"ACCRECCREDIT": True, "ACCPAYCREDIT": False},
    number_prefix="CN-",
    number_taken="Credit note # must be unique.",
    allows_discount=False,
)
