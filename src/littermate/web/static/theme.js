// Dark or light: what the system prefers, unless a person chose. Loaded before the page is drawn, so that nothing flashes.
const kept = localStorage.getItem("littermate-theme");
if (kept) document.documentElement.dataset.theme = kept;
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("littermate-theme", root.dataset.theme);
});
