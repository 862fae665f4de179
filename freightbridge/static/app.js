// The little that pages cannot do without a script. Nothing here decides anything: the server does.
"use strict";

const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

// --- What is clicked, by the attribute of the button ------------------------------------------------------
const clicks = {
  "[data-theme]": (button) => window.chooseTheme(button.dataset.theme),
  "[data-open-dialog]": (button) => openDialog(button),
  "[data-close-dialog]": (button) => button.closest("dialog").close(),
  "[data-close-toast]": (button) => button.closest("[data-toast]").remove(),
  "[data-add-row]": (button) => addRow(document.getElementById(button.dataset.addRow)),
  "[data-copy]": (button) => copy(button),
  "[data-clear-picks]": () => clearPicks(),
};

document.addEventListener("click", (event) => {
  for (const [selector, act] of Object.entries(clicks)) {
    const button = event.target.closest(selector);
    if (button) act(button);
  }
});

// A dialog gives the focus back when it closes: an entry of a menu is gone by then, the menu's own button is not.
function openDialog(button) {
  button.closest(".dropdown")?.querySelector("[data-bs-toggle=dropdown]").focus();
  document.getElementById(button.dataset.openDialog).showModal();
}

// Without a text of its own the button means what stands beside it.
function copy(button) {
  navigator.clipboard.writeText(button.dataset.copy || button.closest("section").querySelector("pre").textContent);
  say("Copied");
}

// One more empty row of a form that has many: the template's __prefix__ becomes the row's number.
function addRow(template) {
  const total = document.getElementById(template.dataset.total);
  template.insertAdjacentHTML("beforebegin", template.innerHTML.replaceAll("__prefix__", total.value));
  total.value = Number(total.value) + 1;
  template.previousElementSibling.querySelector("input, select").focus();
}

// --- One shipment is previewed beside its list, which stays where it is; of several there is a page ----------
let previewed = "";
function previewBeside(row) {
  previewed = row.querySelector("a[href]").id;
  window.htmx.ajax("GET", row.dataset.preview, "#preview-drawer-content");
}
// The list may have drawn itself anew meanwhile: what had the focus is gone then, and the row is another element.
document.addEventListener("close", ({ target }) => target.id === "preview-drawer" && document.getElementById(previewed)?.focus(), true);
document.addEventListener("submit", (event) => {
  const row = event.target.matches("[data-one-beside]") && onlyPicked()?.closest("[data-preview]");
  if (!row) return;
  event.preventDefault();
  previewBeside(row);
});

// --- Forms: a second click sends nothing, unless a file comes and the page stays; what is dangerous is typed first ------------------------------
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[data-stays]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
document.addEventListener("input", ({ target }) => {
  if (target.dataset.mustEqual) target.setCustomValidity(target.value.trim() === target.dataset.mustEqual ? "" : `Type ${target.dataset.mustEqual}`);
});

// --- A file may be dropped where it can be chosen -----------------------------------------------------------
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop-zone]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragover");
    if (kind === "drop") document.getElementById(zone.dataset.dropZone).files = event.dataTransfer.files;
  });
}

// --- Said once, below on the right --------------------------------------------------------------------------
function say(text) {
  const toast = document.createElement("div");
  toast.className = "toast show";
  toast.dataset.toast = "";
  toast.innerHTML = '<div class="toast-body"></div>';
  toast.firstChild.textContent = text;
  // Beside an open dialog nothing is seen or heard.
  (document.querySelector("dialog:modal [data-toasts]") ?? document.getElementById("toasts")).append(toast);
  fade(toast);
}

function fade(toast) {
  const later = () => setTimeout(() => (toast.matches(":hover, :focus-within") ? later() : toast.remove()), 5000);
  later();
}

// --- What is picked in a list, kept while the list changes -----------------------------------------------------
const picks = new Map();
let everything = false;
let lastBox = "";

const boxes = () => all("input[name=shipment][data-cents]");

document.addEventListener("change", ({ target }) => {
  if (target.id === "pick-page") boxes().forEach((box) => pick(box, target.checked));
  else if (target.matches("input[name=shipment][data-cents]")) pick(target, target.checked);
  else return;
  everything = false;
  showPicks();
});

// With shift everything between the last one and this one follows it.
document.addEventListener("click", ({ target, shiftKey }) => {
  if (!target.matches("input[name=shipment][data-cents]")) return;
  const shown = boxes();
  const [from, to] = [shown.findIndex((box) => box.id === lastBox), shown.indexOf(target)].sort((one, other) => one - other);
  if (shiftKey && from >= 0) shown.slice(from, to + 1).forEach((box) => pick(box, target.checked));
  lastBox = target.id;
});

function pick(box, isPicked) {
  box.checked = isPicked;
  if (isPicked) picks.set(box.value, { ...box.dataset });
  else picks.delete(box.value);
}

// Its box, where it is on this page.
const onlyPicked = () => (!everything && picks.size === 1 ? boxes().find((box) => picks.has(box.value)) : null);

function clearPicks() {
  picks.clear();
  everything = false;
  showPicks();
}

