import pytest

from invoices.pdf.country_words import country_code, country_name, tax_number_words, town_line


@pytest.mark.parametrize(
    ("written", "code", "name"),
    [
        ("AU", "AU", "Australia"), ("australia", "AU", "Australia"), (" de ", "DE", "Germany"),
        ("USA", "US", "United States"), ("Atlantis", "", "Atlantis"), ("", "", ""),
    ],
)  # fmt: skip
def test_country_is_known_by_code_and_by_name(written: str, code: str, name: str) -> None:
    assert (country_code(written), country_name(written)) == (code, name)


@pytest.mark.parametrize(
    ("number", "country", "words"),
    [
        ("51 824 753 556", "Australia", "ABN 51 824 753 556"), ("ABN 51 824 753 556", "AU", "ABN 51 824 753 556"),
        ("DE123456789", "DE", "VAT no. DE123456789"), ("ATU12345678", "AT", "VAT no. ATU12345678"),
        ("TRN: 1001", "AE", "TRN: 1001"), ("12-3", "Atlantis", "Tax no. 12-3"), ("", "AU", ""), ("  ", "AU", ""),
    ],
)  # fmt: skip
def test_tax_number_says_what_it_is_once(number: str, country: str, words: str) -> None:
    assert tax_number_words(number, country) == words


def test_town_is_written_as_an_envelope_of_the_country_has_it() -> None:
    assert town_line(city="Hamburg", region="", postal_code="20457", country="Germany") == "20457 Hamburg"
    assert town_line(city="Sydney", region="NSW", postal_code="2000", country="AU") == "Sydney NSW 2000"
