// Text with bold, italic, links, lists and fields: between the letter's model and what is edited.
// Whatever is pasted goes through the model, which knows nothing else.

import { ask, el, field, select, SIGNS } from "./editor-dom.mjs";

const SKIPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "HEAD", "META", "LINK", "TITLE", "OBJECT", "IFRAME", "SVG"]);
const BLOCKS = new Set("P DIV H1 H2 H3 H4 H5 H6 LI BLOCKQUOTE PRE TABLE TBODY THEAD TR SECTION ARTICLE HEADER FOOTER MAIN FORM DL DT DD FIGURE".split(" "));
const PAGE = "page:";

export const addressOf = (link) => (link?.page ? PAGE + link.page : (link?.url ?? ""));
const linkOf = (address) => (address.startsWith(PAGE) ? { page: address.slice(PAGE.length) } : { url: address });
const isAddress = (text) => /^(https?:\/\/|mailto:|tel:)\S+$/i.test(text);

// --- from the model

function chip({ field: name, fallback = "" }, words) {
  const label = words.fields[name] ?? name;
  return el("span", { class: "editor-chip", contenteditable: "false", "data-field": name, "data-fallback": fallback }, fallback ? `${label} | ${fallback}` : label);
}

function runNode(run, words) {
  if (run.type === "break") return el("br");
  let node = run.type === "field" ? chip(run.value, words) : document.createTextNode(run.text);
  const marks = run.marks ?? {};
  if (marks.italic) node = el("em", {}, node);
  if (marks.bold) node = el("strong", {}, node);
  if (marks.link) node = el("a", { href: addressOf(marks.link) }, node);
  return node;
}

export function richNodes(rich, words) {
  const runs = (list) => (list.length ? list.map((run) => runNode(run, words)) : [el("br")]);
  const nodes = rich.map((part) => {
    if (part.words) return el("p", {}, runs(part.words));
    return el(part.bullets ? "ul" : "ol", {}, (part.bullets ?? part.numbers).map((entry) => el("li", {}, runs(entry))));
  });
  return nodes.length ? nodes : [el("p", {}, el("br"))];
}

export const lineNodes = (line, words) => line.map((piece) => (typeof piece === "string" ? document.createTextNode(piece) : chip(piece, words)));

// --- to the model

const same = (a, b) => JSON.stringify(a ?? {}) === JSON.stringify(b ?? {});
const plain = (text) => text.replace(/[\s\u00a0\u2028\u2029]+/g, " ").replace(/[\u0000-\u001f\u007f-\u009f\u200b\ufeff]/g, "");

function push(runs, run) {
  const before = runs.at(-1);
  if (run.type === "text" && before?.type === "text" && same(before.marks, run.marks)) before.text += run.text;
  else if (run.type !== "text" || run.text) runs.push(run);
}

function marked(element, marks) {
  const style = element.getAttribute("style") ?? "";
  const weight = /font-weight:\s*(\w+)/.exec(style)?.[1];
  const isBold = weight ? weight === "bold" || Number(weight) >= 600 : ["B", "STRONG"].includes(element.tagName);
  const isItalic = ["I", "EM"].includes(element.tagName) || /font-style:\s*italic/.test(style);
  const address = element.tagName === "A" ? (element.getAttribute("href") ?? "") : "";
  const next = { ...marks };
  if (isBold) next.bold = true;
  if (isItalic) next.italic = true;
  if (address.startsWith(PAGE) || isAddress(address)) next.link = linkOf(address);
  return next;
}

const withMarks = (run, marks) => (Object.keys(marks).length ? { ...run, marks } : run);
const fieldOf = ({ dataset }) => (dataset.fallback ? { field: dataset.field, fallback: dataset.fallback } : { field: dataset.field });

export function readRich(root) {
  const parts = [];
  let runs = null;
  const flush = () => {
    while (runs?.at(-1)?.type === "break") runs.pop();
    if (runs?.some((run) => run.type !== "text" || run.text.trim())) parts.push({ words: runs });
    runs = null;
  };
  const entries = (list) =>
    [...list.children].flatMap((item) => {
      const inner = readRich(item);
      return inner.flatMap((part) => (part.words ? [part.words] : (part.bullets ?? part.numbers)));
    });
  const walk = (node, marks) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        push((runs ??= []), withMarks({ type: "text", text: plain(child.data) }, marks));
      } else if (child.nodeType === Node.ELEMENT_NODE && !SKIPPED.has(child.tagName.toUpperCase())) {
        element(child, marks);
      }
    }
  };
  const element = (child, marks) => {
    if (child.dataset?.field) {
      push((runs ??= []), withMarks({ type: "field", value: fieldOf(child) }, marks));
    } else if (child.tagName === "BR") {
      (runs ??= []).push({ type: "break" });
    } else if (child.tagName === "UL" || child.tagName === "OL") {
      flush();
      const list = entries(child);
      if (list.length) parts.push(child.tagName === "UL" ? { bullets: list } : { numbers: list });
    } else if (BLOCKS.has(child.tagName)) {
      flush();
      walk(child, marks);
      flush();
    } else {
      walk(child, marked(child, marks));
    }
  };
  walk(root, {});
  flush();
  return parts;
}

