import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoices.intake.spreadsheet_text import safe_for_spreadsheet, without_our_apostrophe

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # noqa: RUF001 the full-width signs are meant
NEAR_FORMULAS = st.text(st.sampled_from("=+-@＝＋－＠'\t\r\n 1a.,\ufeff"), max_size=8) | st.text()  # noqa: RUF001 likewise


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+61 2 9999", "'+61 2 9999"),
        ("-5 pallets", "'-5 pallets"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1+1", "'  =1+1"),
        ("\tx", "'\tx"),
        ("＝cmd", "'＝cmd"),  # noqa: RUF001 the full-width sign is meant
        ("'=1+1", "''=1+1"),
        ("-12.50", "-12.50"),
        ("+3", "+3"),
        ("-1,5", "-1,5"),
        ("Tiles", "Tiles"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_only_what_would_be_run_gets_an_apostrophe(text: str, safe: str) -> None:
    assert safe_for_spreadsheet(text) == safe


@given(NEAR_FORMULAS)
def test_nothing_that_is_written_runs(text: str) -> None:
    safe = safe_for_spreadsheet(text)

    assert not FORMULA.match(safe) or re.fullmatch(r"[+-]?\d+([.,]\d+)?", safe, re.ASCII)


@given(NEAR_FORMULAS)
def test_what_is_written_is_read_as_it_was(text: str) -> None:
    assert without_our_apostrophe(safe_for_spreadsheet(text)) == text
