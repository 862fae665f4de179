"""Which scope opens which part of the accounting API.

Source: developer.xero.com/documentation/guides/oauth2/scopes. Apps made since March 2026 get the granular names;
the broad ones (accounting.transactions, accounting.reports.read) still open doors on older grants.
"""

INVOICES = ("accounting.invoices", "accounting.transactions")
PAYMENTS = ("accounting.payments", "accounting.transactions")
BANK_TRANSACTIONS = ("accounting.banktransactions", "accounting.transactions")
MANUAL_JOURNALS = ("accounting.manualjournals", "accounting.transactions")
SETTINGS = ("accounting.settings",)
ITEMS = (*INVOICES, *SETTINGS)
CONTACTS = ("accounting.contacts",)
ATTACHMENTS = ("accounting.attachments",)
JOURNALS = ("accounting.journals",)
BUDGETS = ("accounting.budgets",)
ANY_OF_THEM = (*INVOICES, *PAYMENTS, *SETTINGS, *CONTACTS)

REPORTS = ("aged", "balancesheet", "banksummary", "budgetsummary", "executivesummary", "profitandloss", "trialbalance", "taxreports")  # fmt: skip  # noqa: E501 - one row of names
READABLE = (
    "accounting.invoices", "accounting.payments", "accounting.banktransactions", "accounting.manualjournals",
    "accounting.settings", "accounting.contacts", "accounting.attachments",
)  # fmt: skip
READ_ONLY = ("accounting.journals", "accounting.budgets", *(f"accounting.reports.{name}" for name in REPORTS))
IDENTITY_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
GRANULAR_SCOPES = IDENTITY_SCOPES.union(READABLE, (f"{name}.read" for name in (*READABLE, *READ_ONLY)))
BROAD_SCOPES = frozenset({"accounting.transactions", "accounting.transactions.read", "accounting.reports.read"})
APP_SCOPES = frozenset({"app.connections"})


def is_allowed(scopes: tuple[str, ...], group: tuple[str, ...], *, writes: bool) -> bool:
    """Reading is allowed by a scope or its `.read` form, writing only by the scope itself."""
    return any(name in scopes or (not writes and f"{name}.read" in scopes) for name in group)
