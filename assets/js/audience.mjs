// Builds an audience of clauses. Every [data-audience-builder] on the page keeps the audience as JSON
// in its hidden field and says at each change whom it means; it fires "audience-change".

import { count } from "./counts.mjs";

const WAIT_MS = 350;
const KINDS = [
  "language", "tag", "attribute", "consent", "got_campaign", "created", "imported", "segment",
  "any", "address_state", "blocked", "suppressed",
];

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

class Builder {
  constructor(root) {
    this.root = root;
    this.offer = JSON.parse(root.dataset.offer);
    this.field = root.querySelector("[data-audience]");
    this.audience = { include: [], exclude: [], ...JSON.parse(this.field.value || "{}") };
    this.draw();
    this.count();
  }

  say(key) {
    return this.offer.say[key];
  }

  changed({ redraw = false, focus } = {}) {
    this.field.value = JSON.stringify(this.audience);
    if (redraw) this.draw(focus);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.count(), WAIT_MS);
    this.root.dispatchEvent(new CustomEvent("audience-change", { bubbles: true, detail: this.audience }));
  }

  draw(focus) {
    const place = this.root.querySelector("[data-clauses]");
    place.replaceChildren(this.list("include"), this.list("exclude"));
    if (focus) place.querySelector(focus)?.focus();
  }

  list(side) {
    const box = element("section", { className: "card" });
    box.append(element("h2", { textContent: this.say(side) }));
    box.append(element("p", { className: "hint", textContent: this.say(`${side}-hint`) }));
    box.append(this.clauses(this.audience[side], side));
    return box;
  }

  // A list of clauses with a way to add one more.
  clauses(all, path, depth = 1) {
    const box = element("div");
    const list = element("ul", { className: "clauses" });
    all.forEach((clause, n) => list.append(this.clause(all, n, `${path}-${n}`, depth)));
    if (!all.length) {
      const empty = path === "exclude" ? "nobody-excluded" : "everybody";
      if (depth === 1) box.append(element("p", { className: "muted", textContent: this.say(empty) }));
    }
    const add = element("select", { id: `${path}-add` });
    add.setAttribute("aria-label", this.say("add"));
    add.append(element("option", { value: "", textContent: this.say("add") }));
    for (const kind of KINDS) {
      if (!this.canOffer(kind, depth)) continue;
      add.append(element("option", { value: kind, textContent: this.say(`kind-${kind.replace("_", "-")}`) }));
    }
    add.addEventListener("change", () => {
      if (!add.value) return;
      all.push(this.fresh(add.value));
      this.changed({ redraw: true, focus: `#${path}-${all.length - 1} select, #${path}-${all.length - 1} input` });
    });
    box.append(list, add);
    return box;
  }

  canOffer(kind, depth) {
    const needs = { attribute: "attributes", got_campaign: "campaigns", imported: "imports", segment: "segments", consent: "purposes" };
    if (kind === "any") return depth === 1;
    return !needs[kind] || this.offer[needs[kind]].length > 0;
  }

  fresh(kind) {
    const first = (name) => this.offer[name][0][0];
    switch (kind) {
      case "language": return { language: [first("languages")] };
      case "tag": return { tag: [] };
      case "attribute": return { attribute: { key: first("attributes"), is: [] } };
      case "consent": {
        const [purpose, party] = first("purposes").split(":");
        return { consent: { purpose, party, is: "holds" } };
      }
      case "got_campaign": return { got_campaign: [first("campaigns")] };
      case "created": return { created: {} };
      case "imported": return { imported: [first("imports")] };
      case "segment": return { segment: first("segments") };
      case "any": return { any: [] };
      case "address_state": return { address_state: ["bad"] };
      case "blocked": return { blocked: true };
      default: return { suppressed: [] };
    }
  }

  clause(all, n, path, depth) {
    const item = element("li", { className: "clause", id: path });
    const isNot = "not" in all[n];
    const inner = isNot ? all[n].not : all[n];
    const kind = Object.keys(inner)[0];
    item.append(element("strong", { textContent: this.say(`kind-${kind.replace("_", "-")}`) ?? kind }));
    const turn = this.select([["", this.say("is")], ["not", this.say("is-not")]], isNot ? "not" : "", this.say("is"));
    turn.addEventListener("change", () => {
      all[n] = turn.value ? { not: inner } : inner;
      this.changed();
    });
    item.append(turn);
    this.controls(item, inner, kind, path, depth);
    const remove = element("button", { type: "button", className: "quiet end", textContent: this.say("remove") });
    remove.setAttribute("aria-label", `${this.say("remove")}: ${this.say(`kind-${kind.replace("_", "-")}`) ?? kind}`);
    remove.addEventListener("click", () => {
      all.splice(n, 1);
      this.changed({ redraw: true, focus: `#${path.replace(/-\d+$/, "")}-add` });
    });
    item.append(remove);
    return item;
  }

  controls(item, inner, kind, path, depth) {
    const ticks = (name) => item.append(this.ticks(this.offer[name], inner[kind], path));
    switch (kind) {
      case "language": return ticks("languages");
      case "got_campaign": return item.append(this.pick(this.offer.campaigns, inner, kind));
      case "imported": return item.append(this.pick(this.offer.imports, inner, kind));
      case "segment": {
        const select = this.select(this.offer.segments, inner.segment, this.say("kind-segment"));
        select.addEventListener("change", () => { inner.segment = select.value; this.changed(); });
        return item.append(select);
      }
      case "tag": return item.append(this.words(inner.tag, this.say("tags-hint"), (tags) => { inner.tag = tags; }));
      case "attribute": {
        const select = this.select(this.offer.attributes, inner.attribute.key, this.say("kind-attribute"));
        select.addEventListener("change", () => { inner.attribute.key = select.value; this.changed(); });
        item.append(select);
        return item.append(this.words(inner.attribute.is ?? [], this.say("values-hint"), (is) => { inner.attribute.is = is; }));
      }
      case "consent": return this.consent(item, inner.consent);
      case "created": return this.span(item, inner.created);
      case "any": {
        const group = element("fieldset", {}, element("legend", { textContent: this.say("kind-any") }));
        group.append(this.clauses(inner.any, path, depth + 1));
        return item.append(group);
      }
      default: return undefined;
    }
  }

  consent(item, consent) {
    const of = `${consent.purpose}:${consent.party ?? "institution"}`;
    const purpose = this.select(this.offer.purposes, of, this.say("kind-consent"));
    purpose.addEventListener("change", () => {
      [consent.purpose, consent.party] = purpose.value.split(":");
      this.changed();
    });
    const is = this.select(this.offer.consent_is, consent.is, this.say("choose"));
    is.addEventListener("change", () => {
      consent.is = is.value;
      this.changed();
    });
    item.append(purpose, is);
    this.span(item, consent);
  }

  span(item, span) {
    for (const end of ["since", "before"]) {
      const input = element("input", { type: "date", value: (span[end] ?? "").slice(0, 10) });
      if (span[end]) input.value = this.day(span[end]);
      input.addEventListener("change", () => {
        if (input.value) span[end] = `${input.value}T00:00:00${this.offer.offset}`;
        else delete span[end];
        this.changed();
      });
      item.append(element("label", {}, `${this.say(end)} `, input));
    }
  }

  // The day of an instant in the institution's zone.
  day(instant) {
    const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(this.offer.offset);
    const shift = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
    return new Date(Date.parse(instant) + shift).toISOString().slice(0, 10);
  }

  select(choices, chosen, label) {
    const select = element("select");
    select.setAttribute("aria-label", label);
    for (const [value, title] of choices) {
      select.append(element("option", { value, textContent: title, selected: value === chosen }));
    }
    return select;
  }

  pick(choices, inner, kind) {
    const select = this.select(choices, inner[kind][0], this.say(`kind-${kind.replace("_", "-")}`));
    select.addEventListener("change", () => {
      inner[kind] = [select.value];
      this.changed();
    });
    return select;
  }

  ticks(choices, chosen, path) {
    const box = element("span", { className: "ticks" });
    for (const [value, title] of choices) {
      const tick = element("input", { type: "checkbox", value, checked: chosen.includes(value), id: `${path}-${value}` });
      tick.addEventListener("change", () => {
        if (tick.checked) chosen.push(value);
        else chosen.splice(chosen.indexOf(value), 1);
        this.changed();
      });
      box.append(element("label", { className: "choice" }, tick, title));
    }
    return box;
  }

  words(all, hint, take) {
    const input = element("input", { className: "grow", value: all.join(", "), placeholder: hint });
    input.setAttribute("aria-label", hint);
    input.addEventListener("input", () => {
      take(input.value.split(",").map((word) => word.trim()).filter(Boolean));
      this.changed();
    });
    return input;
  }

  async count() {
    this.asking?.abort();
    this.asking = new AbortController();
    const find = (name) => this.root.querySelector(`[data-${name}]`);
    const [text, problem, sample, list] = ["count-text", "count-error", "sample", "sample-list"].map(find);
    try {
      const told = await count(this.audience, this.asking.signal);
      text.textContent = told.text;
      problem.hidden = true;
      sample.hidden = told.sample.length === 0;
      list.replaceChildren(...told.sample.map((one) => {
        const link = element("a", { href: `/contacts/${one.id}`, textContent: one.address });
        return element("li", {}, link, one.name ? ` ${one.name}` : "");
      }));
      this.root.dispatchEvent(new CustomEvent("audience-count", { bubbles: true, detail: told }));
    } catch (error) {
      if (error.name === "AbortError") return;
      text.textContent = "";
      problem.textContent = `${this.say("failed")} ${error.message ?? ""}`;
      problem.hidden = false;
    }
  }
}

export function build(root) {
  return new Builder(root);
}

document.querySelectorAll("[data-audience-builder]").forEach(build);
