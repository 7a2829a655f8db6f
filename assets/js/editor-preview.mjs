// Shows the letter as mail beside it: wide, narrow, dark, as plain text; and what is wrong with it.

import { el, newId } from "./editor-dom.mjs";
import { roam } from "./editor-rich.mjs";

const LOOKS = ["desktop", "phone", "dark", "plain"];
/** Gmail clips what is longer. */
const OCTETS_WISE = 102_000;

/** The number of the block, or line and column of code. */
function place({ path, line, column }) {
  const block = /\.blocks\.(\d+)/.exec(path);
  return line ? `${line}:${column} ` : block ? `${Number(block[1]) + 1}. ` : "";
}

export function preview(desk, { show }) {
  const { words } = desk;
  let look = "desktop";
  let asked = 0;
  let latest = null;
  const name = newId();
  const frame = el("iframe", { class: "editor-frame", name, sandbox: "", title: words.preview });
  const text = el("pre", { class: "editor-plain", tabindex: "0", hidden: true, "aria-label": words.look_plain });
  const subject = el("p", { class: "editor-subject" });
  const size = el("p", { class: "hint" });
  const found = el("ul", { class: "editor-found" });
  const state = el("p", { role: "status", class: "hint" });
  // A form of its own sends the letter into the frame: a document that the frame's own policy guards.
  const sent = el("input", { type: "hidden", name: "letter" });
  const language = el("input", { type: "hidden", name: "language" });
  const scheme = el("input", { type: "hidden", name: "scheme" });
  const rest = Object.entries(desk.about).map(([key, value]) => el("input", { type: "hidden", name: key, value }));
  const form = el("form", { method: "post", action: desk.previewUrl, target: name, enctype: "multipart/form-data", hidden: true }, sent, language, scheme, rest);
  document.body.append(form);

  const draw = async () => {
    const number = ++asked;
    sent.value = JSON.stringify(desk.letter);
    language.value = desk.language;
    scheme.value = look === "dark" ? "dark" : "light";
    if (!desk.edition()) {
      state.textContent = words.nothingYet;
      return;
    }
    try {
      const answer = await fetch(desk.previewUrl, { method: "POST", body: new FormData(form), headers: { accept: "application/json" } });
      if (number !== asked) return;
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.detail ?? told.title);
      latest = told;
      state.textContent = told.is_whole ? "" : words.notWhole;
      subject.textContent = told.subject ?? "";
      text.textContent = told.text ?? "";
      size.textContent = `${Math.ceil(told.octets / 1024)} KB${told.octets > OCTETS_WISE ? ` · ${words.tooLong}` : ""}`;
      found.replaceChildren(...told.remarks.map((one) => el("li", { class: one.severity },
        el("button", { type: "button", class: "quiet", on: { click: () => show(one) } }, `${place(one)}${one.message}`))));
      desk.tell(told.remarks);
      if (look !== "plain" && told.is_whole) HTMLFormElement.prototype.submit.call(form);
    } catch (error) {
      if (number === asked) state.textContent = `${words.previewFailed} ${error.message}`;
    }
  };
  let wait;
  const later = () => {
    clearTimeout(wait);
    wait = setTimeout(draw, 500);
  };
  const buttons = LOOKS.map((one, at) => el("button", { type: "button", role: "radio", "aria-checked": String(one === look), tabindex: at ? "-1" : "0", on: { click: () => choose(one) } }, words[`look_${one}`]));
  const choose = (one) => {
    look = one;
    buttons.forEach((button, at) => {
      button.setAttribute("aria-checked", String(LOOKS[at] === one));
      button.tabIndex = LOOKS[at] === one ? 0 : -1;
    });
    frame.hidden = one === "plain";
    text.hidden = one !== "plain";
    frame.classList.toggle("phone", one === "phone");
    draw();
  };
  const bar = el("div", { class: "editor-looks", role: "radiogroup", "aria-label": words.preview, on: { keydown: (event) => {
    roam(event, buttons);
    if (event.defaultPrevented) document.activeElement.click();
  } } }, buttons);
  const root = el("section", { class: "editor-preview", "aria-label": words.preview }, bar, state, el("details", { open: true }, el("summary", {}, words.remarks), found), subject, frame, text, size);
  return { root, draw, later, source: () => latest?.source };
}
