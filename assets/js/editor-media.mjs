// Chooses a picture of the media library, or brings a new one.

import { el, field, newId } from "./editor-dom.mjs";

async function fetched(url, given = {}) {
  const answer = await fetch(url, { ...given, headers: { accept: "application/json" } });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.problems?.[0]?.problem ?? body.detail ?? body.title ?? String(answer.status));
  return body;
}

/** Fetches what the letter's pictures are, so that they can be shown. */
export async function learnPictures(desk) {
  const ids = new Set(JSON.stringify(desk.letter).match(/"media":"[0-9a-f-]{36}"/g)?.map((found) => found.slice(9, -1)));
  const missing = [...ids].filter((id) => !desk.media.has(id));
  if (!missing.length) return false;
  const { pictures } = await fetched(`${desk.mediaUrl}?ids=${missing.join(",")}`);
  for (const one of pictures) desk.media.set(one.id, one);
  return pictures.length > 0;
}

export function pickPicture(desk) {
  const { words } = desk;
  const opener = document.activeElement;
  const id = newId();
  return new Promise((answer) => {
    let chosen = null;
    const list = el("ul", { class: "editor-pictures" });
    const said = el("p", { role: "status", class: "hint" });
    const take = (one) => {
      desk.media.set(one.id, one);
      chosen = one;
      box.close();
    };
    const show = async () => {
      try {
        const { pictures } = await fetched(`${desk.mediaUrl}?search=${encodeURIComponent(search.value)}`);
        list.replaceChildren(...pictures.map((one) => el("li", {}, el("button", { type: "button", class: "quiet", on: { click: () => take(one) } },
          el("img", { src: one.path, alt: one.alts[desk.language] ?? "", width: "120", loading: "lazy" }), el("span", {}, one.file_name)))));
        said.textContent = pictures.length ? "" : words.noPictures;
      } catch (error) {
        said.textContent = error.message;
      }
    };
    let wait;
    const search = el("input", { type: "search", on: { input: () => {
      clearTimeout(wait);
      wait = setTimeout(show, 250);
    } } });
    const file = el("input", { type: "file", accept: "image/jpeg,image/png,image/gif,image/webp", on: { change: async () => {
      if (!file.files.length) return;
      said.textContent = words.uploading;
      const form = new FormData();
      form.append("file", file.files[0]);
      try {
        take(await fetched(desk.mediaUrl, { method: "POST", body: form }));
      } catch (error) {
        said.textContent = error.message;
        file.value = "";
      }
    } } });
    const box = el("dialog", { class: "editor-picker", "aria-labelledby": id }, el("h2", { id }, words.choosePicture),
      el("div", { class: "editor-pair" }, field(words.upload, file, el("p", { class: "hint" }, words.uploadHint)), field(words.search, search)), said, list,
      el("button", { type: "button", on: { click: () => box.close() } }, words.cancel));
    box.addEventListener("close", () => {
      box.remove();
      opener?.focus?.();
      answer(chosen);
    });
    document.body.append(box);
    box.showModal();
    show();
  });
}
