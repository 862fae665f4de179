"""A window of headless Chromium, and what a person does in it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from freightbridge.machine_setup.system_packages import find_chromedriver, find_chromium
from tests.conftest import PASSWORD

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1440,1000",
)  # fmt: skip
WAIT_SECONDS = 60.0
FIND_VIOLATIONS = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: arguments[0]}).then(({violations}) => done(violations.map(({id, nodes}) =>
  `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`)), (error) => done([String(error)]));
"""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Window:
    driver: Chrome
    address: str

    def open(self, path: str) -> None:
        self.driver.get(path if path.startswith("http") else f"{self.address}{path}")

    def sign_in(self, email: str) -> None:
        self.open("/login/")
        self.type("login", email)
        self.type("password", PASSWORD)
        self.press("Sign in")

    def type(self, name: str, text: str) -> None:
        self.driver.find_element(By.NAME, name).send_keys(text)

    def press(self, label: str, *, inside: str = "") -> None:
        """The button or link of this name that can be seen, as soon as there is one."""
        path = (
            f"//*[self::button or self::a][normalize-space(.)='{label}' or starts-with(normalize-space(.), '{label}')]"
        )
        self.wait_for(lambda: self._shown(By.XPATH, f"{inside}{path}"), f"no {label!r} to press").click()

    def find(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first one, as soon as it is there."""
        return self.wait_for(lambda: self.find(selector), f"no {selector}")[0]

    def text(self, selector: str) -> str:
        """Of the first one, empty while there is none."""
        try:
            return next((" ".join(element.text.split()) for element in self.find(selector)), "")
        except StaleElementReferenceException:
            return ""

    def wait_for(self, ask: Callable[[], Found], complaint: str) -> Found:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            found = ask()
            if found:
                return found
            assert time.monotonic() < deadline, f"{complaint} on {self.driver.current_url}"
            time.sleep(0.1)

    def scroll_to(self, element: WebElement) -> WebElement:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        return element

    def look_as(self, *, theme: str, width: int) -> None:
        """A telephone is imitated by its width, since no window gets as narrow."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def faults(self) -> list[str]:
        """What is wrong with the page for anybody: accessibility, console and policy, width."""
        self.driver.execute_script(AXE())
        return [
            *self.driver.execute_async_script(FIND_VIOLATIONS, RULES),
            *self.complaints(),
            *(["wider than the window"] if self._is_too_wide() else []),
        ]

    def complaints(self) -> list[str]:
        """Of the browser's console since it was last asked; what the policy blocks stands there too."""
        entries: list[dict[str, Any]] = self.driver.get_log("browser")
        return [f"console: {entry['message']}" for entry in entries if entry["level"] in {"SEVERE", "WARNING"}]

    def _is_too_wide(self) -> bool:
        return bool(self.driver.execute_script("return document.documentElement.scrollWidth > innerWidth"))

    def _shown(self, by: str, what: str) -> WebElement | None:
        try:
            return next((found for found in self.driver.find_elements(by, what) if found.is_displayed()), None)
        except StaleElementReferenceException:
            return None


def open_window(address: str, *, profile: Path) -> Window:
    """`profile`: an empty folder, so that no window knows of another."""
    options = ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.binary_location = find_chromium() or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Window(Chrome(options=options, service=Service(find_chromedriver())), address)
