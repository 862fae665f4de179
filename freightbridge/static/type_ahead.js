// A long list is chosen from by typing a part of a code or name. The select stays what the form sends, and is all that
// there is without this script. Keys as in the WAI-ARIA pattern of a combobox with a list.
"use strict";

(() => {
  let count = 0;
  const text = (option) => option.textContent.trim();
  const shownAs = (option) => (option?.value ? text(option) : "");
  const fits = (option, typed) => typed.toLowerCase().split(/\s+/).every((word) => text(option).toLowerCase().includes(word));
  const isCalled = (option, typed) => [option.value, text(option)].some((name) => name.toLowerCase() === typed.toLowerCase());

  function element(name, className, attributes) {
    const made = document.createElement(name);
    made.className = className;
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  class TypeAhead {
    constructor(select) {
      const id = `type-ahead-${(count += 1)}`;
      const label = select.labels[0];
      this.select = select;
      this.options = [...select.options];
      this.list = element("ul", "type-ahead-list", { id: `${id}-list`, role: "listbox", popover: "manual", "aria-label": select.ariaLabel || label?.textContent.trim() || "Choices" });
      this.note = element("div", "cell-note text-danger", { id: `${id}-note`, role: "status" });
      this.input = this.#field(id, label);
      const around = element("div", "type-ahead", {});
      around.append(this.input, this.list, this.note);
      const hadFocus = document.activeElement === select || select.autofocus;
      // A hidden field that is required could not be complained of.
      select.required = false;
      select.hidden = true;
      select.after(around);
      this.#listen();
      this.show();
      if (hadFocus) this.input.focus();
    }

    #field(id, label) {
      const none = this.options.find((option) => !option.value);
      const input = element("input", `form-control ${this.select.classList.contains("is-invalid") ? "is-invalid" : ""}`, {
        id, type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
        placeholder: none && text(none).length > 1 ? text(none) : "Type to search",
        "aria-describedby": [this.select.getAttribute("aria-describedby"), this.note.id].filter(Boolean).join(" "),
      });
      if (this.select.ariaLabel) input.ariaLabel = this.select.ariaLabel;
      if (label) label.htmlFor = id;
      input.disabled = this.select.disabled;
      input.required = this.select.required;
      return input;
    }

    #listen() {
      this.input.addEventListener("input", () => this.open(this.input.value.trim()));
      this.input.addEventListener("click", () => this.isOpen || this.#openWhole());
      this.input.addEventListener("blur", () => this.settle());
      this.input.addEventListener("keydown", (event) => this.#key(event));
      // The focus stays in the field.
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", ({ target }) => this.choose(this.#optionOf(target.closest("li"))));
    }

    get isOpen() { return this.input.ariaExpanded === "true"; }
    get chosen() { return this.select.selectedOptions[0]; }
    get active() { return this.list.querySelector("[aria-selected=true]"); }

    #optionOf(item) { return item && this.options[Number(item.dataset.position)]; }

    show() {
      this.input.value = shownAs(this.chosen);
      this.complain("");
    }

    complain(words) {
      this.input.setCustomValidity(words);
      this.note.textContent = words;
    }

    open(typed) {
      this.complain("");
      const found = this.options.filter((option) => !typed || (option.value && fits(option, typed)));
      this.list.replaceChildren(...found.map((option) => this.#item(option)));
      if (!found.length) this.list.append(element("li", "type-ahead-none", { role: "option", "aria-disabled": "true" }));
      if (!found.length) this.list.firstChild.textContent = "Nothing of the list fits";
      this.list.showPopover();
      this.input.ariaExpanded = "true";
      this.place();
      const first = typed ? found.find((option) => !option.disabled) : this.chosen;
      this.#activate(this.list.children[found.indexOf(first)]);
    }

    // What is typed next takes the place of what was chosen.
    #openWhole() {
      this.input.select();
      this.open("");
    }

    #item(option) {
      const position = this.options.indexOf(option);
      const item = element("li", "", { id: `${this.list.id}-${position}`, role: "option", "data-position": position, "aria-selected": "false" });
      item.textContent = text(option);
      if (option.disabled) item.ariaDisabled = "true";
      return item;
    }

    // In the top layer, so that no table cuts it off: below the field, or above it where there is more room.
    place() {
      const box = this.input.getBoundingClientRect();
      const page = document.documentElement.clientWidth, height = window.visualViewport.height;
      const width = Math.min(Math.max(box.width, 320), page - 16);
      const isBelow = height - box.bottom > Math.min(box.top, 240);
      const room = isBelow ? height - box.bottom : box.top;
      Object.assign(this.list.style, {
        width: `${width}px`, left: `${Math.max(8, Math.min(box.left, page - width - 8))}px`, maxHeight: `${Math.min(room - 12, 320)}px`,
        top: isBelow ? `${box.bottom + 4}px` : "auto", bottom: isBelow ? "auto" : `${window.innerHeight - box.top + 4}px`,
      });
    }

    close() {
      if (!this.isOpen) return;
      this.input.ariaExpanded = "false";
      this.input.removeAttribute("aria-activedescendant");
      this.list.hidePopover();
      this.list.replaceChildren();
    }

    #activate(item) {
      this.active?.setAttribute("aria-selected", "false");
      this.input.removeAttribute("aria-activedescendant");
      if (!item) return;
      item.setAttribute("aria-selected", "true");
      this.input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }

    #move(step) {
      const items = [...this.list.querySelectorAll("[data-position]")];
      const now = items.indexOf(this.active);
      const next = now < 0 ? (step > 0 ? 0 : items.length - 1) : (now + step + items.length) % items.length;
      this.#activate(items[next]);
    }

    #key(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !this.isOpen) this.#openWhole();
      else if (step) this.#move(step);
      else if (event.key === "Enter" && this.isOpen) this.choose(this.#optionOf(this.active));
      else if (event.key === "Escape" && this.isOpen) { this.close(); this.show(); }
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    choose(option) {
      if (!option) return;
      if (option.disabled) {
        this.complain(`Cannot be chosen: ${text(option)}`);
        return;
      }
      option.selected = true;
      this.select.dispatchEvent(new Event("change", { bubbles: true }));
      this.close();
      this.show();
    }

    // What was typed and not chosen counts where it can mean one only; else it is said, and nothing is sent.
    settle() {
      const typed = this.input.value.trim();
      this.close();
      if (typed === shownAs(this.chosen) && !(typed && this.chosen.disabled)) return this.complain("");
      const meant = this.options.filter((option) => (typed ? option.value && isCalled(option, typed) : !option.value));
      const found = meant.length || !typed ? meant : this.options.filter((option) => option.value && fits(option, typed));
      const open = found.filter((option) => !option.disabled);
      if (open.length === 1) this.choose(open[0]);
      else if (open.length) this.complain("Several fit: choose one of the list.");
      else if (found.length) this.complain(`Cannot be chosen: ${text(found[0])}`);
      else this.complain(typed ? "Nothing of the list is called so." : "");
    }
  }

  const made = new Map();

  function enhance(inside) {
    inside.querySelectorAll?.("select[data-type-ahead]:not([hidden])").forEach((select) => made.set(select, new TypeAhead(select)));
    made.forEach((_, select) => select.isConnected || made.delete(select));
  }

  // Before anything else hears of the submit; forms that let the server judge are no exception.
  document.addEventListener("submit", (event) => {
    for (const [select, { input }] of made) {
      if (select.form !== event.target || input.disabled) continue;
      made.get(select).settle();
      if (input.checkValidity()) continue;
      event.preventDefault();
      event.stopImmediatePropagation();
      input.reportValidity();
      return;
    }
  }, true);
  for (const moves of ["scroll", "resize"]) addEventListener(moves, () => made.forEach((one) => one.isOpen && one.place()), true);
  // Rows that are added and what htmx swaps in come this way too.
  document.addEventListener("DOMContentLoaded", () => {
    if (!("popover" in HTMLElement.prototype)) return;
    enhance(document);
    new MutationObserver((changes) => changes.some(({ addedNodes }) => addedNodes.length) && enhance(document)).observe(document.body, { childList: true, subtree: true });
  });
})();