export function readLine(root) {
  const line = [];
  const add = (piece) => {
    if (typeof piece === "string" && typeof line.at(-1) === "string") line.push(line.pop() + piece);
    else if (piece !== "") line.push(piece);
  };
  for (const part of readRich(root)) {
    if (line.length) add(" ");
    for (const run of part.words ?? (part.bullets ?? part.numbers).flat()) {
      add(run.type === "field" ? run.value : run.type === "break" ? " " : run.text);
    }
  }
  return line;
}

/** A line or a rich text as plain words: what another language shows beside its own. */
export function summary(value) {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  const run = (one) => (typeof one === "string" ? one : (one.text ?? one.fallback ?? one.value?.fallback ?? (one.type === "break" ? " " : "…")));
  const part = (one) => (one.words ?? (one.bullets ?? one.numbers)?.flatMap((entry, at) => (at ? ["; ", ...entry] : entry)))?.map(run).join("") ?? run(one);
  const isRich = value.some((one) => one.words || one.bullets || one.numbers);
  return value.map(part).join(isRich ? " " : "");
}

// --- the editing itself

export async function askLink(words, link) {
  const pages = ["preferences", "unsubscribe", "policy"];
  const url = el("input", { type: "text", inputmode: "url", value: link?.url ?? "", placeholder: "https://" });
  const kind = select([["url", words.linkUrl], ...pages.map((page) => [page, words[`page_${page}`]])], link?.page ?? "url", (value) => {
    row.hidden = value !== "url";
  });
  const row = field(words.linkAddress, url);
  row.hidden = Boolean(link?.page);
  return ask(words, words.link, [field(words.linkKind, kind), row], () => {
    if (kind.value !== "url") return { link: { page: kind.value } };
    const typed = url.value.trim();
    if (!typed) return { link: null };
    const whole = isAddress(typed) ? typed : typed.includes("@") && !typed.includes("/") ? `mailto:${typed}` : `https://${typed}`;
    return isAddress(whole) ? { link: { url: whole } } : words.linkWrong;
  });
}

async function askField(words, value) {
  const names = Object.entries(words.fields);
  const which = select(names, value?.field ?? names[0]?.[0]);
  const fallback = el("input", { type: "text", maxlength: "100", value: value?.fallback ?? "" });
  return ask(words, words.field, [field(words.fieldWhich, which), field(words.fieldFallback, fallback, el("p", { class: "hint" }, words.fieldHint))], () => {
    const text = plain(fallback.value).trim();
    return text ? { field: which.value, fallback: text } : { field: which.value };
  });
}

