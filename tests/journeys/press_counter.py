"""
What a person really did in a window: every press of the pointer and every key chord that the browser held to be
trusted, as the documents saw them. Typing into a field that has the focus is free. The list of a select is no part of
the document: that something was chosen from it counts for the press that chose it.
"""

import json

from selenium.webdriver import Chrome

# Before any script of the page, in every document of the tab. What was counted outlives the page in its storage.
COUNT = """
(() => {
  const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"];
  const FIELDS = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select";
  const note = (event, what) => {
    if (!event.isTrusted) return;
    const place = event.target.id || event.target.textContent.trim().replace(/\\s+/g, " ").slice(0, 30);
    const noted = JSON.parse(sessionStorage.getItem("presses") || "[]");
    sessionStorage.setItem("presses", JSON.stringify([...noted, `${what} on ${event.target.localName} ${place}`]));
  };
  addEventListener("change", (event) => event.target.matches("select") && note(event, "choice"), true);
  addEventListener("pointerdown", (event) => note(event, "pointer"), true);
  addEventListener("keydown", (event) => {
    if (MODIFIERS.includes(event.key)) return;
    const isChord = event.ctrlKey || event.altKey || event.metaKey;
    if (!isChord && event.key.length === 1 && event.target.matches?.(FIELDS)) return;
    note(event, `key ${event.key}`);
  }, true);
})();
"""


class PressCounter:
    def __init__(self, driver: Chrome) -> None:
        self._driver = driver
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": COUNT})

    def start(self) -> None:
        """Anew, from the page that is open."""
        self._driver.execute_script("sessionStorage.removeItem('presses')")

    def presses(self) -> list[str]:
        """In the order in which they came: which, and on what."""
        found: list[str] = json.loads(self._driver.execute_script("return sessionStorage.getItem('presses') || '[]'"))
        return found
