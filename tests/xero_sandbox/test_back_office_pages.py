from typing import Any
from urllib.parse import quote

import pytest

from tests.xero_sandbox.company_client import Company, line
from tests.xero_sandbox.document_calls import read
from tests.xero_sandbox.sandbox_process import SandboxProcess

HOME = "/app/!hHf4A"
CLASSIC = "/organisationlogin/default.aspx"
SUPPLIER_NOTE = "/AccountsPayable/ViewCreditNote.aspx?creditNoteID="
CUSTOMER_NOTE = "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID="


def press(sandbox: SandboxProcess, **fields: str) -> str:
    """Sends a button's form and follows where it leads; the page that is shown then."""
    reply = sandbox.http("POST", f"{HOME}/act", form={"next": HOME} | fields)
    assert reply.status == 302
    return sandbox.http("GET", reply.headers["Location"]).text


def test_home_lists_the_organisations_with_their_counts(sandbox: SandboxProcess, au: Company) -> None:
    au.invoice()

    page = sandbox.http("GET", "/").text

    assert page.count('href="/app/!') == 4
    assert "AUD · 1 document<" in page
    assert "This is not Xero" in page


@pytest.mark.parametrize(
    ("tab", "found"),
    [("all", 4), ("ACCREC", 2), ("ACCPAY", 1), ("QUOTE", 1), ("credit", 0), ("open", 1), ("paid", 0)],
)
def test_documents_are_listed_by_kind(sandbox: SandboxProcess, au: Company, tab: str, found: int) -> None:
    au.invoice()
    au.invoice(Status="AUTHORISED")
    au.invoice(Type="ACCPAY", Contact={"Name": "Pacific Container Line"}, LineItems=[line(AccountCode="301")])
    au.put("Quotes", {"Contact": {"Name": "Coral Coast Imports"}, "Date": "2026-11-20", "LineItems": [line()]})

    page = sandbox.http("GET", HOME, query={"show": tab}).text

    assert page.split("<tbody>")[1].count("<tr>") == max(found, 1)
    assert f"{found} document" in page


def test_documents_are_searched_and_paged(sandbox: SandboxProcess, au: Company) -> None:
    for number in range(51):
        au.invoice(InvoiceNumber=f"S-{number:02d}")

    assert "1 document ·" in sandbox.http("GET", HOME, query={"q": "s-07"}).text
    assert "page 1 of 2" in sandbox.http("GET", HOME).text
    assert sandbox.http("GET", HOME, query={"page": 2}).text.count("/invoicing/view/") == 1


@pytest.mark.parametrize(
    ("link", "place"),
    [
        ("/app/{code}/invoicing/view/{id}", "invoicing"),
        (f"{CLASSIC}?shortcode={{code}}&redirecturl=/AccountsReceivable/View.aspx?InvoiceID={{id}}", "invoicing"),
        (f"{CLASSIC}?shortcode={{code}}&redirecturl=/AccountsPayable/Edit.aspx?InvoiceID={{id}}", "bills"),
        (f"{CLASSIC}?shortcode={{encoded}}&redirecturl=%2FAccountsPayable%2FEdit.aspx%3FInvoiceID%3D{{id}}", "bills"),
        (f"{CLASSIC}?shortcode={{code}}&redirecturl={SUPPLIER_NOTE}{{id}}", "creditnotes"),
        (f"{CLASSIC}?shortcode={{code}}&redirecturl={CUSTOMER_NOTE}{{id}}", "creditnotes"),
    ],
)  # fmt: skip
def test_every_deep_link_lands_on_its_document(sandbox: SandboxProcess, au: Company, link: str, place: str) -> None:
    invoice = au.invoice(InvoiceNumber="DEEP")
    address = link.format(code="!hHf4A", encoded=quote("!hHf4A", safe=""), id=invoice["InvoiceID"])

    reply = sandbox.http("GET", address)
    if reply.status == 302:
        address = reply.headers["Location"]
        reply = sandbox.http("GET", address)

    assert (reply.status, f"/{place}/view/" in address) == (200, True)
    assert 'id="number">DEEP<' in reply.text


def test_links_to_quotes_and_contacts_land(sandbox: SandboxProcess, au: Company) -> None:
    made = au.put("Quotes", {"Contact": {"Name": "Coral Coast Imports"}, "Date": "2026-11-20", "LineItems": [line()]})
    quote_id, contact_id = made.json["Quotes"][0]["QuoteID"], au.contact_id("CORAL02")
    classic = f"/organisationlogin/default.aspx?shortcode=!hHf4A&redirecturl=/Contacts/View/{contact_id}"

    assert "Quote QU-0001" in sandbox.http("GET", f"{HOME}/quotes/view/{quote_id}").text
    assert "Coral Coast Imports" in sandbox.http("GET", f"{HOME}/contacts/contact/{contact_id}").text
    assert sandbox.http("GET", classic).headers["Location"] == f"{HOME}/contacts/contact/{contact_id}"


