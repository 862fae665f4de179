"""The pages on which a person looks into the sandbox's books and acts in them, as Xero's own screens would allow."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from integrations.xero_sandbox.accounting_api.page_drawing import pdf_answer
from integrations.xero_sandbox.back_office.acts import perform
from integrations.xero_sandbox.back_office.deep_links import CLASSIC_PATH, follow_classic_link
from integrations.xero_sandbox.back_office.document_views import (
    LIST_TABS,
    contact_view,
    document_view,
    listed_documents,
    settings_view,
)
from integrations.xero_sandbox.back_office.finding_records import (
    ActRefusedError,
    document_called,
    organisation_called,
)
from integrations.xero_sandbox.books.company_books import CompanyBooks
from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.document_records import Attachment
from integrations.xero_sandbox.books.organisation_records import Organisation
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.page_templates import page
from integrations.xero_sandbox.switches import Switches
from integrations.xero_sandbox.virtual_clock import SandboxClock
from integrations.xero_sandbox.wire.http_messages import Answer, Request, redirect

PAGE_SIZE = 50
VIEWS = frozenset({"invoicing", "bills", "creditnotes", "quotes"})


class BackOffice:
    def __init__(self, store: Store, clock: SandboxClock) -> None:
        self._store = store
        self._clock = clock
        self._pages: dict[str, Callable[[Request, CompanyBooks, list[str]], Answer]] = {
            "": self._documents,
            "contacts": self._contacts,
            "settings": self._settings,
            "files": self._file,
        }

    def answer(self, request: Request, switches: Switches) -> Answer | None:
        """None where the path is not one of the back office's."""
        segments = request.segments
        try:
            if not segments:
                return self._home()
            if request.path.lower() == CLASSIC_PATH:
                return follow_classic_link(request) or self._missing("That address leads nowhere.")
            if segments[0] != "app" or len(segments) == 1:
                return None
            organisation = organisation_called(self._store, segments[1])
            books = CompanyBooks(self._store, organisation.organisation_id)
            if request.method == "POST":
                return self._act(request, organisation, switches)
            return self._shown(request, books, segments[2:])
        except ActRefusedError as error:
            return self._missing(str(error))

    def _shown(self, request: Request, books: CompanyBooks, rest: list[str]) -> Answer | None:
        kind = rest[0] if rest else ""
        if kind in VIEWS:
            return self._document(request, books, rest)
        shown = self._pages.get(kind)
        return shown(request, books, rest) if shown else None

    def _home(self) -> Answer:
        organisations = sorted(self._store.table(Organisation).all("all"), key=lambda each: str(each.name))
        rows = [
            (organisation, len(listed_documents(CompanyBooks(self._store, organisation.organisation_id), "all", "")))
            for organisation in organisations
        ]
        return page("home.html", rows=rows, now=self._clock.now(), clock_mode=self._clock.mode)

    def _documents(self, request: Request, books: CompanyBooks, _rest: list[str]) -> Answer:
        tab, search = request.query.get("show", "all"), request.query.get("q", "")
        documents = listed_documents(books, tab, search)
        number = _page_number(request)
        start = (number - 1) * PAGE_SIZE
        return page(
            "documents.html",
            **self._frame(request, books, "documents"),
            tabs=LIST_TABS,
            tab=tab,
            search=search,
            rows=[document_view(document, books) for document in documents[start : start + PAGE_SIZE]],
            count=len(documents),
            page_number=number,
            page_count=max(-(-len(documents) // PAGE_SIZE), 1),
        )

    def _document(self, request: Request, books: CompanyBooks, rest: list[str]) -> Answer:
        document = document_called(books, rest[-1])
        if rest[1:2] == ["pdf"]:
            return pdf_answer(document, books)
        return page(
            "document.html",
            **self._frame(request, books, "documents"),
            view=document_view(document, books),
            history=books.history_of(document.document_id),
        )

    def _contacts(self, request: Request, books: CompanyBooks, rest: list[str]) -> Answer:
        if len(rest) > 1:
            contact: Contact | None = books.find(Contact, rest[-1].lower())
            if contact is None:
                return self._missing(f"There is no contact {rest[-1]}.")
            frame = self._frame(request, books, "contacts")
            return page("contact.html", **frame, **contact_view(contact, books))
        contacts = sorted(books.all(Contact), key=lambda each: each.name.casefold())
        return page("contacts.html", **self._frame(request, books, "contacts"), contacts=contacts)

    def _settings(self, request: Request, books: CompanyBooks, _rest: list[str]) -> Answer:
        return page("settings.html", **self._frame(request, books, "settings"), **settings_view(books))

    def _file(self, _request: Request, books: CompanyBooks, rest: list[str]) -> Answer:
        attachment: Attachment | None = books.find(Attachment, rest[-1].lower())
        if attachment is None:
            return self._missing("There is no such file.")
        headers = (
            ("Content-Type", attachment.mime_type),
            ("Content-Disposition", "inline"),
            ("X-Content-Type-Options", "nosniff"),
        )
        return Answer(status=200, headers=headers, body=attachment.content)

    def _act(self, request: Request, organisation: Organisation, switches: Switches) -> Answer:
        """Does what a button says and goes back to where the button stood."""
        wish: dict[str, Any] = {name: value for name, value in request.form().items() if value != ""}
        back = quote(str(wish.pop("next", f"/app/{organisation.short_code}")).partition("?")[0], safe="/!")
        try:
            perform(
                wish | {"organisation": organisation.organisation_id},
                store=self._store,
                switches=switches,
                clock=self._clock,
            )
            told = {"done": str(wish.get("act", "")).replace("_", " ")}
        except ActRefusedError as error:
            told = {"problem": str(error)}
        return redirect(f"/{back.lstrip('/')}?{urlencode(told)}")

    def _frame(self, request: Request, books: CompanyBooks, section: str) -> dict[str, Any]:
        return {
            "organisation": books.organisation,
            "section": section,
            "path": request.path,
            "today": books.today(self._clock.now()).isoformat(),
            "problem": request.query.get("problem", ""),
            "done": request.query.get("done", ""),
        }

    def _missing(self, words: str) -> Answer:
        return page("missing.html", status=404, words=words)


def _page_number(request: Request) -> int:
    asked = request.query.get("page", "")
    return max(int(asked[:6]), 1) if asked.isascii() and asked.isdigit() else 1
