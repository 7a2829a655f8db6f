// What every page of the staff's shares: the sentence of the deed before goes from the address, so
// that a reload does not say it again; a form is not sent twice by a double click.

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
