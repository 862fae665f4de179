import re

import pytest

from freightbridge.observability.correlation import accept_or_make, correlated, correlation_id, new_correlation_id


def test_id_lasts_as_long_as_its_block() -> None:
    with correlated("FB-OUTER-1"):
        with correlated("FB-INNER-1"):
            inner = correlation_id()
        outer = correlation_id()

    assert (inner, outer, correlation_id()) == ("FB-INNER-1", "FB-OUTER-1", "")


def test_block_without_an_id_gets_one() -> None:
    with correlated(""):
        assert re.fullmatch(r"FB-[0-9A-F]{12}", correlation_id())


def test_ids_are_not_alike() -> None:
    assert len({new_correlation_id() for _ in range(100)}) == 100


@pytest.mark.parametrize("offered", ["FB-0123456789AB", "a1b2c3d4", "7d0b4c39-9a39-6d3f1f7f2a10"])
def test_proxys_id_is_kept_where_it_looks_like_one(offered: str) -> None:
    assert accept_or_make(offered) == offered


@pytest.mark.parametrize(
    "offered", ["", "short", "x" * 41, "two words here", "line\nbreak-in-it", "<script>alert</script>"]
)
def test_anything_else_does_not_get_into_our_logs(offered: str) -> None:
    assert accept_or_make(offered).startswith("FB-")
