"use strict";
// Opens what an anchor points into, and shows in one dialog: pictures large, and any value or animal with all it came
// from. A value's row leads by links to its sources, rules and journal entries: the dialog holds copies of these. Nothing
// is shown that is not in the page, so that a page without a script leads to the same, a step at a time.
const dialog = document.getElementById("opened");
const title = dialog.querySelector("h2 a");
const body = dialog.querySelector(".body");
let shown = null;

function target(link) {
  const href = link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? "";
  return href.length > 1 && href.startsWith("#") ? document.getElementById(decodeURIComponent(href.slice(1))) : null;
}

function reveal() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place) return;
  for (let box = place; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
  place.scrollIntoView({ block: "center" });
}

function make(name, ...inside) {
  const made = document.createElement(name);
  made.append(...inside);
  return made;
}

function copy(place) {
  const made = place.cloneNode(true);
  for (const one of [made, ...made.querySelectorAll("[id]")]) one.removeAttribute("id");
  return made;
}

function large(figure) {
  const image = make("img");
  const small = figure.querySelector("img");
  image.src = small.src;
  image.alt = small.alt;
  return image;
}

function facts(row) {
  const heads = row.closest("table").tHead.rows[0].cells;
  const pairs = [...row.cells].map((cell, k) => [heads[k].textContent, copy(cell)]);
  const said = pairs.filter(([, cell]) => cell.textContent.trim());
  const list = make("dl", ...said.map(([name, cell]) => make("div", make("dt", name), make("dd", ...cell.childNodes))));
  list.className = "trail";
  return list;
}

function rowsAsTable(rows) {
  const table = make("table", copy(rows[0].closest("table").tHead), make("tbody", ...rows.map(copy)));
  const scroll = make("div", table);
  scroll.className = "scroll";
  return [make("h4", "Journal"), scroll];
}

function parts(row) {
  const places = [...new Set([...row.querySelectorAll("a.part")].map(target))].filter(Boolean);
  const articles = places.filter((place) => place.tagName !== "TR").map(copy);
  const entries = places.filter((place) => place.tagName === "TR");
  for (const link of articles.flatMap((one) => [...one.querySelectorAll("a.shows")])) link.replaceChildren(large(target(link)));
  return [facts(row), ...articles, ...(entries.length ? rowsAsTable(entries) : [])];
}

function beside(step) {
  const all = [...shown.parentElement.children];
  return all[all.indexOf(shown) + step];
}

function show(item) {
  shown = item;
  title.textContent = item.dataset.title;
  title.href = "#" + item.id;
  body.replaceChildren(...(item.tagName === "TR" ? parts(item) : [large(item)]));
  for (const button of dialog.querySelectorAll("[data-step]")) button.disabled = button.dataset.step !== "0" && !beside(+button.dataset.step);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

function step(by) {
  if (by && beside(by)) show(beside(by));
  if (!by) dialog.close();
}

function follow(event) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (event.target === dialog) return dialog.close();
  const button = event.target.closest("button.picture, [data-step]");
  if (button) return button.dataset.step ? step(+button.dataset.step) : show(button.closest("[data-title]"));
  const link = event.target.closest("a");
  const place = link && target(link);
  if (!place) return;
  if (link !== title && "title" in place.dataset) {
    event.preventDefault();
    return show(place);
  }
  dialog.close();
  if (location.hash === "#" + place.id) reveal();
}

// By selecting: that works in a file opened from a disk, where browsers may give a page no clipboard.
function paste(button) {
  const box = document.getElementById(button.dataset.text);
  box.hidden = false;
  box.select();
  box.hidden = document.execCommand("copy");
  button.nextElementSibling.textContent = box.hidden ? "Copied." : "Copy it from below.";
}

document.addEventListener("click", follow);
for (const button of document.querySelectorAll(".copy button")) button.addEventListener("click", () => paste(button));
dialog.addEventListener("keydown", function (event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && !event.target.closest(".scroll")) step(by);
});
addEventListener("hashchange", reveal);
addEventListener("DOMContentLoaded", reveal);
addEventListener("beforeprint", function () {
  document.querySelectorAll("details").forEach(function (box) { box.open = true; });
});
