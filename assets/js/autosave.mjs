// Saves a draft while somebody writes. Each part (`data-at`, a JSON pointer into the draft) is sent
// with what stood there before, so that two people meet only where both changed the same; then both
// texts are shown and nothing is lost. Until the server has a change, this browser keeps it, also over
// a session that ended or a page that was closed.

const PAUSE_MS = 700;
const AGAIN_MS = 5_000;
const SHOWN_CHARS = 600;

const form = document.querySelector("form[data-autosave]");
if (form) begin().catch(() => {});

async function begin() {
  const { autosave: url, fork: forkUrl, user } = form.dataset;
  const revision = Number(form.dataset.revision);
  const isWritable = form.dataset.writable === "true";
  const shelf = `kelisim:${url}:${user}`;
  const status = document.querySelector("[data-draft-status]");
  const say = (word) => status && (status.textContent = status.dataset[word]);
  const show = (name, is = true) => {
    const place = document.querySelector(`[data-draft-${name}]`);
    if (place) place.hidden = !is;
  };

  // What the page came with: what is written while the server is asked counts as a change.
  const came = new Map(read());
  const first = await ask(url);
  if (!first.ok) return;
  const stands = await first.json();
  // Somebody saved between the page and this question: the page is old.
  if (stands.revision !== revision) return location.reload();

  const known = new Map();
  for (const [at, value] of came) known.set(at, { mine: value, theirs: pointer(stands.draft, at) });
  if (sessionStorage.getItem(shelf)) say("restored");
  sessionStorage.removeItem(shelf);
  if (!isWritable) return;

  let timer = 0;
  let isSending = false;
  let isHeld = false;

  // --- what was kept from before
  const kept = JSON.parse(localStorage.getItem(shelf) ?? "[]");
  if (kept.length) {
    const answer = await post(url, kept);
    if (answer?.status === 409) return meet(kept, await answer.json());
    if (answer?.ok) {
      localStorage.removeItem(shelf);
      const { parts } = await answer.json();
      if (kept.some((change, n) => !same(pointer(stands.draft, change.at) ?? null, parts[n]))) {
        sessionStorage.setItem(shelf, "1");
        return location.reload();
      }
    }
  }

  for (const event of ["input", "change", "audience-change"]) form.addEventListener(event, touched);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // A form that saves by itself may be saved again.
    queueMicrotask(() => delete form.dataset.sent);
    send();
  });
  if (dirty().length) touched();
  addEventListener("online", send);
  addEventListener("pagehide", () => {
    const changes = dirty();
    if (changes.length && !isHeld) post(url, changes, true);
  });

  function touched() {
    keep();
    if (!dirty().length) return;
    say("saving");
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE_MS);
  }

  function dirty() {
    const changes = [];
    for (const [at, now] of read()) {
      const { mine = null, theirs = null } = known.get(at) ?? {};
      if (!same(now, mine)) changes.push({ at, was: theirs ?? null, now });
    }
    return changes;
  }

  function keep() {
    const changes = dirty();
    if (changes.length) localStorage.setItem(shelf, JSON.stringify(changes));
    else localStorage.removeItem(shelf);
  }

  async function send() {
    clearTimeout(timer);
    const changes = dirty();
    if (isSending || isHeld || !changes.length) return;
    isSending = true;
    const answer = await post(url, changes);
    isSending = false;
    if (!answer) {
      say("offline");
      timer = setTimeout(send, AGAIN_MS);
      return;
    }
    if (answer.ok) return stored(changes, await answer.json());
    if (answer.status === 401) return signedOut();
    if (answer.status === 409) {
      const met = await answer.json();
      if (met.draft) return meet(changes, met);
    }
    say("refused");
  }

  function stored(changes, { parts, voided }) {
    changes.forEach(({ at, now }, n) => known.set(at, { mine: now, theirs: parts[n] }));
    keep();
    if (voided) show("voided");
    show("signed-out", false);
    say("saved");
    refresh();
    if (dirty().length) touched();
  }

  function signedOut() {
    isHeld = true;
    document.querySelector("[data-draft-sign-in]").href =
      `/sign-in?next=${encodeURIComponent(location.pathname)}`;
    show("signed-out");
    say("refused");
  }

  // --- two people at once
  function meet(changes, { at, draft, saved_by: who, saved }) {
    isHeld = true;
    const dialog = document.querySelector("[data-draft-met]");
    dialog.querySelector("[data-met-who]").textContent = `${who}, ${saved.text}`;
    const list = dialog.querySelector("[data-met-parts]");
    list.replaceChildren(...changes.filter((change) => at.includes(change.at)).map((change) => {
      const part = dialog.querySelector("template").content.cloneNode(true);
      part.querySelector("legend").textContent = label(change.at);
      part.querySelector("[data-mine]").textContent = words(change.now);
      part.querySelector("[data-theirs]").textContent = words(pointer(draft, change.at));
      part.querySelectorAll("input").forEach((input) => {
        input.name = `met:${change.at}`;
        input.checked = input.value === "mine";
      });
      return part;
    }));
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.querySelector("[data-met-keep]").onclick = () => settle(changes, at, draft, list);
    dialog.querySelector("[data-met-copy]").onclick = () => copy(changes);
    dialog.showModal();
  }

  async function settle(changes, at, draft, list) {
    const isTheirs = (change) =>
      at.includes(change.at) && list.querySelector(`[name="met:${CSS.escape(change.at)}"]:checked`)?.value === "theirs";
    const chosen = changes
      .filter((change) => !isTheirs(change))
      .map((change) => ({ ...change, was: pointer(draft, change.at) ?? null }));
    const answer = chosen.length ? await post(url, chosen) : { ok: true };
    if (answer?.status === 409) return meet(chosen, await answer.json());
    if (!answer?.ok) return say("refused");
    localStorage.removeItem(shelf);
    location.reload();
  }

  async function copy(changes) {
    const answer = await post(forkUrl, changes);
    if (!answer?.ok) return say("refused");
    localStorage.removeItem(shelf);
    location.href = (await answer.json()).url;
  }

  /** Parts of the page that follow from the draft, such as the funnel. */
  async function refresh() {
    const places = document.querySelectorAll("[data-refresh]");
    if (!places.length) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const place of places) {
      const fresh = page.getElementById(place.id);
      if (fresh) place.replaceChildren(...fresh.childNodes);
    }
  }
}

