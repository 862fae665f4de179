import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.map_contact import map_contact
from integrations.mapping.source import Party


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Murray River Produce", "Murray River Produce"),
        ("  Murray   River\tProduce \n", "Murray River Produce"),
        ("<b>Murray</b> & Sons", "bMurray/b & Sons"),
        ("M" * 300, "M" * 255),
        ("<>", ""),
    ],
)
def test_name_is_one_that_xero_takes(name: str, expected: str) -> None:
    assert map_contact(Party(code="M", name=name)).name == expected


@given(name=st.text(max_size=400))
def test_name_never_breaks_a_rule_of_xeros(name: str) -> None:
    mapped = map_contact(Party(code="M", name=name)).name

    assert mapped == mapped.strip()
    assert "  " not in mapped
    assert not set(mapped) & set("<>")
    assert len(mapped) <= 255


@pytest.mark.parametrize(
    ("given_email", "expected"),
    [("ap@example.com", "ap@example.com"), ("büro@example.com", ""), ("", "")],
)
def test_email_that_xero_refuses_is_left_out(given_email: str, expected: str) -> None:
    assert map_contact(Party(code="M", name="M", email=given_email)).email == expected


@pytest.mark.parametrize(
    ("country", "expected"),
    [("Australia", "Australia"), ("Côte d'Ivoire", "Côte dIvoire"), ("Congo, DRC (1)", "Congo DRC"), ("AU", "AU")],
)
def test_country_keeps_letters_only(country: str, expected: str) -> None:
    assert map_contact(Party(code="M", name="M", country=country)).country == expected


def test_customer_code_becomes_the_account_number() -> None:
    assert map_contact(Party(code="X" * 60, name="M")).customer_code == "X" * 50