function summary() {
  const sums = new Map();
  for (const { currency, cents } of picks.values()) sums.set(currency, (sums.get(currency) || 0) + Number(cents));
  const amounts = [...sums].filter(([currency]) => currency).map(([currency, cents]) => `${currency} ${(cents / 100).toLocaleString("en-GB", { minimumFractionDigits: 2 })}`);
  const stuck = [...picks.values()].filter(({ goes }) => goes !== "yes").length;
  return [`${picks.size} selected`, ...amounts, ...(stuck ? [`${stuck} cannot go`] : [])].join(" · ");
}

function showPicks() {
  const bar = document.getElementById("bulk-bar");
  if (!bar) return;
  const shown = boxes();
  shown.forEach((box) => {
    box.checked = everything || picks.has(box.value);
    box.closest("tr").classList.toggle("row-picked", box.checked);
    if (picks.has(box.value)) picks.set(box.value, { ...box.dataset });
  });
  const page = document.getElementById("pick-page");
  if (page) page.checked = shown.length > 0 && shown.every((box) => box.checked);
  bar.hidden = !everything && picks.size === 0;
  if (bar.hidden && bar.contains(document.activeElement)) page?.focus();
  document.getElementById("pick-all").textContent = `Select all ${document.getElementById("list").dataset.total} that match`;
  if (!everything) document.getElementById("bulk-summary").textContent = summary();
  sessionStorage.setItem(KEPT_PICKS, JSON.stringify({ everything, picked: [...picks] }));
}

// A reload keeps them, in this window and for this list; whoever comes from elsewhere, such as from a send, begins with none.
const KEPT_PICKS = `picks of ${location.pathname}`;
function bringPicksBack() {
  const kept = JSON.parse(sessionStorage.getItem(KEPT_PICKS) ?? "{}");
  if (!document.getElementById("bulk-bar") || performance.getEntriesByType("navigation")[0]?.type !== "reload") return;
  kept.picked?.forEach(([id, facts]) => picks.set(id, facts));
  if (kept.everything) addEventListener("load", () => document.getElementById("pick-all").click());
}

// What is picked goes along with whatever asks for it: the shipments by name, or "all" with the list's filters.
const filters = () => location.search.slice(1);
const selection = () => (everything ? [["all", "1"], ["filters", filters()]] : [...picks.keys()].map((id) => ["shipment", id]));

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.matches("[data-with-filters]")) detail.path += `?${filters()}`;
  if (detail.elt.matches("[data-with-picks]")) selection().forEach(([name, value]) => detail.formData.append(name, value));
});
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.matches("[data-with-picks]")) selection().forEach(([name, value]) => formData.append(name, value));
});

// --- A list that reads itself again waits while something of it is pressed or stands open: it asks again soon ------
let isPressed = false;
document.addEventListener("pointerdown", () => { isPressed = true; });
for (const kind of ["pointerup", "pointercancel"]) document.addEventListener(kind, () => { isPressed = false; });
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const isListItself = detail.target.id === "list" && detail.requestConfig.elt === detail.target;
  if (isListItself && (isPressed || detail.target.querySelector(".dropdown-menu.show"))) detail.shouldSwap = false;
});

// --- After htmx has changed the page -----------------------------------------------------------------------------
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id === "bulk-summary") everything = true;
  detail.target.closest("dialog:not([open])")?.showModal();
  refresh();
});
// The bell and a resting list look by themselves: neither their troubles nor their successes say anything of what was
// clicked.
const looksByItself = ({ elt }) => ["bell-count", "list-news"].includes(elt.id);
document.addEventListener("htmx:responseError", ({ detail }) => looksByItself(detail) || complain(`This could not be loaded (${detail.xhr.status}). If you ask for help, quote ${detail.xhr.getResponseHeader("X-Request-ID")}.`));
document.addEventListener("htmx:sendError", ({ detail }) => looksByItself(detail) || complain("FreightBridge cannot be reached. Check your connection; the page goes on by itself."));
document.addEventListener("htmx:afterOnLoad", ({ detail }) => looksByItself(detail) || complain(""));

function complain(text) {
  const place = document.getElementById("page-alert");
  place.className = text ? "alert alert-danger" : "";
  place.textContent = text;
}

// A row that has left its tab fades once, however often its list is drawn anew.
let fadedRows = new Set();
function fadeMovedRows() {
  const moved = all(".row-moved input[name=shipment]");
  moved.filter((box) => !fadedRows.has(box.value)).forEach((box) => box.closest("tr").classList.add("row-fades"));
  fadedRows = new Set(moved.map((box) => box.value));
}

function refresh() {
  fadeMovedRows();
  all('[data-bs-toggle="tooltip"]').forEach((element) => window.bootstrap?.Tooltip.getOrCreateInstance(element));
  showPicks();
  const title = document.getElementById("page-title-now");
  if (title) document.title = title.textContent;
}

document.addEventListener("DOMContentLoaded", () => {
  all("[data-toast]").forEach(fade);
  bringPicksBack();
  refresh();
});
