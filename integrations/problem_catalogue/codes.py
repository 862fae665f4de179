"""Every problem that people meet, as data: who can mend it, where, and the words for it."""

from dataclasses import dataclass
from enum import StrEnum


class MendedBy(StrEnum):
    """Said plainly on the page: whose turn it is."""

    YOU = "Yours to mend"
    ADMIN = "An admin's to mend"
    US = "Ours or Xero's, we try again"


class MendPage(StrEnum):
    """The page that mends it, by the name of its URL; `integrations/web` turns it into an address."""

    CONNECTION = "xero_connection"
    CUSTOMERS = "mapping_customers"
    CUSTOMER = "customer_named"
    CHARGES = "mapping_charges"
    TAXES = "mapping_taxes"
    CURRENCIES = "mapping_currencies"
    LINES = "mapping_lines"
    TRACKING = "mapping_tracking"
    ITEMS = "mapping_items"
    RULES = "sending_rules"
    ORGANISATIONS = "routing"
    NUMBERS = "number_series"
    SHIPMENT = "shipment"
    DOCUMENT = "invoice"
    RECONCILIATION = "reconciliation"
    NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`sentence` and `alias` are filled with the problem's words; `alias` is the text ImpexDocs shows for it."""

    code: str
    title: str
    sentence: str
    mended_by: MendedBy
    page: MendPage
    mend: str
    alias: str = ""


def _entries(*entries: Entry) -> dict[str, Entry]:
    return {entry.code: entry for entry in entries}


YOU, ADMIN, US = MendedBy.YOU, MendedBy.ADMIN, MendedBy.US

