"""What we may do at Xero, in words: developer.xero.com/documentation/guides/oauth2/scopes."""

WORDS = {
    "accounting.invoices": "Create and read invoices, bills, credit notes and quotes",
    "accounting.contacts": "Create and read contacts",
    "accounting.settings.read": "Read accounts, tax rates, tracking, currencies and branding themes",
    "accounting.attachments": "Attach PDFs",
    "offline_access": "Do so while nobody is signed in",
    "openid": "",
    "profile": "",
    "email": "",
}


def scope_words(scopes: list[str]) -> list[str]:
    """A scope without words is shown by its name; who consented is told elsewhere on the page."""
    known = [words for scope, words in WORDS.items() if words and scope in scopes]
    return [*known, *(scope for scope in scopes if scope not in WORDS)]
