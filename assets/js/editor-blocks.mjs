// The blocks of a letter: what a new one holds, and the form that each is edited with.

import { el, field, newId, select } from "./editor-dom.mjs";
import { askLink, editable, summary } from "./editor-rich.mjs";
import { pickPicture } from "./editor-media.mjs";

const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

const button = () => ({ text: [], link: null, style: "filled", align: "left" });
const FRESH = {
  heading: () => ({ level: 2, text: [], align: "left" }),
  text: () => ({ text: [], align: "left" }),
  image: () => ({ picture: { alt: { text: "" } }, width: 100 }),
  button,
  columns: () => ({ columns: [[], []] }),
  event: () => ({ id: uuid(), title: "", time: null, place: "", online: "", description: "", calendar: true }),
  offer: () => ({ title: "", currency: "KZT", text: [] }),
  divider: () => ({}),
  spacer: () => ({ size: "medium" }),
  social: () => ({ links: [] }),
  footer: () => ({}),
};
export const KINDS = Object.keys(FRESH);
/** What may stand in a column. */
export const SIMPLE = KINDS.filter((kind) => kind !== "columns" && kind !== "footer");
export const fresh = (kind) => ({ type: kind, ...FRESH[kind]() });

/** A copy for its own place: an event's copy is another event. */
export function copy(block) {
  const made = structuredClone(block);
  for (const one of [made, ...(made.columns ?? []).flat()]) if (one.type === "event") one.id = uuid();
  return made;
}

/** The same structure without words: what another language begins with. */
export function emptied(value) {
  if (Array.isArray(value)) return value.map(emptied);
  if (!value || typeof value !== "object") return value;
  const made = {};
  for (const [key, one] of Object.entries(value)) {
    if (key === "alt") made.alt = one === "decorative" ? one : { text: "" };
    else if (key === "text") made.text = [];
    else if (["title", "place", "description"].includes(key)) made[key] = "";
    else made[key] = emptied(one);
  }
  return made;
}

