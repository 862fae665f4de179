import pytest

from freightbridge.database_url import read_database_url
from freightbridge.environment import EnvironmentVariableError


def test_address_becomes_djangos_settings() -> None:
    assert read_database_url("postgresql://fb_app:p%40ss@db.example:5433/freight") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "freight",
        "USER": "fb_app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {},
    }


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [("postgres://h/n", "h", ""), ("postgresql:///n", "", ""), ("postgresql://[::1]:5432/n", "::1", "5432")],
)
def test_parts_may_be_left_out(url: str, host: str, port: str) -> None:
    read = read_database_url(url)

    assert (read["HOST"], read["PORT"], read["USER"], read["PASSWORD"], read["NAME"]) == (host, port, "", "", "n")


def test_what_is_asked_for_in_the_query_reaches_the_driver() -> None:
    """Left out without a word, `sslmode=require` would send everything in the clear."""
    read = read_database_url("postgresql://h/n?sslmode=require&connect_timeout=5")

    assert read["OPTIONS"] == {"sslmode": "require", "connect_timeout": "5"}


@pytest.mark.parametrize(
    "url",
    [
        "mysql://user:secret@h/n",
        "sqlite:///n",
        "postgresql://user:secret@h",
        "postgresql://user:secret@h/",
        "postgresql://user:secret@h:port/n",
        "n",
        "",
    ],
)
def test_address_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(EnvironmentVariableError, match="is no database URL") as refused:
        read_database_url(url)

    assert "secret" not in str(refused.value)
