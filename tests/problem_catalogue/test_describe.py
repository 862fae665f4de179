import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.problems import Problem, problem
from integrations.problem_catalogue.codes import CATALOGUE, Entry, MendedBy, MendPage
from integrations.problem_catalogue.describe import describe, from_json, to_json

words = st.lists(
    st.tuples(st.text(min_size=1, max_size=10), st.text(max_size=20)), max_size=4, unique_by=lambda w: w[0]
)
problems = st.builds(
    Problem, code=st.sampled_from(sorted(CATALOGUE)), subject=st.text(max_size=20), words=words.map(tuple)
)


@pytest.mark.parametrize(
    ("told", "alias"),
    [
        (problem("FB-201", customer="ALOK"), "Customer.Name(ALOK) : not found in XERO(Customer.Name)."),
        (
            problem("FB-308", charge_code="alok", item="X"),
            "ProductLines.ProductCode(alok) : not found in XERO(Lines.Item.Number).",
        ),
        (problem("FB-301", charge_code="FRT", side="sales"), ""),
    ],
)
def test_alias_is_the_text_that_impexdocs_shows(told: Problem, alias: str) -> None:
    assert describe(told).alias == alias


def test_xeros_own_words_stay_beside_ours() -> None:
    described = describe(problem("FB-501", xero="Contact is on hold."))

    assert described.text == "Xero refused the document; its own words are below."
    assert described.xero_text == "Contact is on hold."


@given(problems)
def test_every_problem_has_a_sentence_whatever_words_are_missing(told: Problem) -> None:
    assert describe(told).text


@given(problems)
def test_problem_survives_json(told: Problem) -> None:
    assert from_json(to_json(told)) == told


def test_braces_in_a_word_are_no_fields() -> None:
    assert describe(problem("FB-402", currency="{lock_date}")).text.startswith(
        "The organisation in Xero does not use {lock_date}."
    )


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.code)
def test_entry_says_whose_turn_it_is_and_where(entry: Entry) -> None:
    fields = {name for _, name, _, _ in Formatter().parse(entry.sentence + entry.alias) if name is not None}

    assert re.fullmatch(r"FB-\d{3}", entry.code)
    assert bool(entry.mend) == (entry.page != MendPage.NONE)
    assert entry.mended_by == MendedBy.US or entry.page != MendPage.NONE
    assert all(name.isidentifier() for name in fields)
