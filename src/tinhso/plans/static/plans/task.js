/* The main button of a task says what it will do: it counts what was chosen for each piece of evidence. */
(() => {
  "use strict";
  const button = document.querySelector("[data-outcome]");
  const words = button?.querySelector("[data-outcome-words]");
  const form = document.getElementById("tra-loi");
  if (!words || !form) return;
  const first = words.textContent;
  const say = () => {
    const chosen = [...form.querySelectorAll("input[type=radio]:checked")].map((one) => one.value);
    const all = form.querySelectorAll("fieldset.yesno").length;
    const confirmed = chosen.filter((value) => value === "confirmed").length;
    const returned = chosen.length - confirmed;
    const unit = button.dataset.outcome;
    if (!chosen.length || chosen.length < all) words.textContent = first;
    else if (!returned) words.textContent = `Xác nhận ${confirmed} ${unit}`;
    else if (!confirmed) words.textContent = `Trả lại ${returned} ${unit}`;
    else words.textContent = `Xác nhận ${confirmed} ${unit}, trả lại ${returned} ${unit}`;
  };
  form.addEventListener("change", say);
  say();
})();
