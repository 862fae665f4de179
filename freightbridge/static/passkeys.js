// Ties allauth's passkey script to our buttons: data-passkey says what a button does (add, authenticate, login).
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    const { passkey, credential, passwordless } = button.dataset;
    window.allauth.webauthn.forms[`${passkey}Form`]({ ids: { [passkey]: button.id, credential, passwordless, data: "js_data" } });
  }
});

// The browser's own words are for programmers. The commonest cause is that the person closed its window.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const isKnown = event.detail.exception.name === "InvalidStateError";
  document.getElementById("passkey-error").textContent = isKnown
    ? "This device has a passkey for you already."
    : "That did not work: the browser was given no passkey. Try again, or use another way.";
});