CATALOGUE: dict[str, Entry] = _entries(
    Entry(
        code="FB-101", title="Not connected to Xero", mended_by=ADMIN, page=MendPage.CONNECTION, mend="Connect Xero",
        sentence="No organisation in Xero is connected, so nothing can be sent.",
    ),
    Entry(
        code="FB-102", title="The connection to Xero is lost", mended_by=ADMIN, page=MendPage.CONNECTION,
        mend="Reconnect", sentence="Xero does not accept our authorisation any more. What is queued waits and will go "
        "by itself once somebody reconnects.",
    ),
    Entry(
        code="FB-103", title="Xero does not answer", mended_by=US, page=MendPage.NONE, mend="",
        sentence="Xero did not answer ({reason}).",
    ),
    Entry(
        code="FB-201", title="Customer not found in Xero", mended_by=YOU, page=MendPage.CUSTOMERS,
        mend="Match customer",
        sentence="No contact in Xero has the account number {customer}, and the sending rules say that an unknown "
        "customer waits until somebody has matched it.",
        alias="Customer.Name({customer}) : not found in XERO(Customer.Name).",
    ),
    Entry(
        code="FB-202", title="Contact is archived", mended_by=YOU, page=MendPage.CUSTOMERS,
        mend="Match customer",
        sentence="The contact {contact} of customer {customer} is archived in Xero. Restore it there, or match the "
        "customer with another contact.",
    ),
    Entry(
        code="FB-203", title="Several contacts have this account number", mended_by=YOU, page=MendPage.CUSTOMERS,
        mend="Match customer",
        sentence="Several active contacts in Xero have the account number {customer}. Match the customer with the "
        "right one.",
    ),
    Entry(
        code="FB-204", title="Customer has no name", mended_by=YOU, page=MendPage.CUSTOMER, mend="Enter the name",
        sentence="Customer {customer} has no name, and Xero creates no contact without one.",
    ),
    Entry(
        code="FB-205", title="Name is taken in Xero", mended_by=YOU, page=MendPage.CUSTOMERS,
        mend="Match customer",
        sentence="Xero has a contact of this name already, without the account number {customer}. Match the customer "
        "with it if they are the same.",
    ),
    Entry(
        code="FB-206", title="Contact details are refused", mended_by=YOU, page=MendPage.CUSTOMER,
        mend="Change the details",
        sentence="Xero does not accept the e-mail or web address of customer {customer}.",
    ),
    Entry(
        code="FB-301", title="Charge code has no ledger account", mended_by=YOU, page=MendPage.CHARGES,
        mend="Choose account", sentence="Charge code {charge_code} has no ledger account for {side}.",
    ),
    Entry(
        code="FB-302", title="Ledger account is gone", mended_by=YOU, page=MendPage.CHARGES, mend="Choose account",
        sentence="The ledger account {account}, which charge code {charge_code} goes to, is archived in Xero or does "
        "not exist there.",
    ),
    Entry(
        code="FB-303", title="Ledger account cannot take it", mended_by=YOU, page=MendPage.CHARGES,
        mend="Choose account", sentence="Xero does not allow the account {account} for {side}: it is a system or "
        "bank account, or of another class.",
    ),
    Entry(
        code="FB-304", title="Tax code has no tax rate", mended_by=YOU, page=MendPage.TAXES, mend="Choose tax rate",
        sentence="Tax code {tax_code} has no tax rate in Xero for {side}.",
    ),
    Entry(
        code="FB-305", title="Tax rate is gone", mended_by=YOU, page=MendPage.TAXES, mend="Choose tax rate",
        sentence="The tax rate {tax_type}, which tax code {tax_code} goes to, is deleted in Xero.",
    ),
    Entry(
        code="FB-306", title="Tax rate and account do not go together", mended_by=YOU, page=MendPage.TAXES,
        mend="Choose tax rate", sentence="Xero does not allow the tax rate {tax_name} on the account {account}.",
    ),
    Entry(
        code="FB-307", title="Tax rates differ", mended_by=YOU, page=MendPage.TAXES, mend="Choose tax rate",
        sentence="Tax code {tax_code} is {ours} here, but {tax_type} is {theirs} in Xero.",
    ),
    Entry(
        code="FB-308", title="Item not found in Xero", mended_by=YOU, page=MendPage.ITEMS, mend="See items",
        sentence="Charge code {charge_code} goes to the item {item}, which is not in Xero.",
        alias="ProductLines.ProductCode({charge_code}) : not found in XERO(Lines.Item.Number).",
    ),
    Entry(
        code="FB-309", title="Tax rate of a mapping line cannot be used", mended_by=YOU, page=MendPage.LINES,
        mend="Change the line", sentence="The mapping line for {line} has the tax rate {tax_name}, which is deleted in "
        "Xero or not allowed on the account {account}.",
    ),
    Entry(
        code="FB-310", title="Tracking option not found in Xero", mended_by=YOU, page=MendPage.TRACKING,
        mend="Choose option", sentence="A tracking rule names {category}: {option}, which Xero does not have, or has "
        "archived.",
    ),
    Entry(
        code="FB-311", title="Item exists already", mended_by=YOU, page=MendPage.ITEMS, mend="See items",
        sentence="Xero has the item {item} already; we had not read it yet.",
    ),
    Entry(
        code="FB-401", title="Something is missing", mended_by=YOU, page=MendPage.SHIPMENT, mend="Open shipment",
        sentence="{text}",
    ),
    Entry(
        code="FB-402", title="Currency is not subscribed", mended_by=ADMIN, page=MendPage.CURRENCIES,
        mend="See the currency", sentence="The organisation in Xero does not use {currency}. Add the currency there, "
        "then refresh.",
    ),
    Entry(
        code="FB-403", title="Date is locked", mended_by=ADMIN, page=MendPage.CONNECTION, mend="Refresh from Xero",
        sentence="The document is dated {date}, and the books in Xero are locked up to {lock_date}.",
    ),
    Entry(
        code="FB-405", title="Total is negative", mended_by=YOU, page=MendPage.SHIPMENT, mend="Open shipment",
        sentence="The total is {total}; Xero takes no negative invoice. Raise a credit note instead.",
    ),
    Entry(
        code="FB-407", title="Number cannot be used", mended_by=YOU, page=MendPage.SHIPMENT, mend="Open shipment",
        sentence="Xero does not take the number {number}: plain letters and digits only, 255 at most.",
    ),
    Entry(
        code="FB-409", title="Base currencies differ", mended_by=ADMIN, page=MendPage.ORGANISATIONS,
        mend="Choose who bills", sentence="The billing entity counts in {ours}, the organisation in Xero in {theirs}.",
    ),
    Entry(
        code="FB-410", title="Number series meets Xero's numbers", mended_by=ADMIN, page=MendPage.NUMBERS,
        mend="Open number series", sentence="Xero holds {number} already, and our series {prefix} would give it again. "
        "Let it begin at {begin}.",
    ),
    Entry(
        code="FB-501", title="Xero refused it", mended_by=YOU, page=MendPage.DOCUMENT, mend="Open the document",
        sentence="Xero refused the document; its own words are below.",
    ),
    Entry(
        code="FB-502", title="Number is taken in Xero", mended_by=YOU, page=MendPage.DOCUMENT, mend="Open the document",
        sentence="Another document in Xero has the number {number} already.",
    ),
    Entry(
        code="FB-503", title="Status is not accepted", mended_by=ADMIN, page=MendPage.RULES, mend="Choose the status",
        sentence="Xero does not create a document in the status that the sending rules ask for.",
    ),
    Entry(
        code="FB-504", title="Xero's figures differ", mended_by=YOU, page=MendPage.DOCUMENT, mend="Open the document",
        sentence="Xero holds other figures than ours ({differences}). The document {standing}.",
    ),
    Entry(
        code="FB-505", title="Xero's plan is used up", mended_by=ADMIN, page=MendPage.RULES,
        mend="Send drafts", sentence="The plan of the organisation in Xero allows no further invoices to be "
        "approved this month.",
    ),
    Entry(
        code="FB-506", title="Document is closed in Xero", mended_by=YOU, page=MendPage.DOCUMENT,
        mend="Open the document",
        sentence="The document was paid, voided or deleted in Xero, and cannot be changed there any more.",
    ),
    Entry(
        code="FB-507", title="Deleted in Xero", mended_by=YOU, page=MendPage.DOCUMENT, mend="Open the document",
        sentence="While we were sending it, somebody in Xero changed the document to {status}. It is not sent again "
        "unless you ask for it.",
    ),
    Entry(
        code="FB-508", title="Money was set against it", mended_by=YOU, page=MendPage.DOCUMENT,
        mend="Open the document",
        sentence="Payments or credits stand on the document in Xero. Remove them there first; then try again.",
    ),
    Entry(
        code="FB-509", title="Possible duplicate in Xero", mended_by=YOU, page=MendPage.DOCUMENT,
        mend="Open the document",
        sentence="{count} approved documents in Xero bear the mark of this one. Void what is too much there, then try "
        "again.",
    ),
    Entry(
        code="FB-510", title="A second one stands in Xero", mended_by=YOU, page=MendPage.RECONCILIATION,
        mend="Settle it", sentence="A second document in Xero bears the mark of this one, and it is {status}, so "
        "it was not deleted. Decide in Xero which of the two counts.",
    ),
    Entry(
        code="FB-511", title="Exported by file", mended_by=YOU, page=MendPage.DOCUMENT, mend="Open the document",
        sentence="Exported by file on {date} as {file}, so it is not sent as well. Send it anyway if that file was not "
        "imported into Xero.",
    ),
    Entry(
        code="FB-512", title="Document not found in Xero", mended_by=YOU, page=MendPage.DOCUMENT,
        mend="Open the document", sentence="Xero has no document with the id that we keep for {number}.",
    ),
    Entry(
        code="FB-513", title="More than is owed", mended_by=YOU, page=MendPage.DOCUMENT, mend="Open the document",
        sentence="Xero sets no more against a document than what is still owed on it.",
    ),
    Entry(
        code="FB-601", title="The PDF could not be made", mended_by=US, page=MendPage.DOCUMENT,
        mend="Open the document", sentence="The PDF could not be made: {reason}",
    ),
    Entry(
        code="FB-602", title="We could not finish it", mended_by=US, page=MendPage.NONE, mend="",
        sentence="We tried several times and could not finish ({reason}). Support knows how to go on.",
    ),
    Entry(
        code="FB-603", title="Our link is refused", mended_by=US, page=MendPage.NONE, mend="",
        sentence="Xero does not accept the link to FreightBridge that stands on the document. Support knows how to go "
        "on.",
    ),
)  # fmt: skip
