// Figures that move: each event holds all that its place shows, so nothing is lost by a cut. The
// browser connects again by itself; while nobody looks at the page it is not connected.

const SAID_EVERY_MS = 15_000;
const AGAIN_MS = 10_000;

for (const place of document.querySelectorAll("[data-watch]")) watch(place);

function watch(place) {
  const said = document.querySelector("[data-watch-said]");
  const lost = document.querySelector("[data-watch-lost]");
  let events = null;
  let again = 0;
  let saidAt = Date.now();

  const tell = (text) => {
    lost.textContent = text;
    lost.hidden = !text;
  };

  const close = () => {
    clearTimeout(again);
    events?.close();
    events = null;
  };

  const open = () => {
    close();
    events = new EventSource(place.dataset.watch);
    events.addEventListener("now", (event) => show(event.data));
    events.addEventListener("over", () => {
      close();
      tell(place.dataset.over);
    });
    events.addEventListener("error", () => {
      tell(place.dataset.lost);
      // A refusal ends it for the browser; it may be that others have left meanwhile.
      if (events?.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MS);
    });
  };

  const show = (html) => {
    tell("");
    const focused = place.contains(document.activeElement) && document.activeElement.getAttribute("href");
    place.innerHTML = html;
    if (focused) place.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    const now = place.firstElementChild;
    const phase = now?.dataset.phase;
    // Other deeds are possible now.
    if (phase && phase !== place.dataset.phase) {
      close();
      location.reload();
    }
    if (said && now?.dataset.summary && Date.now() - saidAt > SAID_EVERY_MS) {
      saidAt = Date.now();
      said.textContent = now.dataset.summary;
    }
  };

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  if (!document.hidden) open();
}
