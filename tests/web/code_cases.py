"""What each code of the catalogue is told of, and the field that its button must lead to. A new code needs a line."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCase:
    """
    `words` as whoever raises it gives them. `role`: who can mend it. `fault`: what must stand inside the place that
    the button leads to; empty where nobody but us can mend it.
    """

    subject: str = ""
    words: dict[str, str] = field(default_factory=dict)
    role: str = "operator"
    fault: str = ""


FREIGHT = {"charge_code": "FRT", "side": "sales"}
GST = {"tax_code": "GST", "side": "sales", "tax_type": "OUTPUT", "tax_name": "GST on Income", "account": "200"}
CONTACT, ACCOUNT = 'aria-label="Contact of ', 'aria-label="Account of FRT for sales"'
RATE, AGAIN = 'aria-label="Rate of GST for sales"', "Send again"

# Found before anything is sent: the shipment is not ready. `{customer}` is its customer's code.
OF_SHIPMENTS: dict[str, CodeCase] = {
    "FB-201": CodeCase(subject="{customer}", words={"customer": "{customer}", "name": "Alok"}, fault=CONTACT),
    "FB-202": CodeCase(subject="{customer}", words={"customer": "{customer}", "contact": "Alok"}, fault=CONTACT),
    "FB-204": CodeCase(subject="{customer}", words={"customer": "{customer}"}, fault='name="name"'),
    "FB-301": CodeCase(subject="FRT", words=FREIGHT, fault=ACCOUNT),
    "FB-302": CodeCase(subject="FRT", words={**FREIGHT, "account": "200"}, fault=ACCOUNT),
    "FB-303": CodeCase(subject="FRT", words={**FREIGHT, "account": "200"}, fault=ACCOUNT),
    "FB-304": CodeCase(subject="GST", words=GST, fault=RATE),
    "FB-305": CodeCase(subject="GST", words=GST, fault=RATE),
    "FB-306": CodeCase(subject="OUTPUT 200", words=GST, fault=RATE),
    "FB-307": CodeCase(subject="GST", words={**GST, "ours": "10 %", "theirs": "15 %"}, fault=RATE),
    "FB-308": CodeCase(subject="FRT", words={"charge_code": "FRT", "item": "FRT"}, fault="Missing"),
    "FB-309": CodeCase(
        subject="FRT", words={"line": "FRT for sales", "tax_name": "Old rate", "account": "200"},
        fault='name="tax_type"'
    ),
    "FB-310": CodeCase(
        subject="Branch: Sydney", words={"category": "Branch", "option": "Sydney"}, fault='name="pair"'
    ),
    "FB-401": CodeCase(
        subject="incoterm", words={"text": "No Incoterm: a booking needs one."}, fault='name="incoterm"'
    ),
    "FB-402": CodeCase(subject="USD", words={"currency": "USD"}, role="admin", fault="Add USD in Xero under"),
    "FB-403": CodeCase(
        subject="INV-1", words={"date": "2026-02-01", "lock_date": "2026-02-28"}, role="admin",
        fault="Refresh from Xero",
    ),
    "FB-405": CodeCase(subject="INV-1", words={"total": "-10.00"}, fault="charges-0-unit_price"),
    "FB-407": CodeCase(subject="Č-1", words={"number": "Č-1"}, fault="His invoice no."),
    "FB-409": CodeCase(
        subject="AUD", words={"ours": "AUD", "theirs": "NZD"}, role="admin",
        fault='aria-label="Billing entity of Harbour &amp; Hinterland"',
    ),
    "FB-410": CodeCase(
        subject="INV-", words={"number": "INV-000007", "prefix": "INV-", "begin": "INV-000008"}, role="admin",
        fault="<strong>INV-",
    ),
}  # fmt: skip

# What stopped a document on its way, or in Xero.
OF_DOCUMENTS: dict[str, CodeCase] = {
    "FB-203": CodeCase(subject="{customer}", words={"customer": "{customer}"}, fault=CONTACT),
    "FB-205": CodeCase(
        subject="{customer}", words={"customer": "{customer}", "xero": "The contact name X is already assigned"},
        fault=CONTACT,
    ),
    "FB-206": CodeCase(
        subject="{customer}", words={"customer": "{customer}", "xero": "Email address must be valid."},
        fault='name="email"',
    ),
    "FB-311": CodeCase(
        subject="FRT", words={"charge_code": "FRT", "item": "FRT", "xero": "The item already exists"},
        fault="FRT",
    ),
    "FB-501": CodeCase(words={"xero": "The moon is in the wrong quarter."}, fault=AGAIN),
    "FB-502": CodeCase(words={"number": "INV-1", "xero": "Invoice # must be unique."}, fault=AGAIN),
    "FB-503": CodeCase(
        words={"xero": "Invoice not of valid status for creation"}, role="admin", fault='name="target_status"'
    ),
    "FB-504": CodeCase(
        words={"differences": "total: 10.00 here, 11.00 in Xero", "standing": "is a draft there"}, fault=AGAIN
    ),
    "FB-505": CodeCase(
        words={"xero": "You have reached the limit of invoices you can approve"}, role="admin",
        fault='name="target_status"',
    ),
    "FB-506": CodeCase(fault=AGAIN),
    "FB-507": CodeCase(words={"status": "deleted"}, fault=AGAIN),
    "FB-508": CodeCase(fault=AGAIN),
    "FB-509": CodeCase(words={"count": "2"}, fault=AGAIN),
    "FB-510": CodeCase(words={"status": "authorised"}, fault="No breaks are open"),
    "FB-511": CodeCase(words={"date": "2 Mar 2026", "file": "sales-1.csv"}, fault="Send anyway"),
    "FB-512": CodeCase(words={"number": "CN-1", "xero": "An existing Credit Note could not be found"}, fault=AGAIN),
    "FB-513": CodeCase(words={"xero": "Payment amount exceeds the amount outstanding on this document"}, fault=AGAIN),
    "FB-601": CodeCase(words={"reason": "no fonts"}, fault="Open"),
    "FB-602": CodeCase(words={"reason": "Xero never gave a clear answer"}),
    "FB-603": CodeCase(words={"xero": "Url must be a valid absolute url"}),
}  # fmt: skip

# Of the connection, whatever is sent: tests of their own, by these names.
OF_CONNECTIONS = {
    "FB-101": "test_nothing_connected_leads_to_connecting",
    "FB-102": "test_lost_connection_leads_to_reconnecting",
    "FB-103": "test_xero_that_does_not_answer_is_told_on_the_connection",
}
