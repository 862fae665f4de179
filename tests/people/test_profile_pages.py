import pytest
from django.test import Client

from freightbridge.access.models import User
from freightbridge.tenancy.models import Tenant
from tests.conftest import PASSWORD, make_member
from tests.web.page_company import Visitor

LOGIN = {"login": "viewer@acme-freight.example", "password": PASSWORD}


def test_profile_keeps_name_theme_and_shortcuts(viewer: Visitor) -> None:
    viewer.client.post("/me/", {"name": "Vera", "theme": "dark"})

    user = User.objects.get()
    assert (user.name, user.theme, user.shortcuts_on) == ("Vera", "dark", False)


def test_shortcuts_are_on_until_somebody_turns_them_off(viewer: Visitor) -> None:
    assert User.objects.get().shortcuts_on
    assert 'name="shortcuts_on" class="checkboxinput form-check-input"' in viewer.client.get("/me/").content.decode()


def test_bad_theme_is_refused_at_the_field(viewer: Visitor) -> None:
    page = viewer.client.post("/me/", {"name": "Vera", "theme": "pink"}).content.decode()

    assert "Select a valid choice" in page
    assert 'value="Vera"' in page
    assert User.objects.get().theme == "system"


@pytest.mark.parametrize(
    ("theme", "attributes"),
    [
        ("dark", ' data-theme-choice="dark" data-bs-theme="dark"'),
        ("light", ' data-theme-choice="light" data-bs-theme="light"'),
        ("system", ' data-theme-choice="system"'),
    ],
)
def test_server_writes_the_theme_into_every_page(viewer: Visitor, theme: str, attributes: str) -> None:
    assert viewer.client.post("/me/theme/", {"theme": theme}).status_code == 204

    for page in (viewer.text("shipments"), viewer.client.get("/me/").content.decode()):
        opening = page.partition("<html")[2].partition(">")[0]
        assert " ".join(opening.split()) == f'lang="en-GB"{attributes}'


def test_theme_that_does_not_exist_is_refused(viewer: Visitor) -> None:
    assert viewer.client.post("/me/theme/", {"theme": "pink"}).status_code == 400


def test_nobody_is_signed_in_and_the_browser_decides(tenant: Tenant) -> None:
    assert '<html lang="en-GB">' in Client().get("/login/").content.decode().replace("\n", "")
    assert Client().get("/me/")["Location"] == "/login/?next=/me/"


def test_signing_out_everywhere_else_keeps_this_browser(tenant: Tenant) -> None:
    make_member(tenant, "viewer")
    here, there = Client(), Client()
    for client in (here, there):
        client.post("/login/", LOGIN)
        assert client.get("/me/").status_code == 200

    here.post("/me/sign-out-elsewhere/")

    assert (here.get("/me/").status_code, there.get("/me/").status_code) == (200, 302)
    there.post("/login/", LOGIN)
    assert there.get("/me/").status_code == 200
