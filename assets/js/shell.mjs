// What every page of the staff's shares: the sentence of the deed before goes from the address, so
// that a reload does not say it again; a form is not sent twice by a double click; a table that
// is wider than the screen can be scrolled by the keyboard.

const here = new URL(location.href);
if (here.searchParams.has("said")) {
  here.searchParams.delete("said");
  history.replaceState(history.state, "", here);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  queueMicrotask(() => {
    if (!event.defaultPrevented) form.dataset.sent = "1";
  });
});

// A page that the browser kept comes back with its forms open again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const table of document.querySelectorAll(".table-wrap")) watcher.observe(table);
