// Builds elements. Data only ever becomes text or attributes.

const PROPERTIES = new Set(["value", "checked", "textContent"]);

export function el(name, given = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    } else if (PROPERTIES.has(key)) {
      node[key] = value;
    } else {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** What stands on buttons; their names say the rest. */
export const SIGNS = { bold: "B", italic: "I", link: "↗", bullets: "•", numbers: "1.", field: "{ }", up: "↑", down: "↓", copy: "2×", remove: "×" };

let last = 0;
export const newId = () => `editor-${++last}`;

/** A label with its control, and what a reader of another language sees there. */
export function field(label, control, more = []) {
  const id = (control.id ||= newId());
  const isRich = control.getAttribute("role") === "textbox";
  const name = isRich
    ? el("span", { class: "label", id: `${id}-label`, on: { click: () => control.focus() } }, label)
    : el("label", { for: id }, label);
  if (isRich) control.setAttribute("aria-labelledby", `${id}-label`);
  return el("div", { class: "field" }, name, control, more);
}

export function select(options, value, change) {
  const list = options.map(([key, label]) => el("option", { value: key, selected: String(key) === String(value) }, label));
  return el("select", { on: { change: (event) => change(event.target.value) } }, list);
}

/** A dialog with a form; `take` gives what was chosen, or a sentence that says what is wrong. */
export function ask(words, title, fields, take) {
  const opener = document.activeElement;
  const wrong = el("p", { class: "error", role: "alert" });
  const id = newId();
  return new Promise((answer) => {
    let given = null;
    const box = el(
      "dialog",
      { class: "editor-ask", "aria-labelledby": id },
      el(
        "form",
        {
          class: "stack",
          on: {
            submit: (event) => {
              event.preventDefault();
              event.stopPropagation();
              const taken = take();
              if (typeof taken === "string") {
                wrong.textContent = taken;
              } else {
                given = taken;
                box.close();
              }
            },
          },
        },
        el("h2", { id }, title),
        fields,
        wrong,
        el(
          "div",
          { class: "row" },
          el("button", { type: "submit", class: "primary" }, words.apply),
          el("button", { type: "button", on: { click: () => box.close() } }, words.cancel),
        ),
      ),
    );
    box.addEventListener("close", () => {
      box.remove();
      opener?.focus?.();
      answer(given);
    });
    document.body.append(box);
    box.showModal();
  });
}
