// Search as one types: the same page for the same address, only its results are put in place.

import { fill } from "./counts.mjs";

const form = document.querySelector("[data-search]");
const input = form.elements.q;
const WAIT_MS = 250;
let timer = 0;
let asking;

function address() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.append(name, value);
  const text = query.toString();
  return text ? `/contacts?${text}` : "/contacts";
}

async function show() {
  asking?.abort();
  asking = new AbortController();
  const results = document.querySelector("#results");
  const to = address();
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(to, { headers: { accept: "text/html" }, signal: asking.signal });
    if (answer.redirected || !answer.ok) {
      location.assign(to);
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = document.importNode(page.querySelector("#results"), true);
    results.replaceWith(found);
    history.replaceState(history.state, "", to);
    const exportLink = document.querySelector("[data-export]");
    if (exportLink) exportLink.href = `/contacts/export?${found.dataset.exportQuery}`;
    await fill(found);
  } catch (error) {
    if (error.name !== "AbortError") results.setAttribute("aria-busy", "false");
  }
}

function soon(wait) {
  clearTimeout(timer);
  timer = setTimeout(show, wait);
}

input.addEventListener("input", () => soon(WAIT_MS));
form.addEventListener("change", (event) => {
  if (event.target !== input) soon(0);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  soon(0);
});
