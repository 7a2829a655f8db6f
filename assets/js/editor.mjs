// The letter editor: blocks, three languages, undo, preview. The letter stands in a hidden field of
// the form around it and is told by `change` events; nothing of it is kept elsewhere.

import { el, field, newId, select, SIGNS } from "./editor-dom.mjs";
import { copy, emptied, formOf, fresh, KINDS, SIMPLE } from "./editor-blocks.mjs";
import { editable, roam } from "./editor-rich.mjs";
import { learnPictures } from "./editor-media.mjs";
import { preview } from "./editor-preview.mjs";

const STEPS_MAX = 100;
const TYPING_MS = 1_000;

export function mount(root) {
  const data = root.dataset;
  const store = root.querySelector("textarea");
  const words = JSON.parse(data.words);
  const languages = JSON.parse(data.languages);
  const desk = {
    words, letter: JSON.parse(store.value), languages, first: languages[0][0], language: languages[0][0], zone: data.zone,
    mediaUrl: data.media, previewUrl: data.preview, about: JSON.parse(data.about), networks: JSON.parse(data.networks), media: new Map(),
    edition: () => desk.letter.editions[desk.language],
    change, tell,
  };
  words.fields = Object.fromEntries(words.fields);
  desk.letter.editions ??= {};
  desk.letter.theme ??= {};

  // --- what was done, so that it can be undone
  let done = [JSON.stringify(desk.letter)];
  let undone = [];
  let lastKey = null;
  let lastAt = 0;
  function change(key, run, how) {
    run();
    const now = Date.now();
    // Quick typing in one place is one step; what a button does is a step of its own.
    if (key === lastKey && !how && now - lastAt < TYPING_MS && done.length > 1) done.pop();
    [lastKey, lastAt] = [how ? null : key, now];
    done.push(JSON.stringify(desk.letter));
    if (done.length > STEPS_MAX) done.shift();
    undone = [];
    saved(key, how === "redraw");
  }
  function step(from, to) {
    if (from === done ? done.length < 2 : !undone.length) return;
    to.push(from.pop());
    lastKey = null;
    desk.letter = JSON.parse(done.at(-1));
    saved(document.activeElement?.dataset?.key, true);
    status.textContent = from === done ? words.undone : words.redone;
  }
  const undo = () => step(done, undone);
  const redo = () => step(undone, done);
  function saved(key, isRedrawn) {
    store.value = done.at(-1);
    undoButton.disabled = done.length < 2;
    redoButton.disabled = !undone.length;
    if (isRedrawn) draw(key);
    marks();
    shown.later();
    root.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: { letter: desk.letter } }));
  }

  // --- languages
  const isMissing = (code) => {
    const body = desk.letter.editions[code]?.body;
    return !(body?.blocks?.length || body?.code?.text.trim());
  };
  const tabs = languages.map(([code, name], at) => el("button", { type: "button", role: "tab", id: newId(), "aria-selected": String(!at), tabindex: at ? "-1" : "0", lang: code, on: { click: () => turn(code) } }, name));
  const tabBar = el("div", { class: "tabs", role: "tablist", "aria-label": words.languages, on: { keydown: (event) => {
    roam(event, tabs);
    if (event.defaultPrevented) document.activeElement.click();
  } } }, tabs);
  function turn(code) {
    desk.language = code;
    lastKey = null;
    draw();
    marks();
    shown.draw();
  }
  function marks() {
    tabs.forEach((tab, at) => {
      const [code, name] = languages[at];
      tab.setAttribute("aria-selected", String(code === desk.language));
      tab.tabIndex = code === desk.language ? 0 : -1;
      tab.replaceChildren(name, ...(isMissing(code) ? [" ", el("span", { class: "badge warn" }, words.missing)] : []));
    });
    panel.setAttribute("aria-labelledby", tabs[languages.findIndex(([code]) => code === desk.language)].id);
  }
  const begin = (blocks) => change("begin", () => {
    const held = desk.edition();
    desk.letter.editions[desk.language] = { subject: [], preheader: [], ...held, body: { blocks } };
  }, "redraw");

  // --- blocks
  const panel = el("div", { class: "editor-panel", role: "tabpanel" });
  function draw(key) {
    for (const renew of themes) renew();
    const edition = desk.edition();
    const other = desk.language === desk.first ? null : desk.letter.editions[desk.first];
    panel.lang = desk.language;
    if (!edition) {
      panel.replaceChildren(el("div", { class: "empty" }, el("h2", {}, words.emptyTitle), el("p", {}, words.emptyText), el("div", { class: "row editor-center" },
        other?.body.blocks ? el("button", { type: "button", class: "primary", on: { click: () => begin(emptied(other.body.blocks)) } }, words.copyStructure) : null,
        el("button", { type: "button", on: { click: () => begin([]) } }, words.beginBlank))));
      return;
    }
    const line = (name) => {
      const { root: text, bar } = editable(edition[name] ?? [], { words, single: true, key: name, change: (value, how) => change(name, () => { edition[name] = value; }, how) });
      const theirs = other?.[name]?.length ? el("p", { class: "hint editor-other", lang: desk.first }, other[name].map((one) => (typeof one === "string" ? one : (one.fallback ?? "…"))).join("")) : [];
      const made = field(words[name], text, [el("p", { class: "hint" }, words[`${name}Hint`]), theirs]);
      text.before(bar);
      return made;
    };
    panel.replaceChildren(
      el("section", { class: "card", "aria-label": words.head, "data-path": "head" }, line("subject"), line("preheader"), remarksAt(`${desk.language}.subject`)),
      edition.body.code ? codeOf(edition) : listOf(edition.body.blocks, "blocks", other?.body.blocks, KINDS),
      kindOf(edition),
    );
    if (key) panel.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
    learnPictures(desk).then((isNews) => isNews && draw(document.activeElement?.dataset?.key)).catch(() => {});
  }
  const remarksAt = (path) => el("ul", { class: "editor-found", "data-remarks": path });

  function listOf(blocks, path, others, kinds) {
    const items = blocks.map((block, at) => card(blocks, at, `${path}.${at}`, others?.[at]?.type === block.type ? others[at] : null));
    const choose = select(kinds.map((kind) => [kind, words[`block_${kind}`]]), "text", () => {});
    choose.setAttribute("aria-label", words.blockKind);
    const add = el("button", { type: "button", "data-key": `${path}.add`, on: { click: () => {
      const at = blocks.length && blocks.at(-1).type === "footer" ? blocks.length - 1 : blocks.length;
      change(`${path}.add`, () => blocks.splice(at, 0, fresh(choose.value)), "redraw");
      focusBlock(`${path}.${at}`);
    } } }, words.addBlock);
    return el("div", { class: "editor-list" }, el("ol", {}, items), el("div", { class: "row editor-add" }, choose, add));
  }
  function card(blocks, at, path, other) {
    const block = blocks[at];
    const name = words[`block_${block.type}`];
    const move = (by) => change(`${path}.move`, () => blocks.splice(at + by, 0, ...blocks.splice(at, 1)), "redraw");
    const tool = (word, key, run, off) => el("button", { type: "button", class: "quiet", "data-key": `${path}.${key}`, "aria-label": `${words[word]}: ${name} ${at + 1}`, title: words[word], disabled: off, on: { click: run } }, SIGNS[key]);
    const parent = path.slice(0, path.lastIndexOf("."));
    const after = (to, key) => {
      const button = panel.querySelector(`[data-key="${parent}.${to}.${key}"]`);
      (button && !button.disabled ? button : panel.querySelector(`[data-block="${parent}.${to}"] button:not(:disabled)`))?.focus();
    };
    const inner = block.type === "columns"
      ? [columnsCount(block, path), el("div", { class: "editor-columns" }, block.columns.map((column, number) => el("fieldset", {}, el("legend", {}, `${words.column} ${number + 1}`), listOf(column, `${path}.columns.${number}`, other?.columns?.[number], SIMPLE))))]
      : formOf(block, path, other, desk);
    return el("li", { class: "card editor-block", "data-block": path },
      el("div", { class: "row editor-head" }, el(path.includes("columns") ? "h3" : "h2", {}, `${at + 1}. ${name}`),
        tool("up", "up", () => { move(-1); after(at - 1, "up"); }, at === 0),
        tool("down", "down", () => { move(1); after(at + 1, "down"); }, at === blocks.length - 1),
        tool("duplicate", "copy", () => { change(`${path}.copy`, () => blocks.splice(at + 1, 0, copy(block)), "redraw"); after(at + 1, "copy"); }),
        tool("remove", "remove", () => { change(`${path}.remove`, () => blocks.splice(at, 1), "redraw"); after(Math.min(at, blocks.length - 1), "remove"); status.textContent = words.removed; })),
      inner, remarksAt(`${desk.language}.${path}`));
  }
  function columnsCount(block, path) {
    return field(words.columnsCount, select([[2, "2"], [3, "3"]], block.columns.length, (value) => change(`${path}.count`, () => {
      if (value === "3") block.columns.push([]);
      else block.columns[1].push(...block.columns.splice(2).flat());
    }, "redraw")));
  }
  function focusBlock(path) {
    const held = panel.querySelector(`[data-block="${CSS.escape(path)}"]`);
    held?.scrollIntoView({ block: "nearest" });
    const first = held?.querySelector("[contenteditable=true], input, select, textarea") ?? held?.querySelector("button:not(:disabled)");
    first?.focus();
  }

  // --- code
  function kindOf(edition) {
    const kind = edition.body.code?.kind ?? "blocks";
    const choose = select(["blocks", "mjml", "html", "md"].map((one) => [one, words[`kind_${one}`]]), kind, (value) => {
      const words_lost = value === "blocks" ? words.toBlocks : kind === "blocks" ? words.toCode : null;
      if (words_lost && !confirm(words_lost)) return draw();
      const text = kind === "blocks" ? (value === "mjml" ? (shown.source() ?? "") : "") : edition.body.code.text;
      return change("kind", () => { edition.body = value === "blocks" ? { blocks: [] } : { code: { kind: value, text } }; }, "redraw");
    });
    return el("details", { class: "card", open: kind !== "blocks" }, el("summary", {}, words.advanced), field(words.kind, choose, el("p", { class: "hint" }, words.kindHint)));
  }
  function codeOf(edition) {
    const text = el("textarea", { class: "code", rows: "24", spellcheck: "false", value: edition.body.code.text, "data-key": "code", on: { input: () => change("code", () => { edition.body.code.text = text.value; }) } });
    return el("section", { class: "card" }, field(words[`kind_${edition.body.code.kind}`], text), remarksAt(`${desk.language}.code`));
  }

  // --- what is wrong, at its place
  function tell(remarks) {
    const places = [...panel.querySelectorAll("[data-remarks]")];
    for (const place of places) place.replaceChildren();
    for (const one of remarks) {
      const here = places.filter((place) => within(one.path, place.dataset.remarks)).sort((a, b) => b.dataset.remarks.length - a.dataset.remarks.length)[0];
      here?.append(el("li", { class: one.severity }, one.message));
    }
  }
  const within = (path, place) => path === place || path.startsWith(`${place}.`) || (place.endsWith(".subject") && path.endsWith(".preheader"));
  function show(remark) {
    const area = panel.querySelector("textarea.code");
    if (remark.line && area) {
      const start = area.value.split("\n").slice(0, remark.line - 1).join("\n").length + (remark.line > 1 ? 1 : 0) + remark.column - 1;
      area.focus();
      area.setSelectionRange(start, start + 1);
      return;
    }
    const place = [...panel.querySelectorAll("[data-block]")].filter((one) => within(remark.path, `${desk.language}.${one.dataset.block}`)).at(-1);
    if (place) focusBlock(place.dataset.block);
    else panel.querySelector("[data-key=subject]")?.focus();
  }

  // --- the whole
  const status = el("p", { role: "status", class: "visually-hidden" });
  const undoButton = el("button", { type: "button", disabled: true, "aria-keyshortcuts": "Control+Z", on: { click: undo } }, words.undo);
  const redoButton = el("button", { type: "button", disabled: true, "aria-keyshortcuts": "Control+Shift+Z", on: { click: redo } }, words.redo);
  const themes = [];
  const theme = (name, options) => {
    const choose = select(options.map((one) => [one, words[`${name}_${one}`]]), options[0], (value) => change(name, () => { desk.letter.theme[name] = value; }));
    choose.dataset.key = name;
    themes.push(() => { choose.value = desk.letter.theme[name] ?? options[0]; });
    return field(words[name], choose);
  };
  const shown = preview(desk, { show });
  const bar = el("div", { class: "row editor-bar" }, undoButton, redoButton, theme("accent", ["ocean", "teal", "forest", "plum", "ruby", "amber", "graphite"]), theme("font", ["sans", "serif"]));
  root.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && ["z", "y"].includes(event.key.toLowerCase())) {
      event.preventDefault();
      if (event.shiftKey || event.key.toLowerCase() === "y") redo();
      else undo();
    } else if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) {
      // A form is sent by its button; nobody loses a letter by a slip.
      event.preventDefault();
    }
  });
  root.append(el("div", { class: "editor-desk" }, el("div", {}, bar, tabBar, panel), shown.root), status);
  draw();
  marks();
  shown.draw();
  return { undo, redo, get letter() { return desk.letter; }, turn };
}

for (const root of document.querySelectorAll("[data-editor]")) mount(root);