@pytest.mark.parametrize(
    "address",
    [
        "/app/!nobody",
        f"{HOME}/invoicing/view/11111111-2222-3333-4444-555555555555",
        f"{HOME}/contacts/contact/11111111-2222-3333-4444-555555555555",
        f"{HOME}/files/11111111-2222-3333-4444-555555555555",
        "/organisationlogin/default.aspx?shortcode=!hHf4A&redirecturl=/Payroll/",
        "/organisationlogin/default.aspx",
    ],
)
def test_what_is_not_there_is_told_on_a_page(sandbox: SandboxProcess, address: str) -> None:
    reply = sandbox.http("GET", address)

    assert (reply.status, "Not here" in reply.text) == (404, True)


def test_other_addresses_are_xeros_own_404(sandbox: SandboxProcess) -> None:
    assert "cannot be found" in sandbox.http("GET", "/nowhere/at/all").text


def test_buttons_approve_pay_and_void(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(InvoiceNumber="B-1")

    approved = press(sandbox, act="approve", document=invoice["InvoiceID"])
    press(sandbox, act="pay", document=invoice["InvoiceID"], amount="10.00", date="2026-11-20", account="090")
    refused = press(sandbox, act="void", document=invoice["InvoiceID"])

    assert "Done: approve." in approved
    assert "The status VOIDED cannot be applied to the invoice because it has payments" in refused
    assert (read(au, invoice)["Status"], read(au, invoice)["AmountPaid"]) == ("AUTHORISED", 10.0)


def test_button_with_an_amount_that_is_no_number_says_so(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Status="AUTHORISED")

    page = press(sandbox, act="pay", document=invoice["InvoiceID"], amount="ten")

    assert "The value &#39;ten&#39; of amount is not a valid decimal." in page


def test_settings_buttons_work(sandbox: SandboxProcess, au: Company) -> None:
    press(sandbox, act="set_lock_date", lock="period", date="2026-10-31")
    press(sandbox, act="drop_currency", currency="SGD")
    press(sandbox, act="archive_account", account="260")

    organisation = au.get("Organisation").json["Organisations"][0]
    page = sandbox.http("GET", f"{HOME}/settings").text
    assert organisation["PeriodLockDate"] == "/Date(1793404800000)/"
    assert 'value="2026-10-31"' in page
    assert ('id="drop-SGD"' in page, 'id="restore-260"' in page) == (False, True)


def test_pdf_opens_in_the_page_as_it_was_sent(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice()
    path = f"Invoices/{invoice['InvoiceID']}/Attachments/a.pdf"
    au.call("PUT", path, body=b"%PDF-1.4 x", headers={"Content-Type": "application/pdf"})

    page = sandbox.http("GET", f"{HOME}/invoicing/view/{invoice['InvoiceID']}").text
    address = page.split('id="file-1"')[0].rsplit('href="', 1)[1].split('"')[0]
    reply = sandbox.http("GET", address)

    assert (reply.body, reply.headers["Content-Type"]) == (b"%PDF-1.4 x", "application/pdf")


def test_texts_are_escaped(sandbox: SandboxProcess, au: Company) -> None:
    invoice = au.invoice(Reference="<script>alert(1)</script>", LineItems=[line(Description="<b>bold</b>")])

    page = sandbox.http("GET", f"{HOME}/invoicing/view/{invoice['InvoiceID']}").text

    assert ("<script>alert" in page, "<b>bold" in page) == (False, False)


@pytest.mark.parametrize("kind", ["invoice", "bill", "quote", "note"])
def test_every_kind_is_shown_as_itself(sandbox: SandboxProcess, au: Company, kind: str) -> None:
    contact: dict[str, Any] = {"Contact": {"Name": "Nullarbor Road Transport"}, "Date": "2026-11-20"}
    sent = contact | {"LineItems": [line(AccountCode="301", TaxType="INPUT")]}
    if kind == "invoice":
        document_id, place, title = au.invoice()["InvoiceID"], "invoicing", "Invoice"
    elif kind == "bill":
        made = au.put("Invoices", sent | {"Type": "ACCPAY", "InvoiceNumber": "4711"}).json["Invoices"][0]
        document_id, place, title = made["InvoiceID"], "bills", "Bill 4711"
    elif kind == "quote":
        made = au.put("Quotes", contact | {"LineItems": [line()], "Title": "Air freight"}).json["Quotes"][0]
        document_id, place, title = made["QuoteID"], "quotes", "Air freight"
    else:
        made = au.put("CreditNotes", sent | {"Type": "ACCPAYCREDIT"}).json["CreditNotes"][0]
        document_id, place, title = made["CreditNoteID"], "creditnotes", "Supplier credit note"

    page = sandbox.http("GET", f"{HOME}/{place}/view/{document_id}").text
    drawn = sandbox.http("GET", f"{HOME}/{place}/pdf/{document_id}")

    assert title in page
    assert drawn.headers["Content-Type"] == "application/pdf"
