// Keys press what stands on the page for the mouse too: [data-key] says which. [data-shortcuts="off"] on <html> or
// <body> switches off all that are a single character (WCAG 2.1.4). Reads picks, says and previews with app.js.
"use strict";

(function () {
  // --- Rows: the focus is on the row's own link, so Enter opens it and a screen reader reads it --------------------
  const rowLink = (row) => row.querySelector("a[href]");
  const listRows = () => all("[data-rows] > tr").filter(rowLink);
  const rowNow = () => document.activeElement.closest("[data-rows] > tr");
  const rowBox = (row) => row?.querySelector("input[type=checkbox]");

  // Without a row of its own the focus goes to the first one that can be seen.
  function move(step) {
    const shown = listRows();
    const now = shown.indexOf(rowNow());
    const next = shown[now < 0 ? Math.max(0, shown.findIndex(isInSight)) : now + step];
    if (next) rowLink(next).focus();
    return Boolean(next);
  }

  const isInSight = (row) => row.getBoundingClientRect().top > document.querySelector("header").offsetHeight;
  const moveFrom = (step) => (rowNow() || document.activeElement === document.body) && move(step);

  function tick(shiftKey) {
    const box = rowBox(rowNow());
    box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
    return Boolean(box);
  }

  // This page first, then all that match.
  function tickAll() {
    const page = document.getElementById("pick-page");
    if (page) (page.checked ? document.getElementById("pick-all") : page).click();
    return Boolean(page);
  }

  // --- What is pressed: of the row that has the focus, of what is selected, of the page --------------------------------
  function button(key) {
    const named = `[data-key="${key}"]`;
    const ofPage = all(named, document.getElementById("main")).filter((one) => !one.closest("[data-rows]"));
    return [...all(named, rowNow() ?? document.createElement("i")), ...ofPage].find((one) => one.checkVisibility());
  }

  // One that this person may not use says why as soon as it has the focus.
  function press(key) {
    const pressed = button(key);
    if (pressed) pressed.matches("[aria-disabled=true]") ? pressed.focus() : pressed.click();
    return Boolean(pressed);
  }

  // Without a selection the row that has the focus is what is meant.
  function send() {
    if (!button("s") && rowBox(rowNow())) tick(false);
    if (!press("s") && document.getElementById("bulk-bar")) say("Nothing is selected: x selects the row that has the focus.");
    return true;
  }

  function preview() {
    const row = rowNow();
    if (button("p") || !row?.dataset.preview) return press("p");
    previewBeside(row);
    return true;
  }

  function search() {
    const ofList = document.getElementById("id_q");
    if (!ofList) document.getElementById("find")?.showModal();
    ofList?.focus();
    ofList?.select();
    return true;
  }

  function follow(key) {
    const link = document.querySelector(`#shortcuts a[data-key="g ${key}"]`);
    link?.click();
    return Boolean(link);
  }

  const characters = {
    j: () => move(1),
    k: () => move(-1),
    x: () => tick(false),
    "shift+x": () => tick(true),
    a: tickAll,
    s: send,
    p: preview,
    f: () => press("f"),
    o: () => press("o"),
    "/": search,
    "?": () => document.getElementById("shortcuts")?.showModal() ?? true,
  };
  const others = {
    ArrowDown: () => moveFrom(1),
    ArrowUp: () => moveFrom(-1),
    Enter: () => document.activeElement === rowBox(rowNow()) && (rowLink(rowNow()).click(), true),
    Escape: () => picks.size > 0 && (clearPicks(), true),
  };

  // --- When nothing is done: in fields, with modifiers, in dialogs and menus ---------------------------------------------
  const FIELDS = "input:not([type=checkbox], [type=submit], [type=button]), textarea, select";
  const isOff = () => [document.documentElement, document.body].some((one) => one.dataset.shortcuts === "off");
  const isElsewhere = (place) => document.querySelector("dialog[open]") || place.closest(`${FIELDS}, .dropdown-menu`);
  const FOLLOW_MILLISECONDS = 1500;
  let followsUntil = 0;

  // A letter with shift is another key; signs need it on many keyboards.
  function nameOf({ key, shiftKey }) {
    if (!/^[a-z]$/i.test(key)) return key;
    return shiftKey ? `shift+${key.toLowerCase()}` : key.toLowerCase();
  }

  function typed(name, now) {
    if (isOff()) return false;
    if (name === "g") followsUntil = now + FOLLOW_MILLISECONDS;
    else if (now < followsUntil) return (followsUntil = 0), follow(name);
    return characters[name]?.();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = nameOf(event);
    if (event.target.id === "id_q" && name === "ArrowDown") {
      if (move(1)) event.preventDefault();
      return;
    }
    // Enter that is held down on a button must not press Send in the dialog which that button opens.
    if (event.repeat && name === "Enter" && document.querySelector("dialog[open]")) event.preventDefault();
    const moves = ["j", "k", "ArrowDown", "ArrowUp"].includes(name);
    if (isElsewhere(event.target) || (event.repeat && !moves)) return;
    if (event.key.length === 1 ? typed(name, event.timeStamp) : others[name]?.()) event.preventDefault();
  });

  // --- The focus stays where it was when htmx has put other content in its place -------------------------------------------
  let place = null;

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const element = document.activeElement;
    place = detail.target.contains(element) ? { element, row: listRows().indexOf(rowNow()) } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (place && document.activeElement === document.body) placeAgain(place)?.focus({ preventScroll: true });
  });

  // The same control, else one that leads to the same place, else the row that moved up, else the list's beginning.
  function placeAgain({ element, row }) {
    const controls = all("a[href], button, summary", document.getElementById("main"));
    const same = controls.find((one) => one.isEqualNode(element)) ?? controls.find((one) => one.href && one.href === element.href);
    const shown = listRows();
    return same ?? (shown.length ? rowLink(shown[Math.max(0, Math.min(row, shown.length - 1))]) : null);
  }
})();
