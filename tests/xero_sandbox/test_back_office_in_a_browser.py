"""The sandbox's pages as a person uses them, in headless Chromium."""

import os
import shutil
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.xero_sandbox.company_client import SCOPES, Company, line
from tests.xero_sandbox.document_calls import read
from tests.xero_sandbox.sandbox_process import ROOT, SandboxProcess

pytestmark = pytest.mark.browser

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    driver = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    if not chromium or not driver:
        assert not os.environ.get("REQUIRE_BROWSER"), "Chromium and its driver are required here"
        pytest.skip("Chromium and its driver are not installed")
    options = ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = Chrome(options=options, service=ChromeService(driver))
    yield started
    started.quit()


@pytest.fixture
def page(browser: Chrome) -> Iterator[Chrome]:
    """A fresh visitor; what the console complains about fails the test."""
    browser.delete_all_cookies()
    browser.get_log("browser")
    yield browser
    assert [entry["message"] for entry in browser.get_log("browser")] == []


def click(page: Chrome, identifier: str) -> None:
    """Clicks, and waits until what was clicked is gone or the page is another."""
    before = page.find_element(By.TAG_NAME, "html")
    page.find_element(By.ID, identifier).click()
    WebDriverWait(page, 10).until(lambda current: current.find_element(By.TAG_NAME, "html") != before)


def text_of(page: Chrome, identifier: str) -> str:
    return page.find_element(By.ID, identifier).text


def consent_address(sandbox: SandboxProcess) -> tuple[str, str]:
    """The authorise address for an app that lives at the sandbox's own home page."""
    origin = sandbox.url.replace("127.0.0.1", "localhost")
    wish = {
        "response_type": "code",
        "client_id": "sandbox-client",
        "redirect_uri": f"{origin}/",
        "scope": " ".join(SCOPES),
        "state": "s-1",
    }
    return origin, f"{origin}/identity/connect/authorize?{urlencode(wish)}"


def complaints(page: Chrome) -> list[str]:
    """What axe finds wrong by WCAG 2.2 AA."""
    page.execute_script(AXE.read_text())
    found = page.execute_async_script(
        "const done = arguments[0];"
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']}).then((result) => done(result.violations));"
    )
    return [f"{each['id']}: {[node['html'] for node in each['nodes']][:3]}" for each in found]


def test_person_connects_one_organisation(sandbox: SandboxProcess, page: Chrome) -> None:
    _, address = consent_address(sandbox)
    page.get(address)
    page.find_element(By.ID, "login-mia").click()
    click(page, "sign-in")
    page.find_element(By.ID, "organisation-nz").click()
    click(page, "allow")

    back = parse_qs(urlsplit(page.current_url).query)
    form = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "redirect_uri": address.split("redirect_uri=")[1].split("&")[0].replace("%3A", ":").replace("%2F", "/"),
        "client_id": "sandbox-client",
        "client_secret": "sandbox-secret",
    }
    tokens = sandbox.http("POST", "/connect/token", form=form).json
    (connection,) = sandbox.http(
        "GET", "/connections", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    ).json
    assert (back["state"], connection["tenantName"]) == (["s-1"], "Southern Cross Forwarding (NZ)")


def test_person_cancels_or_changes_the_login(sandbox: SandboxProcess, page: Chrome) -> None:
    _, address = consent_address(sandbox)
    page.get(address)
    click(page, "sign-in")
    first = text_of(page, "signed-in-as")
    click(page, "switch-login")
    page.find_element(By.ID, "login-owen").click()
    click(page, "sign-in")
    second = text_of(page, "signed-in-as")
    click(page, "cancel")

    assert (first, second) == ("Alex Adviser", "Owen Pennine")
    assert parse_qs(urlsplit(page.current_url).query) == {"error": ["access_denied"], "state": ["s-1"]}


def test_person_approves_pays_and_unpays(sandbox: SandboxProcess, au: Company, page: Chrome) -> None:
    invoice = au.invoice(InvoiceNumber="B-1", LineItems=[line(), line(Description="Fuel", UnitAmount="12.3456")])
    page.get(f"{sandbox.url}/app/!hHf4A/invoicing/view/{invoice['InvoiceID']}")

    click(page, "approve")
    amount = page.find_element(By.ID, "amount")
    whole = amount.get_attribute("value")
    amount.clear()
    amount.send_keys("40")
    click(page, "pay")
    part = text_of(page, "due")
    click(page, "pay")
    paid = read(au, invoice)["Status"]
    click(page, "unpay-1")

    assert (whole, part, paid) == ("123.59", "83.59", "PAID")
    assert (read(au, invoice)["Status"], text_of(page, "done")) == ("AUTHORISED", "Done: unpay.")


def test_person_finds_the_document_and_opens_its_pdf(sandbox: SandboxProcess, au: Company, page: Chrome) -> None:
    invoice = au.invoice(InvoiceNumber="FIND-ME")
    au.invoice(InvoiceNumber="OTHER")
    path = f"Invoices/{invoice['InvoiceID']}/Attachments/FIND-ME.pdf"
    au.call("PUT", path, body=PDF, headers={"Content-Type": "application/pdf"})
    page.get(f"{sandbox.url}/app/!hHf4A")

    page.find_element(By.ID, "q").send_keys("find-me")
    click(page, "search")
    page.find_element(By.LINK_TEXT, "FIND-ME").click()
    WebDriverWait(page, 10).until(lambda current: current.find_elements(By.ID, "file-1"))
    address = page.find_element(By.ID, "file-1").get_attribute("href") or ""

    assert sandbox.http("GET", urlsplit(address).path).body == PDF


def test_person_disconnects_the_app(sandbox: SandboxProcess, au: Company, page: Chrome) -> None:
    page.get(f"{sandbox.url}/app/!hHf4A/settings")

    click(page, "disconnect-1")

    assert au.get("Organisation").status == 403
    assert "No app is connected." in page.page_source


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_can_be_used_by_everybody(sandbox: SandboxProcess, au: Company, page: Chrome, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not among the node packages")
    invoice = au.invoice(Status="AUTHORISED", Url="https://freight.example/1")
    sandbox.act("pay", document=invoice["InvoiceID"], amount="1")
    _, address = consent_address(sandbox)
    home = f"{sandbox.url}/app/!hHf4A"
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    found = {}
    for place in (
        address,
        sandbox.url,
        home,
        f"{home}/invoicing/view/{invoice['InvoiceID']}",
        f"{home}/contacts",
        f"{home}/contacts/contact/{au.contact_id('CORAL02')}",
        f"{home}/settings",
    ):
        page.get(place)
        found[urlsplit(place).path] = complaints(page)

    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
