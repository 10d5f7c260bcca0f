// Agreement and calibration: a choice takes effect as it is made. (Without scripts there is a button for it.)
document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-choose]");
  if (!form) return;
  // Another assay has other scorers: what was chosen of the one before is not asked for.
  if (target.name === "assay") for (const other of form.querySelectorAll("[name]:not([name=assay])")) other.disabled = true;
  form.requestSubmit();
});