/** The parts as the page has them: pointer and value. */
function* read() {
  for (const place of form.querySelectorAll("[data-at]")) {
    const { at, kind = "text" } = place.dataset;
    const field = place.matches("input, select, textarea") ? place : place.querySelector("textarea, input[type=hidden]");
    if (kind === "choice") {
      const chosen = place.querySelector("input:checked");
      yield [at, (place.matches("select") ? place.value : chosen?.value) || null];
    } else if (kind === "start") {
      const isTimed = place.querySelector("input:checked")?.value === "at";
      yield [at, isTimed ? { at: place.querySelector("input[name=at]").value } : "now"];
    } else if (kind === "json") {
      yield [at, JSON.parse(field.value)];
    } else if (kind === "letter") {
      const letter = JSON.parse(field.value);
      yield [`${at}/theme`, letter.theme ?? null];
      for (const language of JSON.parse(place.dataset.languages)) {
        yield [`${at}/editions/${language}`, letter.editions?.[language] ?? null];
      }
    } else {
      yield [at, place.value];
    }
  }
}

function label(at) {
  const place = [...form.querySelectorAll("[data-at]")].find((one) => at.startsWith(one.dataset.at));
  const language = /\/editions\/(\w+)$/.exec(at)?.[1];
  return [place?.dataset.label ?? at, language].filter(Boolean).join(" · ");
}

function ask(url, more = {}) {
  return fetch(url, { ...more, headers: { accept: "application/json", "content-type": "application/json" } });
}

function post(url, changes, keepalive = false) {
  const body = JSON.stringify({ changes });
  return ask(url, { method: "POST", body, keepalive: keepalive && body.length < 60_000 }).catch(() => null);
}

function pointer(value, at) {
  const names = at.split("/").slice(1);
  return names.reduce((part, name) => part?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], value);
}

function same(one, other) {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return (one ?? null) === (other ?? null);
  const [a, b] = [Object.keys(one), Object.keys(other)];
  return a.length === b.length && a.every((key) => same(one[key], other[key]));
}

/** What a part says, as plain words. */
function words(value) {
  const found = [];
  const walk = (part) => {
    if (typeof part === "string" || typeof part === "number") found.push(String(part));
    else if (part && typeof part === "object") Object.entries(part).forEach(([key, inner]) => key !== "type" && key !== "id" && walk(inner));
  };
  walk(value);
  const text = found.join(" ").trim();
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text || "—";
}
