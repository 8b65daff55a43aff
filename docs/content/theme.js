// Before anything is drawn: the reader's choice of light or dark, or else the system's.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // A page that is read as a file may have no storage.
  }
  const asked = new URLSearchParams(location.search).get("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = asked ?? chosen ?? (dark ? "dark" : "light");
})();
