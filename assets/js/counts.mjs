// Fills in how many people an audience means: elements with data-count and data-audience.

export async function count(audience, signal) {
  const answer = await fetch("/segments/count", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: typeof audience === "string" ? audience : JSON.stringify(audience),
    signal,
  });
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.problems?.[0]?.problem ?? told.title);
  return told;
}

export async function fill(within) {
  for (const place of within.querySelectorAll("[data-count][data-audience]:not([hidden])")) {
    try {
      place.textContent = (await count(place.dataset.audience)).text;
    } catch {
      // What stood there stays.
    }
  }
}

fill(document);
