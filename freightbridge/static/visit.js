// On a visit of support nothing of the company can be changed. The server refuses it; here it is said beforehand.
"use strict";

const refusal = () => document.getElementById("visit-bar").dataset.refusal;
const isCompanys = (address) => new URL(address, location.href).pathname.startsWith("/o/");
const writesBy = (form, button) => form.method === "post" && isCompanys(button?.getAttribute("formaction") ?? form.getAttribute("action") ?? "");

// As button_with_reason does it: it can be reached and read, and does nothing.
function switchOff(button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.type = "button";
  button.classList.add("disabled");
  button.setAttribute("aria-disabled", "true");
  button.dataset.bsToggle = "tooltip";
  button.title = refusal();
  button.insertAdjacentHTML("beforeend", '<span class="visually-hidden"></span>');
  button.lastElementChild.textContent = `: ${refusal()}`;
}

function switchAllOff() {
  for (const form of document.forms) {
    for (const button of [...form.elements].filter(({ type }) => type === "submit")) {
      if (writesBy(form, button)) switchOff(button);
    }
  }
  for (const button of document.querySelectorAll("button[hx-post]")) {
    if (isCompanys(button.getAttribute("hx-post"))) switchOff(button);
  }
}

function sayRefusal(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  complain(refusal());
}

document.addEventListener("submit", (event) => writesBy(event.target, event.submitter) && sayRefusal(event), true);
document.addEventListener("htmx:confirm", (event) => {
  if (event.detail.verb !== "get" && isCompanys(event.detail.path)) sayRefusal(event);
}, true);
for (const when of ["DOMContentLoaded", "htmx:load"]) document.addEventListener(when, switchAllOff);
