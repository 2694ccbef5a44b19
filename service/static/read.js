import { Refused, annotation, newId, post, records, remember, remembered, tell } from "./send.js";

const form = document.getElementById("reader");
const result = document.getElementById("result");
const fault = document.getElementById("fault");
const clear = document.getElementById("clear");
const editor = document.getElementById("editor");
const fields = editor.querySelector("form");
const FIELDS = ["kind", "text", "question", "speaker", "name"];
const TYPED = ["stance", "speaker", "role", "affiliation", "note", "annotator"];

// What is on the page: the text, whether it was read, and the corrections made of it.
let state = { sent: false, corrections: {} };
let edited = null;

document.documentElement.classList.add("js");

function keep() {
  for (const name of FIELDS) state[name] = form.elements[name].value;
  remember("page", state);
}

function changed() {
  state.sent = false;
  state.corrections = {};
  form.elements.name.value = "";
  keep();
}

// Reading: the form is sent, and what comes back takes the place of what was read before.

async function read({ quiet = false, focus = null, by = null } = {}) {
  fault.textContent = "";
  const given = Object.fromEntries(Object.entries(state.corrections).map(
    ([id, { stance, source }]) => [id, { stance, source }]));
  form.elements.corrections.value = Object.keys(given).length ? JSON.stringify(given) : "";
  form.classList.add("busy");
  form.setAttribute("aria-busy", "true");
  try {
    const sent = new FormData(form, by);
    if (quiet) sent.set("again", "1");
    const answer = await fetch("/", { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) {
      const told = page.getElementById("fault");
      throw new Refused(answer.status, told ? told.textContent : `The service answered ${answer.status}.`);
    }
    show(page, { quiet, focus });
  } catch (error) {
    fault.textContent = error instanceof Refused
      ? error.message : "The service cannot be reached. Your text is still here: try again.";
    document.getElementById("input").open = true;
  } finally {
    form.classList.remove("busy");
    form.removeAttribute("aria-busy");
  }
}

function show(page, { quiet, focus }) {
  result.replaceChildren(...page.getElementById("result").childNodes);
  document.title = page.title;
  // A file is text now, as if it had been pasted.
  form.elements.text.value = page.getElementById("text").value;
  form.elements.name.value = page.querySelector("[name=name]").value;
  form.elements.file.value = "";
  form.elements.kind.value = page.querySelector("[name=kind]:checked").value;
  state.sent = true;
  keep();
  prepare();
  document.getElementById("input").open = false;
  document.querySelector("#input summary").textContent = "Change the text";
  document.getElementById("main").classList.add("done");
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  else if (!quiet) document.getElementById("summary-title").focus();
}

function prepare() {
  clear.hidden = false;
  for (const button of result.querySelectorAll("[data-edit]")) button.hidden = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const example = event.submitter?.name === "example";
  if (example || form.elements.file.files.length) state.corrections = {};
  keep();
  read({ by: event.submitter });
});
form.addEventListener("input", (event) => {
  if (event.target.name !== "file") changed();
  else if (event.target.files.length) form.requestSubmit();
});
clear.addEventListener("click", () => {
  remember("page", null);
  remember("editor", null);
  location.assign("/");
});

// A file that is dropped anywhere is read at once.
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("over");
});
document.addEventListener("dragleave", () => form.classList.remove("over"));
document.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  form.classList.remove("over");
  form.elements.file.files = event.dataTransfer.files;
  form.requestSubmit();
});

// Statements: hovering shows the whole of one, a click or Enter opens it.

function numberOf(target) {
  const piece = target.closest("[data-of]");
  return piece ? Number(piece.dataset.of.split(" ")[0]) : null;
}

function light(number) {
  for (const piece of result.querySelectorAll("mark.lit")) piece.classList.remove("lit");
  if (number === null) return;
  for (const piece of result.querySelectorAll(`mark[data-of~="${number}"]`)) piece.classList.add("lit");
}

result.addEventListener("mouseover", (event) => light(numberOf(event.target)));
result.addEventListener("focusin", (event) => light(numberOf(event.target)));
result.addEventListener("click", (event) => {
  const button = event.target.closest("[data-edit]");
  const number = button ? Number(button.dataset.edit) : numberOf(event.target);
  if (number === null || String(getSelection())) return;
  event.preventDefault();
  open(number, button ? `entry-${number}` : `at-${number}`);
});
result.addEventListener("click", (event) => {
  // A target in a closed list cannot be scrolled to.
  const link = event.target.closest('a[href^="#at-"]');
  if (link && !link.dataset.of) {
    event.preventDefault();
    const note = document.querySelector(link.getAttribute("href"));
    note.scrollIntoView({ block: "center" });
    note.focus({ preventScroll: true });
  }
});

