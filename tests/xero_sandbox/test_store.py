from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from integrations.xero_sandbox.books.contact_records import Contact
from integrations.xero_sandbox.books.ordered_ids import OrderedIds
from integrations.xero_sandbox.books.store import Change, OutsideTransactionError, Store

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ANN = Contact(organisation_id="org", contact_id="a", name="Ann", updated_at=NOW)
BOB = Contact(organisation_id="org", contact_id="b", name="Bob", updated_at=NOW + timedelta(seconds=1))


@pytest.fixture
def heard() -> list[Change]:
    return []


@pytest.fixture
def store(heard: list[Change]) -> Store:
    made = Store()
    made.listeners.append(heard.extend)
    return made


def test_changes_are_told_when_the_transaction_ends_well(store: Store, heard: list[Change]) -> None:
    with store.transaction("test"):
        store.save(ANN)
        store.save(replace(ANN, name="Anna"))
        assert heard == []

    assert [(change.verb, change.cause) for change in heard] == [("created", "test"), ("updated", "test")]


def test_error_undoes_everything(store: Store, heard: list[Change]) -> None:
    with store.transaction("test"):
        store.save(ANN)
    heard.clear()

    def fail_in_the_middle() -> None:
        with store.transaction("test"):
            store.save(replace(ANN, name="Anna"))
            store.save(BOB)
            store.remove(ANN)
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail_in_the_middle()

    assert (store.get(Contact, "a"), store.get(Contact, "b"), heard) == (ANN, None, [])
    assert store.table(Contact).all("name", "org", "ann") == [ANN]


def test_part_of_a_transaction_can_be_undone(store: Store, heard: list[Change]) -> None:
    with store.transaction("test"):
        store.save(ANN)
        mark = store.mark()
        store.save(BOB)
        store.undo_to(mark)

    assert [change.record_id for change in heard] == ["a"]
    assert list(store.table(Contact)) == [ANN]


def test_saving_outside_a_transaction_is_an_error(store: Store) -> None:
    with pytest.raises(OutsideTransactionError):
        store.save(ANN)


def test_transactions_do_not_nest(store: Store) -> None:
    with pytest.raises(OutsideTransactionError), store.transaction("one"), store.transaction("two"):
        pass


def test_lists_follow_the_last_change(store: Store) -> None:
    with store.transaction("test"):
        store.save(BOB)
        store.save(ANN)
        first = store.table(Contact).all("all", "org")
        store.save(replace(ANN, updated_at=NOW + timedelta(seconds=2)))

    assert [contact.name for contact in first] == ["Ann", "Bob"]
    assert [contact.name for contact in store.table(Contact).all("all", "org")] == ["Bob", "Ann"]


def test_facets_follow_the_record(store: Store) -> None:
    with store.transaction("test"):
        store.save(ANN)
        store.save(replace(ANN, name="Änne"))

    assert store.table(Contact).all("name", "org", "ann") == []
    assert [contact.contact_id for contact in store.table(Contact).all("name", "org", "anne")] == ["a"]


def test_books_can_be_seen_as_they_were(store: Store, heard: list[Change]) -> None:
    with store.transaction("test"):
        store.save(ANN)
    heard.clear()
    with store.transaction("test"):
        store.save(replace(ANN, name="Anna"))
        store.save(BOB)

    with store.rewound(list(reversed(heard))):
        before = [contact.name for contact in store.table(Contact).all("all", "org")]

    assert before == ["Ann"]
    assert sorted(contact.name for contact in store.table(Contact).all("all", "org")) == ["Anna", "Bob"]


def test_ordered_ids_page_and_find_what_is_newer() -> None:
    ids = OrderedIds()
    for pair in [(3, "c"), (1, "a"), (2, "z"), (2, "b")]:
        ids.add(pair)
    ids.discard((2, "z"))
    ids.discard((9, "never there"))

    assert (list(ids), len(ids)) == (["a", "b", "c"], 3)
    assert ids.slice(ids.first_since(2), len(ids)) == ["b", "c"]
