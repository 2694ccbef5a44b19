// What both pages need: storage of this tab, and annotations sent with the key where one is needed.

export function remembered(name) {
  try {
    return JSON.parse(sessionStorage.getItem(`stance.${name}`));
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(`stance.${name}`);
    else sessionStorage.setItem(`stance.${name}`, JSON.stringify(value));
  } catch {
    // A text too large to be remembered is still on the page.
  }
}

export function records() {
  const element = document.getElementById("records");
  return element ? JSON.parse(element.textContent) : [];
}

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return "page-" + Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export async function post(path, value) {
  const headers = { "Content-Type": "application/json" };
  const key = remembered("key");
  if (key) headers.Authorization = `Bearer ${key}`;
  let answer;
  try {
    answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(value) });
  } catch {
    throw new Refused(0, "The service cannot be reached. Nothing is lost: try again.");
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  if (answer.status === 401) remember("key", null);
  throw new Refused(answer.status, body.detail || `The service answered ${answer.status}.`);
}

// An annotation of a statement as the model saw it, with what a person says of it instead.
export function annotation(record, changes) {
  const { stance, model, id, ...statement } = record;
  const sent = { ...statement, corrects: { model, stance }, ...changes };
  for (const name of Object.keys(sent)) {
    if (sent[name] === null || sent[name] === "") delete sent[name];
  }
  return sent;
}

export function tell(text) {
  const status = document.getElementById("status");
  status.textContent = text;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { status.textContent = ""; }, 6000);
}