/** The fields of one block. `at` is its path; `other` the same block in the first language. */
export function formOf(block, at, other, desk) {
  const { words } = desk;
  const key = (name) => `${at}.${name}`;
  const hint = (value) => {
    const text = summary(value ?? "");
    return text ? [el("p", { class: "hint editor-other", lang: desk.first }, text)] : [];
  };
  const set = (target, name, always) => (value, how) => desk.change(key(name), () => {
    if (value === null) delete target[name];
    else target[name] = value;
  }, always ?? how);
  const rich = (target, name, label, theirs, single) => {
    const { root, bar } = editable(target[name] ?? [], { words, single, key: key(label), change: set(target, name) });
    const made = field(words[label], root, hint(theirs));
    root.before(bar);
    return made;
  };
  const typed = (target, name, label, theirs, given = {}) =>
    field(words[label], el(given.tall ? "textarea" : "input", {
      ...(given.tall ? { rows: "3" } : { type: given.type ?? "text" }), value: target[name] ?? "", maxlength: given.max ?? 300, inputmode: given.inputmode,
      "data-key": key(label), on: { input: (event) => set(target, name)(event.target.value) },
    }), hint(theirs));
  // What cannot be read stays in its field and out of the letter.
  const read = (target, name, label, type, show, parse) => {
    const wrong = el("p", { class: "error", role: "alert" });
    const control = el("input", { type, value: show(target[name]), "data-key": key(label), inputmode: type === "text" ? "decimal" : null, on: { change: () => {
      const value = control.value.trim() ? parse(control.value.trim()) : null;
      wrong.textContent = value === undefined ? words.unreadable : "";
      control.toggleAttribute("aria-invalid", value === undefined);
      if (value !== undefined) set(target, name)(value);
    } } });
    return field(words[label], control, wrong);
  };
  const choice = (target, name, label, options) =>
    field(words[label], select(options.map((one) => [one, words[`${label}_${one}`] ?? one]), target[name], (value) =>
      set(target, name)(typeof target[name] === "number" ? Number(value) : value)));
  const align = (target) => choice(target, "align", "align", ["left", "center"]);
  const link = (target, label = "goesTo") => {
    const shown = el("span", { class: "editor-address" });
    const show = () => {
      shown.textContent = target.link ? (target.link.url ?? words[`page_${target.link.page}`]) : words.noLink;
    };
    show();
    return el("div", { class: "field" }, el("span", { class: "label" }, words[label]),
      el("div", { class: "row" }, shown, el("button", { type: "button", "data-key": key("link"), on: { click: async () => {
        const given = await askLink(words, target.link);
        if (!given) return;
        set(target, "link")(given.link);
        show();
      } } }, words.change)));
  };
  const buttonFields = (target, theirs) => [
    rich(target, "text", "buttonText", theirs?.text, true),
    link(target),
    el("div", { class: "editor-pair" }, choice(target, "style", "style", ["filled", "outline"]), align(target)),
  ];
  // A part that is there or not: a button of a card.
  const part = (target, name, label, make, fields) => {
    const box = el("fieldset", {}, el("legend", {}, words[label]));
    box.append(...(target[name] ? fields(target[name]) : []), el("button", { type: "button", class: "quiet", "data-key": key(label), on: { click: () =>
      set(target, name, "redraw")(target[name] ? null : make()) } }, target[name] ? words.takeAway : words.add));
    return box;
  };
  const picture = (target, theirs) => {
    const media = target.media && desk.media.get(target.media);
    const alt = el("input", { type: "text", maxlength: "300", value: target.alt?.text ?? "", "data-key": key("alt"), on: { input: (event) => set(target, "alt")({ text: event.target.value }) } });
    const altField = field(words.alt, alt, [el("p", { class: "hint" }, words.altHint), ...hint(theirs?.alt?.text)]);
    altField.hidden = target.alt === "decorative";
    const id = newId();
    return [
      el("div", { class: "row" },
        media ? el("img", { class: "editor-thumb", src: media.path, alt: "", width: "96" }) : el("span", { class: "muted" }, target.media ? words.pictureUnknown : words.noPicture),
        el("button", { type: "button", "data-key": key("picture"), on: { click: async () => {
          const chosen = await pickPicture(desk);
          if (!chosen) return;
          desk.change(key("picture"), () => {
            target.media = chosen.id;
            const known = chosen.alts[desk.language];
            if (known && target.alt !== "decorative" && !target.alt?.text) target.alt = { text: known };
          }, "redraw");
        } } }, words.choosePicture)),
      altField,
      el("div", { class: "choice" }, el("input", { type: "checkbox", id, checked: target.alt === "decorative", "data-key": key("decorative"), on: { change: (event) => {
        altField.hidden = event.target.checked;
        set(target, "alt")(event.target.checked ? "decorative" : { text: alt.value });
      } } }), el("label", { for: id }, words.decorative)),
    ];
  };
  const time = () => {
    const local = (value) => (value ?? "").slice(0, 16);
    const change = (part, value) => desk.change(key("time"), () => {
      const next = { zone: desk.zone, ...block.time };
      if (value) next[part] = `${value}:00`;
      else delete next[part];
      block.time = next.start ? next : null;
    });
    const moment = (part, label) => field(words[label], el("input", { type: "datetime-local", value: local(block.time?.[part]), "data-key": key(label), on: { change: (event) => change(part, event.target.value) } }));
    return el("div", { class: "editor-pair" }, moment("start", "start"), moment("end", "end"));
  };
  const price = (name, label) => read(block, name, label, "text", (value) => value ?? "", (text) => {
    const digits = text.replace(/[\s\u00a0]/g, "").replace(",", ".");
    return /^\d{1,9}(\.\d{1,2})?$/.test(digits) ? digits : undefined;
  });

  switch (block.type) {
    case "heading":
      return [rich(block, "text", "headingText", other?.text, true), el("div", { class: "editor-pair" }, choice(block, "level", "level", [1, 2, 3]), align(block))];
    case "text":
      return [rich(block, "text", "text", other?.text), align(block)];
    case "image":
      return [...picture((block.picture ??= { alt: { text: "" } }), other?.picture), el("div", { class: "editor-pair" }, choice(block, "width", "width", [25, 50, 75, 100]), link(block))];
    case "button":
      return buttonFields(block, other);
    case "spacer":
      return [choice(block, "size", "size", ["small", "medium", "large"])];
    case "event": {
      const id = newId();
      return [
        typed(block, "title", "title", other?.title), time(), el("p", { class: "hint" }, desk.zone), typed(block, "place", "place", other?.place),
        typed(block, "online", "online", null, { type: "url", max: 2000 }), typed(block, "description", "description", other?.description, { tall: true, max: 5000 }),
        el("div", { class: "choice" }, el("input", { type: "checkbox", id, checked: block.calendar, "data-key": key("calendar"), on: { change: (event) => set(block, "calendar")(event.target.checked) } }), el("label", { for: id }, words.calendar)),
        part(block, "button", "button", button, (target) => buttonFields(target, other?.button)),
      ];
    }
    case "offer":
      return [
        typed(block, "title", "title", other?.title),
        el("div", { class: "editor-pair" }, price("price", "price"), price("price_before", "priceBefore"), choice(block, "currency", "currency", ["KZT", "RUB", "USD", "EUR"]),
          read(block, "until", "until", "date", (value) => value ?? "", (text) => text)),
        rich(block, "text", "text", other?.text),
        part(block, "picture", "picture", () => ({ alt: { text: "" } }), (target) => picture(target, other?.picture)),
        part(block, "button", "button", button, (target) => buttonFields(target, other?.button)),
      ];
    case "social":
      return [
        ...block.links.map((one, at) => el("div", { class: "editor-pair" },
          field(words.network, select(desk.networks.map((name) => [name, words[`network_${name}`] ?? name]), one.network, (value) => desk.change(key(`network${at}`), () => { one.network = value; }))),
          field(words.linkAddress, el("input", { type: "url", value: one.url, maxlength: "2000", placeholder: "https://", "data-key": key(`url${at}`), on: { input: (event) => desk.change(key(`url${at}`), () => { one.url = event.target.value.trim(); }) } })),
          el("button", { type: "button", class: "quiet", on: { click: () => desk.change(key("links"), () => block.links.splice(at, 1), "redraw") } }, words.takeAway))),
        el("button", { type: "button", "data-key": key("links"), on: { click: () => desk.change(key("links"), () => block.links.push({ network: "website", url: "" }), "redraw") } }, words.addLink),
      ];
    case "footer":
      return [el("p", { class: "hint" }, words.footerHint)];
    default:
      return [];
  }
}
