"use strict";
// Opens what an anchor points into, shows pictures large, copies texts, and opens everything for print.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
  target.scrollIntoView({ block: "center" });
}
// By selecting: that works in a file opened from a disk, where browsers may give a page no clipboard.
function copy(box, button) {
  box.hidden = false;
  box.select();
  button.nextElementSibling.textContent = document.execCommand("copy") ? "Copied." : "Select the text below and copy it.";
  box.hidden = button.nextElementSibling.textContent === "Copied.";
}
addEventListener("hashchange", reveal);
addEventListener("DOMContentLoaded", function () {
  const large = document.getElementById("large");
  document.querySelectorAll("button.picture").forEach(function (button) {
    button.addEventListener("click", function () {
      large.querySelector("img").src = button.querySelector("img").src;
      large.querySelector("p").textContent = button.nextElementSibling.textContent;
      large.showModal();
    });
  });
  large.addEventListener("click", function () { large.close(); });
  document.querySelectorAll(".copy button").forEach(function (button) {
    button.addEventListener("click", function () { copy(document.getElementById(button.dataset.text), button); });
  });
  if (location.hash) reveal();
});
addEventListener("beforeprint", function () {
  document.querySelectorAll("details").forEach(function (box) { box.open = true; });
});
