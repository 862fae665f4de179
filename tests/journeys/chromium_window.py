"""A window of headless Chromium, and what a person does in it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver import ActionChains, Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from freightbridge.machine_setup.system_packages import find_chromedriver, find_chromium
from tests.conftest import PASSWORD

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1440,1000",
)  # fmt: skip
WAIT_SECONDS, LOOK_AGAIN_SECONDS = 150.0, 0.03
MOST_TABS = 80
# What can be pressed but not seen whole: beyond the window or the edge of what hides it, unless that can be scrolled.
FIND_CUT_OFF = """
const page = document.documentElement.clientWidth;
const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
return controls.filter((one) => {
  const box = one.getBoundingClientRect();
  if (!one.checkVisibility({visibilityProperty: true}) || box.width < 2) return false;
  if (one.closest(".visually-hidden, .visually-hidden-focusable")) return false;
  for (let around = one.parentElement; around; around = around.parentElement) {
    const flow = getComputedStyle(around).overflowX, edge = around.getBoundingClientRect();
    if (flow === "auto" || flow === "scroll") return false;
    if (flow !== "visible" && (box.right > edge.right + 1 || box.left < edge.left - 1)) return true;
  }
  return box.right > page + 1 || box.left < -1;
}).map((one) => `cut off: ${one.localName} ${(one.id || one.textContent).trim().slice(0, 40)}`);
"""
FIND_VIOLATIONS = """
const done = arguments[arguments.length - 1];
const options = {runOnly: arguments[0], resultTypes: ["violations"]};
axe.run(document, options).then(({violations}) => done(violations.map(({id, nodes}) =>
  `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`)), (error) => done([String(error)]));
"""
# A colour that is still on its way from one theme to the other is neither's.
END_TRANSITIONS = """
document.getAnimations().filter((one) => one instanceof CSSTransition).forEach((one) => one.finish());
"""
# How the driver says it of an element whose page was left between finding it and reading it.
LEFT_THE_PAGE = ("does not belong to the document", "aborted by navigation")
Found = TypeVar("Found")


@contextmanager
def unless_replaced() -> Iterator[None]:
    """What is read of an element that is being replaced is not there yet: the block is left, and nothing raised."""
    try:
        yield
    except StaleElementReferenceException:
        pass
    except WebDriverException as error:
        if not any(words in str(error.msg) for words in LEFT_THE_PAGE):
            raise


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
        self.wait_for(lambda: "/login/" not in self.driver.current_url, "not signed in")

    def type(self, name: str, text: str) -> None:
        self.driver.find_element(By.NAME, name).send_keys(text)

    def press(self, label: str, *, inside: str = "") -> None:
        """The button or link of this name that can be seen, as soon as there is one."""
        path = (
            f"//*[self::button or self::a][normalize-space(.)='{label}' or starts-with(normalize-space(.), '{label}')]"
        )
        self.wait_for(lambda: self._shown(By.XPATH, f"{inside}{path}"), f"no {label!r} to press").click()

    def keys(self, *keys: str) -> None:
        """To whatever has the focus, one after the other."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def chord(self, modifier: str, key: str) -> None:
        ActionChains(self.driver).key_down(modifier).send_keys(key).key_up(modifier).perform()

    def tab_to(self, label: str) -> None:
        """With the keyboard alone, to the control of this name."""
        for _ in range(MOST_TABS):
            if self.focused().startswith(label):
                return
            self.keys(Keys.TAB)
        raise AssertionError(f"no {label!r} within {MOST_TABS} tabs on {self.driver.current_url}")

    def focused(self) -> str:
        """What has the focus, in words: its text or its label; empty while it is being replaced."""
        with unless_replaced():
            element = self.driver.switch_to.active_element
            return " ".join((element.text or element.accessible_name).split())
        return ""

    def find(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        """The first one, as soon as it is there."""
        return self.wait_for(lambda: self.find(selector), f"no {selector}")[0]

    def text(self, selector: str) -> str:
        """Of the first one, empty while there is none."""
        with unless_replaced():
            return next((" ".join(element.text.split()) for element in self.find(selector)), "")
        return ""

    def wait_for(self, ask: Callable[[], Found], complaint: str) -> Found:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            with unless_replaced():
                if found := ask():
                    return found
            assert time.monotonic() < deadline, f"{complaint} on {self.driver.current_url}"
            time.sleep(LOOK_AGAIN_SECONDS)

    def scroll_to(self, element: WebElement) -> WebElement:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        return element

    def look_as(self, *, theme: str, width: int) -> None:
        """
        Now and for the pages to come, without a reload. A telephone is imitated by its width, since no window gets as
        narrow.
        """
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def theme(self) -> str:
        return str(self.driver.execute_script("return document.documentElement.dataset.bsTheme"))

    def faults(self) -> list[str]:
        """What is wrong with the page for anybody: accessibility, console and policy, width."""
        self.driver.execute_script(END_TRANSITIONS)
        if not self.driver.execute_script("return 'axe' in window"):
            self.driver.execute_script(AXE())
        return [
            *self.driver.execute_async_script(FIND_VIOLATIONS, RULES),
            *self.complaints(),
            *(["wider than the window"] if self._is_too_wide() else []),
        ]

    def layout_faults(self) -> list[str]:
        """What does not fit into the width."""
        return [
            *self.driver.execute_script(FIND_CUT_OFF),
            *(["wider than the window"] if self._is_too_wide() else []),
        ]

    def complaints(self) -> list[str]:
        """Of the browser's console since it was last asked; what the policy blocks stands there too."""
        entries: list[dict[str, Any]] = self.driver.get_log("browser")
        return [f"console: {entry['message']}" for entry in entries if entry["level"] in {"SEVERE", "WARNING"}]

    def _is_too_wide(self) -> bool:
        """A telephone's inner width grows with what is too wide; the client width does not."""
        page = "document.documentElement"
        return bool(self.driver.execute_script(f"return {page}.scrollWidth > {page}.clientWidth"))

    def _shown(self, by: str, what: str) -> WebElement | None:
        with unless_replaced():
            return next((found for found in self.driver.find_elements(by, what) if found.is_displayed()), None)
        return None


def open_window(address: str, *, profile: Path) -> Window:
    """`profile`: an empty folder, so that no window knows of another."""
    options = ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.binary_location = find_chromium() or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Window(Chrome(options=options, service=Service(find_chromedriver())), address)
