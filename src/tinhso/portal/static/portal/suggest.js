/* Offers procedures while somebody types into a search box marked data-suggest. Without this script the box is a plain
   form. The answers stand below the box as links, so that keys and screen readers need nothing of their own. */
"use strict";
for (const box of document.querySelectorAll("input[data-suggest]")) {
  const list = document.getElementById(box.dataset.suggestList);
  if (!list) continue;
  let wait = 0;
  let running = null;
  const show = (results) => {
    list.replaceChildren(...results.map(({ title, address }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.className = "tap";
      link.href = address;
      link.textContent = title;
      item.append(link);
      return item;
    }));
    list.hidden = results.length === 0;
  };
  const ask = async () => {
    running?.abort();
    const words = box.value.trim();
    if (words.length < 2) { show([]); return; }
    running = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(words)}`, { signal: running.signal });
      if (answer.ok) show((await answer.json()).results);
    } catch { /* the next letter asks again; the form works without */ }
  };
  box.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(ask, 150); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show([]);
    if (event.key === "ArrowDown" && !list.hidden) { event.preventDefault(); list.querySelector("a")?.focus(); }
  });
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const here = links.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1 }[event.key];
    if (event.key === "Escape") { show([]); box.focus(); }
    if (next === undefined) return;
    event.preventDefault();
    (links[next] ?? (next < 0 ? box : links[here])).focus();
  });
}
