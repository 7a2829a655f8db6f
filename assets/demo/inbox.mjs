// Keeps the first page of the list current. Without this module the page works as well.

const news = new EventSource("/news");
let isFetching = false;
let hasMore = false;

async function refresh() {
  if (isFetching) {
    hasMore = true;
    return;
  }
  isFetching = true;
  try {
    const answer = await fetch(location.href);
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      replace(page);
    }
  } finally {
    isFetching = false;
  }
  if (hasMore) {
    hasMore = false;
    refresh();
  }
}

// A link that somebody is on must not vanish under them.
function replace(page) {
  const list = document.getElementById("letters");
  document.getElementById("arrived").replaceWith(page.getElementById("arrived"));
  if (!list.contains(document.activeElement)) {
    list.replaceWith(page.getElementById("letters"));
    document.querySelector(".pages").replaceWith(page.querySelector(".pages"));
  }
}

news.addEventListener("message", refresh);
addEventListener("pagehide", () => news.close());
