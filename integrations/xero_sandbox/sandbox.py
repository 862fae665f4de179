"""The sandbox as a whole: its state, and what can be set about it."""

from pathlib import Path
from typing import Any

from integrations.xero_sandbox.accounting_api.api_pipeline import ApiPipeline
from integrations.xero_sandbox.accounting_api.throttling import CORE, UNLIMITED, Throttle
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import (
    Allocation,
    Attachment,
    CreditNote,
    HistoryNote,
    Invoice,
    Payment,
    Quote,
)
from integrations.xero_sandbox.books.identity_records import SigningKey
from integrations.xero_sandbox.books.organisation_records import Item, Organisation
from integrations.xero_sandbox.books.recent_changes import RecentChanges
from integrations.xero_sandbox.books.store import Change, Store
from integrations.xero_sandbox.demo_books.demo_logins import open_demo_logins
from integrations.xero_sandbox.demo_books.demo_organisations import open_demo_organisations
from integrations.xero_sandbox.faults.fault_rules import FaultPlan
from integrations.xero_sandbox.identity.authorise_pages import AuthorisePages
from integrations.xero_sandbox.identity.signing_keys import TokenSigner
from integrations.xero_sandbox.identity.token_endpoint import TokenEndpoint
from integrations.xero_sandbox.identity.token_sets import TokenIssuer
from integrations.xero_sandbox.journal import Journal
from integrations.xero_sandbox.state_file import StateFile
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.virtual_clock import SandboxClock
from integrations.xero_sandbox.webhooks.webhook_delivery import WebhookSender

# What a read can be late to see; tokens and connections are never late.
LAGGING = frozenset({Contact, Invoice, CreditNote, Quote, Payment, Allocation, Attachment, HistoryNote, Item})


class Sandbox:
    """Every part, made once and wired together."""

    def __init__(
        self,
        *,
        clock: SandboxClock,
        has_limits: bool = True,
        state: Path | None = None,
        faults: FaultPlan | None = None,
    ) -> None:
        self.clock = clock
        self.switches = Switches()
        self.journal = Journal()
        self.faults = faults or FaultPlan()
        self._usual_limits = CORE if has_limits else UNLIMITED
        self.throttle = Throttle(limits=self._usual_limits)
        self.store = Store()
        self.signer = TokenSigner(self.store)
        self.issuer = TokenIssuer(self.store, self.signer)
        self.tokens = TokenEndpoint(self.store, self.issuer)
        self.authorise_pages = AuthorisePages(self.store)
        self.pipeline = ApiPipeline(store=self.store, throttle=self.throttle)
        self.webhooks = WebhookSender(self.store, clock)
        self.recent_changes = RecentChanges()
        self._demo_records: list[Any] = []
        self._state = StateFile(state, self.store) if state else None
        self.store.listeners.append(self._note_changes)

    def open_books(self) -> None:
        """The demo organisations, unless a state file has brought them already. Raises StateFileError."""
        last_change = self._state.load() if self._state else None
        if last_change is not None:
            self.clock.catch_up(last_change)
        if not len(self.store.table(Organisation)):
            self._open_demo_books()
            self.signer.make_key()
        if self._state:
            self._state.begin(self.clock.now())

    def close(self) -> None:
        if self._state:
            self._state.close()

    def reset(self) -> None:
        """Back to the first moment: demo books, no grants, no faults, usual limits and readings."""
        key = self.store.table(SigningKey).first("all")
        self.store.empty()
        if key is not None:
            with self.store.transaction("reset"):
                self.store.save(key)
        self._open_demo_books()
        self.switches = Switches()
        self.faults.replace([])
        self.throttle.limits = self._usual_limits
        self.throttle.forget()
        self.clock.forget_plans()
        self.journal.forget()
        self.recent_changes.forget()
        self.webhooks.forget()
        if self._state:
            self._state.begin(self.clock.now())

    def _open_demo_books(self) -> None:
        """Read from their files once: records never change, and every reset saves the same ones."""
        if not self._demo_records:
            books = Store()
            open_demo_organisations(books)
            open_demo_logins(books)
            self._demo_records = [record for table in books.tables().values() for record in table]
        with self.store.transaction("demo books"):
            for record in self._demo_records:
                self.store.save(record)

    def _note_changes(self, changes: list[Change]) -> None:
        now = self.clock.now()
        self.journal.note_changes(changes, now)
        if self._state:
            self._state.note(changes, now)
        self.webhooks.hear(changes, payments_count=self.switches.payment_sends_invoice_event)
        self.recent_changes.note([change for change in changes if change.kind in LAGGING], now)
