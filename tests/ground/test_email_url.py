import pytest

from freightbridge.email_url import EmailConfiguration, read_email_url
from freightbridge.environment import EnvironmentVariableError

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("console:", EmailConfiguration(backend="django.core.mail.backends.console.EmailBackend")),
        (
            "smtp://mia%40example.com:p%3Ass@mail.example:2525",
            EmailConfiguration(
                backend=SMTP, host="mail.example", port=2525, user="mia@example.com", password="p:ss", uses_tls=True
            ),
        ),
        (
            "smtp://mail.example?from=FreightBridge%20%3Cbills%40example.com%3E",
            EmailConfiguration(
                backend=SMTP, host="mail.example", port=587, uses_tls=True, sender="FreightBridge <bills@example.com>"
            ),
        ),
        ("smtp://mail.example", EmailConfiguration(backend=SMTP, host="mail.example", port=587, uses_tls=True)),
    ],
)
def test_address_is_read(url: str, expected: EmailConfiguration) -> None:
    assert read_email_url(url) == expected


@pytest.mark.parametrize("url", ["", "smtp://", "mail.example", "http://user:secret@h", "smtp://user:secret@h:port"])
def test_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(EnvironmentVariableError, match="EMAIL_URL takes") as refused:
        read_email_url(url)

    assert "secret" not in str(refused.value)
