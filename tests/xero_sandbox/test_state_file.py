import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.xero_sandbox.books.document_records import Attachment, Invoice, Line, TrackingChoice
from integrations.xero_sandbox.books.identity_records import StoredReply
from integrations.xero_sandbox.books.store import Store
from integrations.xero_sandbox.state_file import StateFile, StateFileError, decoded, encoded
from tests.xero_sandbox.company_client import SCOPES, Company, Http
from tests.xero_sandbox.consent_walk import refresh
from tests.xero_sandbox.sandbox_process import SandboxProcess, start_process

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LINE = Line(
    line_item_id="l",
    description="Fracht ✈",
    quantity=Decimal("1.5000"),
    tracking=(TrackingChoice(category_id="c", option_id="o"),),
)
INVOICE = Invoice(
    organisation_id="org",
    document_id="doc",
    number="N-1",
    contact_id="contact",
    document_date=date(2026, 11, 20),
    status="DRAFT",
    line_amount_types="Exclusive",
    lines=(LINE,),
    currency_code="AUD",
    currency_rate=Decimal("1.000000"),
    sub_total=Decimal("1.50"),
    total_tax=Decimal("0.15"),
    total=Decimal("1.65"),
    created_at=NOW,
    updated_at=NOW,
    type="ACCREC",
)
FILE = Attachment(
    organisation_id="org",
    attachment_id="a",
    owner="Invoices",
    owner_id="doc",
    file_name="a.pdf",
    mime_type="application/pdf",
    content=b"\x00\xff%PDF",
)


@pytest.mark.parametrize("record", [INVOICE, FILE], ids=["invoice", "attachment"])
def test_record_comes_back_as_it_was(record: object) -> None:
    assert decoded(type(record), encoded(record)) == record


def saved(path: Path, *records: object) -> Store:
    store = Store()
    state = StateFile(path, store)
    state.begin(NOW)
    store.listeners.append(lambda changes: state.note(changes, NOW))
    for record in records:
        with store.transaction("test"):
            store.save(record)
    state.close()
    return store


def test_changes_are_played_back(tmp_path: Path) -> None:
    saved(tmp_path / "state", INVOICE, FILE)
    store = Store()

    last = StateFile(tmp_path / "state", store).load()

    assert last == NOW
    assert (store.get(Invoice, "doc"), store.get(Attachment, "a")) == (INVOICE, FILE)
    assert store.table(Invoice).all("number", "org", "n-1") == [INVOICE]


def test_line_cut_off_by_a_crash_loses_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "state"
    saved(path, INVOICE, FILE)
    path.write_text(path.read_text()[:-40])
    store = Store()

    StateFile(path, store).load()

    assert (store.get(Invoice, "doc"), store.get(Attachment, "a")) == (INVOICE, None)


def test_unfinished_reply_is_forgotten(tmp_path: Path) -> None:
    reply = StoredReply(reply_id="app/k", client_id="app", key="k", fingerprint="f", first_at=NOW)
    saved(tmp_path / "state", reply)
    store = Store()

    StateFile(tmp_path / "state", store).load()

    assert list(store.table(StoredReply)) == []


@pytest.mark.parametrize("text", ['{"format": 99}\n', "my diary\n", "\n", '["list"]'])
def test_other_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "state").write_text(text)

    with pytest.raises(StateFileError):
        StateFile(tmp_path / "state", Store()).load()


def test_no_file_or_an_empty_one_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()

    assert StateFile(tmp_path / "empty", Store()).load() is None
    assert StateFile(tmp_path / "none", Store()).load() is None


@pytest.fixture
def kept(tmp_path: Path) -> Iterator["Kept"]:
    started = Kept(tmp_path / "sandbox.state")
    yield started
    started.end(signal.SIGKILL)


class Kept:
    """A sandbox with a state file that can be ended and started again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> SandboxProcess:
        self._process, url = start_process("--state", str(self._path), "--clock", "virtual")
        return SandboxProcess(Http(url))

    def end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=10)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_books_and_tokens_survive_the_end_of_the_process(kept: Kept, number: signal.Signals) -> None:
    first = kept.start()
    au = first.connect("AU")
    invoice = au.invoice(InvoiceNumber="KEPT", Status="AUTHORISED")
    first.advance(90)
    first.act("pay", document="KEPT", amount="10")
    before = first.now()
    kept.end(number)
    first.http.pool.clear()

    second = kept.start()

    again = Company(http=second.http, organisation_id=au.organisation_id, tokens=au.tokens)
    (read,) = again.get(f"Invoices/{invoice['InvoiceID']}").json["Invoices"]
    assert (read["InvoiceNumber"], read["AmountPaid"]) == ("KEPT", 10.0)
    assert refresh(second, au.tokens["refresh_token"]).status == 200
    assert (second.now() - before).total_seconds() >= 0
    second.http.pool.clear()


def test_reset_empties_the_file_as_well(kept: Kept) -> None:
    first = kept.start()
    first.connect("AU", SCOPES).invoice()
    first.admin("reset", {})
    kept.end(signal.SIGTERM)
    first.http.pool.clear()

    second = kept.start()

    assert second.admin("documents")["count"] == 0
    second.http.pool.clear()
