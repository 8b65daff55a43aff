// The menu on narrow screens, the theme, the search, and the types at the pointer. No network is needed.
(() => {
  const root = document.currentScript.dataset.root;
  const byId = (id) => document.getElementById(id);

  byId("menu").addEventListener("click", () => {
    const open = document.body.classList.toggle("menu-open");
    byId("menu").setAttribute("aria-expanded", open);
  });

  byId("theme").addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // The choice then holds for this page.
    }
  });

  const input = byId("search");
  const found = byId("found");
  let index = null;

  const load = () =>
    new Promise((done) => {
      if (index) return done();
      const script = document.createElement("script");
      script.src = root + "search-index.js";
      script.onload = () => {
        index = window.searchIndex;
        done();
      };
      document.head.append(script);
    });

  // A title that starts with the words counts most, then a title that holds them, then the text.
  const score = (entry, words) => {
    const title = entry.title.toLowerCase();
    let total = 0;
    for (const word of words) {
      if (title.startsWith(word)) total += 9;
      else if (title.includes(word)) total += 5;
      else if (entry.text.toLowerCase().includes(word)) total += 1;
      else return 0;
    }
    return total + (entry.page ? 3 : 0);
  };

  const excerpt = (entry, word) => {
    const at = Math.max(0, entry.text.toLowerCase().indexOf(word) - 40);
    return entry.text.slice(at, at + 130);
  };

  const show = async () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    found.hidden = words.length === 0;
    if (found.hidden) return;
    await load();
    const hits = index
      .map((entry) => ({ entry, score: score(entry, words) }))
      .filter((hit) => hit.score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, 12);
    found.replaceChildren(
      ...hits.map(({ entry }) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = root + entry.uri;
        link.textContent = entry.title;
        const text = document.createElement("small");
        text.textContent = excerpt(entry, words[0]);
        item.append(link, text);
        return item;
      }),
    );
    if (hits.length === 0) found.textContent = "Nothing holds all of these words.";
  };

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") found.querySelector("a")?.click();
    if (event.key === "Escape") {
      input.value = "";
      show();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".find")) found.hidden = true;
  });

  const wanted = new URLSearchParams(location.search).get("q");
  if (wanted) {
    input.value = wanted;
    show();
  }

  // The type of a name in a script, at the pointer.
  for (const name of document.querySelectorAll("pre [data-fsdocs-tip]")) {
    const tip = byId(name.dataset.fsdocsTip);
    if (!tip) continue;
    name.addEventListener("mouseenter", () => {
      const box = name.getBoundingClientRect();
      tip.style.left = Math.min(box.left, innerWidth - 340) + "px";
      tip.style.top = box.bottom + 4 + "px";
      tip.showPopover();
    });
    name.addEventListener("mouseleave", () => tip.hidePopover());
  }
})();
