"""Xero's web addresses, old and new, led to the sandbox's own pages.

Source: XeroAPI/xero-mcp-server (src/consts/deeplinks.ts) and
developer.xero.com/documentation/guides/how-to-guides/deep-link-xero.
"""

from urllib.parse import parse_qsl, quote

from integrations.xero_sandbox.wire.http_messages import Answer, Request, redirect

CLASSIC_PATH = "/organisationlogin/default.aspx"
CLASSIC_PAGES = {
    "/accountsreceivable/view.aspx": ("invoicing/view", "invoiceid"),
    "/accountsreceivable/edit.aspx": ("invoicing/view", "invoiceid"),
    "/accountspayable/edit.aspx": ("bills/view", "invoiceid"),
    "/accountspayable/view.aspx": ("bills/view", "invoiceid"),
    "/accountsreceivable/viewcreditnote.aspx": ("creditnotes/view", "creditnoteid"),
    "/accountspayable/viewcreditnote.aspx": ("creditnotes/view", "creditnoteid"),
}


def follow_classic_link(request: Request) -> Answer | None:
    """`?shortcode=…&redirecturl=/AccountsPayable/Edit.aspx?InvoiceID=…`, encoded or not."""
    short_code = request.query.get("shortcode", "")
    path, _, query = request.query.get("redirecturl", "").partition("?")
    path = path.lower()
    values = {name.lower(): value for name, value in parse_qsl(query)}
    place, id_name = CLASSIC_PAGES.get(path, ("", ""))
    if not place and path.startswith("/contacts/view/"):
        place, record = "contacts/contact", path.rsplit("/", 1)[1]
    else:
        record = values.get(id_name, "")
    if not short_code or not place or not record:
        return None
    return redirect(f"/app/{quote(short_code, safe='!')}/{place}/{quote(record)}")