/** An editable text. `single`: one line without looks. Calls `change` with the model. */
export function editable(value, { words, single, change, key }) {
  const nodes = single ? lineNodes(value, words) : richNodes(value, words);
  const root = el("div", {
    class: single ? "editor-line" : "editor-rich",
    contenteditable: "true",
    role: "textbox",
    "aria-multiline": single ? "false" : "true",
    "data-key": key,
    spellcheck: "true",
  }, nodes);
  const tell = (how) => change(single ? readLine(root) : readRich(root), how);
  const step = () => tell("step");
  let range = null;
  const remember = () => {
    const chosen = getSelection();
    if (chosen.rangeCount && root.contains(chosen.anchorNode)) range = chosen.getRangeAt(0).cloneRange();
  };
  const recall = () => {
    root.focus();
    if (!range || !root.contains(range.startContainer)) {
      range = document.createRange();
      range.selectNodeContents(single ? root : (root.lastElementChild ?? root));
      range.collapse(false);
    }
    const chosen = getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
    return range;
  };
  const insert = (list) => {
    const at = recall();
    at.deleteContents();
    const part = document.createDocumentFragment();
    part.append(...list);
    const end = part.lastChild;
    at.insertNode(part);
    if (end) {
      at.setStartAfter(end);
      at.collapse(true);
    }
    step();
  };
  const command = (name, given) => {
    recall();
    document.execCommand("styleWithCSS", false, false);
    document.execCommand(name, false, given);
    step();
  };
  const link = async () => {
    remember();
    const inside = range && (range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement)?.closest("a");
    const held = inside && root.contains(inside) ? inside : null;
    const kept = range;
    const given = await askLink(words, held ? linkOf(held.getAttribute("href")) : null);
    range = kept;
    if (!given) return;
    if (held) {
      if (given.link) held.setAttribute("href", addressOf(given.link));
      else held.replaceWith(...held.childNodes);
      step();
    } else if (given.link && range && !range.collapsed) {
      command("createLink", addressOf(given.link));
    } else if (given.link) {
      insert([el("a", { href: addressOf(given.link) }, given.link.url ?? words[`page_${given.link.page}`])]);
    }
  };
  const pickField = async (held) => {
    remember();
    // The key that ends the dialog may already have told of another place.
    const kept = range;
    const value = await askField(words, held ? fieldOf(held) : null);
    range = kept;
    if (!value) return;
    if (held) {
      held.replaceWith(chip(value, words));
      step();
    } else {
      insert([chip(value, words)]);
    }
  };
  root.addEventListener("input", () => tell());
  for (const event of ["keyup", "mouseup", "blur", "input"]) root.addEventListener(event, remember);
  root.addEventListener("focus", () => document.execCommand("defaultParagraphSeparator", false, "p"));
  root.addEventListener("click", (event) => {
    const held = event.target.closest("[data-field]");
    if (held) pickField(held);
    else if (event.target.closest("a")) event.preventDefault();
  });
  root.addEventListener("keydown", (event) => {
    if (single && event.key === "Enter") event.preventDefault();
    if (!single && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      link();
    }
  });
  root.addEventListener("drop", (event) => event.preventDefault());
  root.addEventListener("paste", (event) => {
    event.preventDefault();
    remember();
    const given = event.clipboardData;
    const html = given.getData("text/html");
    let rich = html ? readRich(new DOMParser().parseFromString(html, "text/html").body) : [];
    if (!rich.length) {
      rich = given.getData("text/plain").split(/\n\s*\n/).filter((part) => part.trim()).map((part) => ({
        words: part.trim().split("\n").flatMap((row, at) => [...(at ? [{ type: "break" }] : []), { type: "text", text: plain(row) }]),
      }));
    }
    if (single) {
      const whole = el("div", {}, richNodes(rich, words));
      insert(lineNodes(readLine(whole), words));
    } else if (rich.length === 1 && rich[0].words) {
      insert(rich[0].words.map((run) => runNode(run, words)));
    } else if (rich.length) {
      paragraphs(root, recall(), richNodes(rich, words));
      step();
    }
  });
  const tools = single
    ? [["field", words.field, () => pickField()]]
    : [
        ["bold", words.bold, () => command("bold")],
        ["italic", words.italic, () => command("italic")],
        ["link", words.link, link],
        ["bullets", words.bullets, () => command("insertUnorderedList")],
        ["numbers", words.numbers, () => command("insertOrderedList")],
        ["field", words.field, () => pickField()],
      ];
  const buttons = tools.map(([name, label, run], at) =>
    el("button", { type: "button", class: `quiet editor-tool ${name}`, title: label, "aria-label": label, tabindex: at ? "-1" : "0",
      on: { mousedown: (event) => event.preventDefault(), click: run } }, SIGNS[name]));
  const bar = el("div", { class: "editor-tools", role: "toolbar", "aria-label": words.tools, on: { keydown: (event) => roam(event, buttons) } }, buttons);
  return { root, bar };
}

/** Puts paragraphs behind the one that the caret is in. */
function paragraphs(root, range, nodes) {
  range.deleteContents();
  let at = range.startContainer;
  while (at !== root && at.parentNode !== root) at = at.parentNode;
  if (at === root) root.append(...nodes);
  else if (at.textContent.trim() === "" && !at.querySelector?.("[data-field]")) at.replaceWith(...nodes);
  else at.after(...nodes);
  getSelection().collapse(nodes.at(-1), nodes.at(-1).childNodes.length);
}

/** Arrow keys within a toolbar: one stop for the tab key. */
export function roam(event, buttons) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = buttons.indexOf(document.activeElement);
  const next = buttons[(at + step + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}
