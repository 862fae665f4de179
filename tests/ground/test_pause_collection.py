"""The search for cycles stands still meanwhile, and goes on afterwards as it did before."""

import gc

import pytest

from freightbridge.pause_collection import pause_collection


def test_pauses_and_goes_on_whatever_happens() -> None:
    seen = []

    @pause_collection()
    def fail() -> None:
        seen.append(gc.isenabled())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (seen, gc.isenabled()) == ([False], True)


def test_does_not_begin_where_somebody_else_paused() -> None:
    with pause_collection():
        with pause_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
