"use strict";
// Opens what an anchor points into, shows pictures large, and opens everything for print.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
  target.scrollIntoView({ block: "center" });
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
  if (location.hash) reveal();
});
addEventListener("beforeprint", function () {
  document.querySelectorAll("details").forEach(function (box) { box.open = true; });
});
