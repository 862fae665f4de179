import pytest

from freightbridge import environment
from freightbridge.environment import EnvironmentVariableError


@pytest.mark.parametrize(("value", "expected"), [("", "console:"), ("  ", "console:"), (" smtp://h ", "smtp://h")])
def test_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch, value: str, expected: str) -> None:
    monkeypatch.setenv("EMAIL_URL", value)

    assert environment.text("EMAIL_URL") == expected


def test_variable_that_is_not_listed_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FB_SECRET_SWITCH", "1")

    with pytest.raises(KeyError):
        environment.text("FB_SECRET_SWITCH")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("true", True), ("YES", True), ("0", False), ("False", False), ("no", False), ("", False)],
)
def test_flag_is_read(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv("DEBUG", value)

    assert environment.flag("DEBUG") is expected


@pytest.mark.parametrize("value", ["2", "on", "maybe", "tru"])
def test_flag_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DEBUG", value)

    with pytest.raises(EnvironmentVariableError, match=r"DEBUG is .* it takes 1 or 0"):
        environment.flag("DEBUG")


@pytest.mark.parametrize(("value", "expected"), [("60", 60.0), ("0.5", 0.5), ("", 1.0)])
def test_number_is_read(monkeypatch: pytest.MonkeyPatch, value: str, expected: float) -> None:
    monkeypatch.setenv("DELIVERY_TIME_SCALE", value)

    assert environment.positive_number("DELIVERY_TIME_SCALE") == expected


@pytest.mark.parametrize("value", ["0", "-1", "fast", "nan", "inf", "1,5"])
def test_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DELIVERY_TIME_SCALE", value)

    with pytest.raises(EnvironmentVariableError, match=r"DELIVERY_TIME_SCALE is .* a number above 0"):
        environment.positive_number("DELIVERY_TIME_SCALE")


@pytest.mark.parametrize("value", ["https://api.xero.com", "http://127.0.0.1:8900", "https://[::1]:8900", ""])
def test_origin_is_read(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XERO_API_BASE_URL", value)

    assert environment.origin("XERO_API_BASE_URL") == (value or "https://api.xero.com")


@pytest.mark.parametrize(
    "value",
    [
        "https://api.xero.com/",
        "https://api.xero.com/api.xro",
        "https://api.xero.com?x=1",
        "https://user:secret@api.xero.com",
        "https://api.xero.com:port",
        "https://api.xero.com:99999",
        "ftp://api.xero.com",
        "api.xero.com",
        "https://",
        "HTTPS://api.xero.com",
    ],
)
def test_address_that_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XERO_API_BASE_URL", value)

    with pytest.raises(EnvironmentVariableError, match=r"XERO_API_BASE_URL .* it takes an origin"):
        environment.origin("XERO_API_BASE_URL")


@pytest.mark.parametrize(("value", "expected"), [("", []), ("a", ["a"]), (" a , b ,,", ["a", "b"])])
def test_list_is_read(monkeypatch: pytest.MonkeyPatch, value: str, expected: list[str]) -> None:
    monkeypatch.setenv("XERO_WEBHOOK_KEY", value)

    assert environment.words("XERO_WEBHOOK_KEY") == expected
