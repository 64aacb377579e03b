/* Small improvements on pages that work without them. Every word on screen comes from the page
   (data attributes), is set with textContent, and nothing is styled from here but with classes. */
"use strict";

/* Menus: Escape and a click elsewhere close them. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

/* Double submit: the second is ignored. The server has its one-time key; this saves the surprise. */
function setBusy(form, busy) {
  form.toggleAttribute("data-busy", busy);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.hasAttribute("data-busy")) {
    event.preventDefault();
    return;
  }
  form.removeAttribute("data-dirty");
  setBusy(form, true);
  setTimeout(() => setBusy(form, false), 10000); // an answer that is a download leaves the page standing
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach((form) => setBusy(form, false)));

/* Leaving with something typed: the browser asks. */
document.addEventListener("input", (event) => {
  event.target.closest("form[data-warn-unsaved]")?.setAttribute("data-dirty", "");
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-warn-unsaved][data-dirty]")) event.preventDefault();
});

/* Printing. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/* Conditional questions: data-shown-if="name=value" or "name=a|b". Values stay in the form. */
function answers(question, name) {
  const row = question.closest("[data-repeat-row]");
  const within = row ? [...row.querySelectorAll(`[name$="-${CSS.escape(name)}"]`)] : [];
  const controls = within.length ? within : [...question.closest("form").querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  return controls
    .filter((control) => !/^(radio|checkbox)$/.test(control.type) || control.checked)
    .map((control) => control.value);
}
function showQuestions(form) {
  for (const question of form.querySelectorAll("[data-shown-if]")) {
    const [name, wanted] = question.dataset.shownIf.split("=");
    const given = answers(question, name);
    question.hidden = !wanted.split("|").some((value) => given.includes(value)) && !question.matches(".field-invalid");
  }
}
document.addEventListener("change", (event) => {
  if (event.target.form) showQuestions(event.target.form);
});
for (const question of document.querySelectorAll("[data-shown-if]")) showQuestions(question.closest("form"));

/* Long answers: how many characters are left. A line break travels as two. */
for (const area of document.querySelectorAll("textarea[data-limit]")) {
  const shown = document.getElementById(`${area.id}-limit`);
  const spoken = document.createElement("span");
  spoken.className = "visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  shown.after(spoken);
  let wait;
  const count = () => {
    const left = area.dataset.limit - [...area.value].length - area.value.split("\n").length + 1;
    const text = (left < 0 ? shown.dataset.over : shown.dataset.left).replace("{n}", Math.abs(left));
    shown.textContent = text;
    shown.classList.toggle("over-limit", left < 0);
    clearTimeout(wait);
    wait = setTimeout(() => { if (left < 100) spoken.textContent = text; }, 1000);
  };
  area.addEventListener("input", count);
  if (area.value) count();
}

/* Repeated rows: spare rows are put away until asked for, more are copied from the last one. */
function controlsOf(row) {
  return [...row.querySelectorAll("input:not([type=hidden]), select, textarea")];
}
function isEmpty(row) {
  return !row.querySelector(".field-invalid") && controlsOf(row).every((control) => {
    if (control.type === "radio") return true;
    if (control.type === "checkbox") return !control.checked;
    return control.tagName === "SELECT" ? control.selectedIndex < 1 : !control.value;
  });
}
function clearRow(row) {
  for (const control of controlsOf(row)) {
    if (/^(radio|checkbox)$/.test(control.type)) control.checked = control.defaultChecked && control.type === "radio";
    else if (control.tagName === "SELECT") control.selectedIndex = 0;
    else control.value = "";
    control.removeAttribute("aria-invalid");
  }
  row.querySelectorAll(".field-error").forEach((error) => error.remove());
  row.querySelectorAll(".field-invalid").forEach((field) => field.classList.remove("field-invalid"));
}
function copyRow(row, prefix, index) {
  const copy = row.cloneNode(true);
  const old = new RegExp(`(^|\\s)${prefix}-\\d+`, "g");
  for (const element of [copy, ...copy.querySelectorAll("[id], [name], [for], [aria-describedby]")]) {
    for (const attribute of ["id", "name", "for", "aria-describedby"]) {
      const value = element.getAttribute(attribute);
      if (value) element.setAttribute(attribute, value.replace(old, `$1${prefix}-${index}`));
    }
  }
  clearRow(copy);
  return copy;
}
function setUpRows(box) {
  const rows = () => [...box.querySelectorAll("[data-repeat-row]")];
  const add = box.querySelector("[data-repeat-add]");
  let next = rows().length;
  const renumber = () => {
    const visible = rows().filter((row) => !row.hidden);
    visible.forEach((row, index) => {
      row.querySelectorAll("[data-repeat-number]").forEach((number) => { number.textContent = index + 1; });
      row.querySelector("[data-repeat-remove]").hidden = visible.length < 2;
    });
    add.hidden = visible.length >= box.dataset.repeatMax;
  };
  for (const row of rows().slice(1).reverse()) {
    if (!isEmpty(row)) break;
    row.hidden = true;
  }
  add.addEventListener("click", () => {
    const row = rows().find((candidate) => candidate.hidden) ?? copyRow(rows().at(-1), box.dataset.repeat, next++);
    row.hidden = false;
    add.closest("p").before(row);
    renumber();
    showQuestions(box.closest("form"));
    controlsOf(row)[0].focus();
  });
  box.addEventListener("click", (event) => {
    const row = event.target.closest("[data-repeat-remove]")?.closest("[data-repeat-row]");
    if (!row) return;
    clearRow(row);
    row.hidden = true;
    renumber();
    box.dispatchEvent(new Event("input", { bubbles: true }));
    (add.hidden ? box : add).focus();
  });
  renumber();
}
document.querySelectorAll("[data-repeat]").forEach(setUpRows);

/* Suggestions under a text field (a combobox with a list). The field works as plain text without it.
   data-suggest-url answers ?q= with [{"value", "label", "note"?}]; the label goes into the field, the
   value into the field named by data-suggest-into, the note beneath. */
function setUpSuggestions(input) {
  const list = document.createElement("ul");
  const spoken = document.createElement("span");
  const box = document.createElement("div");
  const note = document.getElementById(`${input.id}-note`);
  const into = input.dataset.suggestInto && input.form.elements[input.dataset.suggestInto];
  let options = [], active = -1, wait, running;

  box.className = "combobox";
  input.before(box);
  list.className = "combobox-list";
  list.id = `${input.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  list.hidden = true;
  spoken.className = "visually-hidden";
  spoken.setAttribute("aria-live", "polite");
  box.append(input, list, spoken);
  for (const [name, value] of Object.entries({ role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
    input.setAttribute(name, value);
  }

  const close = () => {
    running?.abort();
    clearTimeout(wait);
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = (index + options.length) % options.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", at === active));
    list.children[active].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[active].id);
  };
  const choose = (option) => {
    input.value = option.label;
    if (into) into.value = option.value;
    if (note) note.textContent = option.note ?? "";
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = (found) => {
    options = found;
    active = -1;
    list.replaceChildren(...found.map((option, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = option.label;
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => choose(option));
      return item;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    spoken.textContent = found.length ? input.dataset.suggestCount.replace("{n}", found.length) : input.dataset.suggestNone;
  };
  const search = async () => {
    running = new AbortController();
    try {
      const url = new URL(input.dataset.suggestUrl, location.href);
      url.searchParams.set("q", input.value.trim());
      const answer = await fetch(url, { signal: running.signal, headers: { Accept: "application/json" } });
      if (answer.ok) show(await answer.json());
    } catch {
      close(); // no connection: the field is plain text again
    }
  };

  input.addEventListener("input", () => {
    if (into) into.value = "";
    if (note) note.textContent = "";
    close();
    if (input.value.trim().length > 1) wait = setTimeout(search, 200);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(options[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
}
document.querySelectorAll("input[data-suggest-url]").forEach(setUpSuggestions);

/* A part of the page that follows from answers above it: data-live-url answers {"html"} to the
   fields named in data-live-fields. Without an answer the part stays as it is; the server asks again.
   The button that does the same without JavaScript (data-live-button) goes away. */
function setUpLive(box) {
  const form = box.closest("form");
  form.querySelector("[data-live-button]")?.remove();
  const names = box.dataset.liveFields.split(" ");
  let running;
  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    const url = new URL(box.dataset.liveUrl, location.href);
    for (const [name, value] of new FormData(form)) if (names.includes(name)) url.searchParams.append(name, value);
    try {
      const answer = await fetch(url, { signal: running.signal, headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const { html } = await answer.json();
      const focused = box.contains(document.activeElement) && document.activeElement.id;
      const part = new DOMParser().parseFromString(html, "text/html"); // from our own templates
      box.replaceChildren(...part.body.childNodes);
      if (focused) document.getElementById(focused)?.focus();
      showQuestions(form);
    } catch {
      // no connection, or a newer answer is on its way
    }
  };
  form.addEventListener("change", (event) => { if (names.includes(event.target.name)) refresh(); });
}
document.querySelectorAll("[data-live-url]").forEach(setUpLive);

/* Sums beneath a form: the page itself reckons them again after each change, nothing is kept. */
function setUpSums(box) {
  const form = box.closest("form");
  let wait, running;
  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    body.set("actie", "bereken");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: running.signal });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const sums = page.querySelector("[data-live-totals]");
      if (sums && !page.querySelector(".field-error")) box.replaceChildren(...sums.childNodes);
    } catch {
      // no connection, or a newer answer is on its way
    }
  };
  form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(refresh, 600); });
}
document.querySelectorAll("[data-live-totals]").forEach(setUpSums);
