// Counts down to a start. When it is over, the page is asked again where things stand.

for (const place of document.querySelectorAll("[data-countdown]")) {
  const ends = Date.now() + Number(place.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    const [hours, minutes, seconds] = [left / 3600, (left / 60) % 60, left % 60];
    const clock = [hours, minutes, seconds].map((part) => String(Math.floor(part)).padStart(2, "0"));
    place.textContent = `${place.dataset.text} ${clock.join(":")}`;
    if (left > 0) return;
    clearInterval(timer);
    setTimeout(() => location.reload(), 2000);
  };
  // Read out by the second, it would drown everything else.
  place.setAttribute("aria-live", "off");
  const timer = setInterval(tick, 1000);
  tick();
}
