// A file is dropped; a bar follows what is being read.

const drop = document.querySelector("[data-drop]");
if (drop) {
  const input = drop.querySelector("input");
  const over = (is) => (event) => {
    event.preventDefault();
    drop.classList.toggle("over", is);
  };
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}

const live = document.querySelector("[data-live]");
if (live) {
  const bar = live.querySelector("[data-share]");
  const text = live.querySelector("[data-text]");
  const events = new EventSource(live.dataset.live);
  events.addEventListener("message", (event) => {
    const told = JSON.parse(event.data);
    bar.value = told.share;
    text.textContent = told.text;
    if (told.state !== "checking" && told.state !== "running") {
      events.close();
      location.reload();
    }
  });
  addEventListener("pagehide", () => events.close());
}
