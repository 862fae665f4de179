// A row of a list opens beside it, in a dialog whose content the server draws. Which one is open stands in the address
// as `entry`: it can be shared and loaded anew, and Back closes it.
"use strict";

(function () {
  const panel = document.querySelector("dialog.side-panel");
  const content = panel.firstElementChild;

  const openEntry = (address = location) => new URL(address).searchParams.get("entry");

  function listAddress() {
    const address = new URL(location);
    address.searchParams.delete("entry");
    address.hash = "";
    return address.href;
  }

  const load = (address) => htmx.ajax("GET", address, { target: content });

  // --- A link is followed; elsewhere the row is pressed, unless some of its text is being selected -------------------
  function pressedLink({ target }) {
    const control = target.closest("a, button");
    if (control) return control.closest("a[data-opens]");
    return getSelection().isCollapsed ? target.closest("tr")?.querySelector("a[data-opens]") : null;
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = pressedLink(event), closes = event.target === panel || event.target.closest("[data-close-panel]");
    if (!link && !closes) return;
    event.preventDefault();
    closes ? panel.close() : load(link.href);
  });

  // --- Shown: app.js has opened the dialog around what was swapped --------------------------------------------------
  let entry = openEntry();
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== content) return;
    const address = new URL(detail.pathInfo.requestPath, location).href;
    if (address !== location.href) history.pushState({ isPanel: true }, "", address);
    entry = openEntry();
  });

  // --- Closed, in whatever way: the address follows, and the focus goes back to the row -------------------------------
  panel.addEventListener("close", () => {
    if (history.state?.isPanel) history.back();
    else if (openEntry()) history.replaceState(history.state, "", listAddress());
    (document.getElementById(`open-${entry}`) ?? document.getElementById("main")).focus();
  });

  // --- Back and Forward among the entries of one list: the list itself stays, so htmx has nothing to restore -------------
  let shownList = listAddress();
  for (const moved of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) {
    document.addEventListener(moved, () => { shownList = listAddress(); });
  }
  addEventListener("popstate", (event) => {
    if (listAddress() !== shownList) return;
    event.stopImmediatePropagation();
    openEntry() ? load(location.href) : panel.close();
  }, true);

  // --- Loaded with one open: without a script it stands over the list as it is --------------------------------------------
  if (panel.open) {
    panel.removeAttribute("open");
    panel.showModal();
  }
})();