// The editor.

function open(number, from) {
  const record = records()[number - 1];
  const saved = state.corrections[record.id];
  const source = (saved ? saved.source : record.source) || {};
  edited = { number, record, from, sending: newId() };
  document.getElementById("editor-text").textContent = record.text;
  const typed = remembered("editor");
  const values = typed && typed.id === record.id && typed.text === record.text ? typed.values : {
    stance: saved ? saved.stance : record.stance,
    speaker: source.speaker, role: source.role, affiliation: source.affiliation,
    note: "", annotator: remembered("annotator") || "",
  };
  for (const name of TYPED) fields.elements[name].value = values[name] || "";
  document.getElementById("editor-withdraw").hidden = !saved;
  document.getElementById("editor-fault").textContent = "";
  editor.showModal();
  fields.querySelector("[name=stance]:checked")?.focus();
  remember("editor", { id: record.id, text: record.text, values });
}

function typedValues() {
  return Object.fromEntries(TYPED.map((name) => [name, fields.elements[name].value.trim()]));
}

function sourceOf(values, before) {
  if (!values.speaker && !values.role && !values.affiliation) return null;
  const source = {
    speaker: values.speaker || null, role: values.role || null,
    affiliation: values.affiliation || null,
  };
  // Where the article names the source stays true as long as the source does.
  if (before && before.mention && before.speaker === source.speaker) source.mention = before.mention;
  return source;
}

async function save() {
  const values = typedValues();
  if (fields.elements.key.value) remember("key", fields.elements.key.value.trim());
  remember("annotator", values.annotator);
  const { record, sending } = edited;
  const source = sourceOf(values, record.source);
  await attempt(async () => {
    await takeBack(record.id);
    await post("/annotations", annotation(record, {
      id: sending, stance: values.stance, source, note: values.note, annotator: values.annotator,
    }));
    state.corrections[record.id] = { stance: values.stance, source, annotation: sending };
    return `Saved: ${values.stance}. The next training learns from it once it is accepted.`;
  });
}

async function takeBack(id) {
  const before = state.corrections[id];
  if (!before) return;
  await post("/review/undo", { id: before.annotation });
  delete state.corrections[id];
  keep();
}

async function attempt(step) {
  const told = document.getElementById("editor-fault");
  told.textContent = "";
  try {
    const words = await step();
    keep();
    remember("editor", null);
    const { from } = edited;
    editor.close();
    await read({ quiet: true, focus: from });
    tell(words);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    told.textContent = error.message;
    if (error.status === 401) {
      told.textContent = "The service asks for its key; it is kept in this tab only.";
      document.getElementById("editor-key").hidden = false;
      fields.elements.key.focus();
    }
  }
}

fields.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
fields.addEventListener("input", () => {
  if (edited) remember("editor", { id: edited.record.id, text: edited.record.text, values: typedValues() });
});
fields.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=radio])")) return;
  const choice = fields.querySelector(`.choices [value^="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!choice || event.key.length !== 1) return;
  event.preventDefault();
  choice.checked = true;
  choice.focus();
  choice.dispatchEvent(new Event("input", { bubbles: true }));
});
document.getElementById("editor-withdraw").addEventListener("click", () => attempt(async () => {
  await takeBack(edited.record.id);
  return "Taken back";
}));
document.getElementById("editor-cancel").addEventListener("click", () => editor.close());
editor.addEventListener("close", () => {
  const from = edited && document.getElementById(edited.from);
  remember("editor", null);
  if (from) from.focus({ preventScroll: true });
});

// At the start: what was typed, or read, before a reload is here again.

const before = remembered("page");
if (before && !form.elements.text.value.trim()) {
  state = { ...state, ...before };
  for (const name of FIELDS) form.elements[name].value = before[name] || "";
  const draft = remembered("editor");
  if (state.sent) {
    read({ quiet: true }).then(() => {
      const number = draft ? records().findIndex((one) => one.id === draft.id) + 1 : 0;
      if (number) {
        remember("editor", draft);
        open(number, `at-${number}`);
      }
    });
  }
}
clear.hidden = !form.elements.text.value;
form.addEventListener("input", () => { clear.hidden = false; });
if (result.querySelector("#records")) prepare();
