import { Refused, annotation, newId, post, records, remember, remembered, tell } from "./send.js";

const cards = Array.from(document.querySelectorAll(".card"));
const KEYS = { c: "confirm", d: "deny", e: "evade", u: "unrelated" };

// Numbers of the cards still to see; those skipped come again at the end.
let waiting = cards.map((card) => Number(card.dataset.number));
let busy = false;
// What was labelled in this tab, the last at the end: for undo, also after a reload.
let done = remembered("labelled") || [];
const own = records();
const find = (id) => document.getElementById(id);

function progress() {
  const left = Number(find("cards").dataset.waiting) - here();
  find("progress").max = done.length + left || 1;
  find("progress").value = done.length;
  find("told").textContent = `${done.length} labelled, ${left} waiting`;
}

function here() {
  return done.filter((one) => one.page === page).length;
}

const page = newId();

function show() {
  for (const card of cards) card.hidden = Number(card.dataset.number) !== waiting[0];
  const over = !waiting.length;
  find("end").hidden = !over;
  for (const button of find("decide").querySelectorAll("button")) button.disabled = over;
  find("undo").disabled = !done.length;
  find("skip").disabled = waiting.length < 2;
  progress();
  if (over) find("end-title").focus();
}

async function attempt(step) {
  if (busy) return;
  busy = true;
  find("fault").textContent = "";
  try {
    if (find("key").value) remember("key", find("key").value.trim());
    await step();
    remember("labelled", done);
    show();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    find("fault").textContent = error.status === 401
      ? "The service asks for its key; it is kept in this tab only." : error.message;
    if (error.status === 401) {
      find("key-field").hidden = false;
      find("key").focus();
    }
  } finally {
    busy = false;
  }
}

function decide(stance) {
  if (!waiting.length) return;
  attempt(async () => {
    const number = waiting[0];
    const id = newId();
    const annotator = find("annotator").value.trim();
    await post("/annotations", annotation(own[number - 1], { id, stance, annotator }));
    waiting.shift();
    done.push({ id, number, page });
    tell(`Saved: ${stance}`);
  });
}

function skip() {
  if (waiting.length < 2 || busy) return;
  waiting.push(waiting.shift());
  show();
  tell("Skipped: it comes again at the end");
}

function undo() {
  if (!done.length) return;
  attempt(async () => {
    const last = done[done.length - 1];
    try {
      await post("/review/undo", { id: last.id });
    } catch (error) {
      // Somebody has decided on it meanwhile: it is no longer ours to take back.
      if (error.status === 409) {
        done.pop();
        remember("labelled", done);
      }
      throw error;
    }
    done.pop();
    if (last.page === page) {
      waiting.unshift(last.number);
      tell("Taken back");
    } else {
      remember("labelled", done);
      location.reload();
    }
  });
}

if (cards.length) {
  find("annotator").value = remembered("annotator") || "";
  find("annotator").addEventListener("input", (event) => remember("annotator", event.target.value));
  for (const button of find("decide").querySelectorAll("[data-label]")) {
    button.addEventListener("click", () => decide(button.dataset.label));
  }
  find("own").addEventListener("submit", (event) => event.preventDefault());
  find("skip").addEventListener("click", skip);
  find("undo").addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
    const key = event.key.toLowerCase();
    if (KEYS[key]) decide(KEYS[key]);
    else if (key === "s") skip();
    else if (key === "z") undo();
  });
  show();
}
