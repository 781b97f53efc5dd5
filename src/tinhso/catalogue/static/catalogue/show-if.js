/* On the page that shows all questions at once: hide those that the answers so far do not call for. The server decides anyway. */
(() => {
  "use strict";

  const answer = (form, name) => {
    const value = new FormData(form).get(name);
    if (value === "co") return true;
    if (value === "khong") return false;
    return value;
  };

  const holds = (form, condition) => {
    if (condition.all) return condition.all.every((part) => holds(form, part));
    if (condition.any) return condition.any.some((part) => holds(form, part));
    if (condition.not) return !holds(form, condition.not);
    const value = answer(form, condition.field);
    if (value === null || value === "") return true;
    if ("equals" in condition) return value === condition.equals;
    if ("in" in condition) return condition.in.includes(value);
    return true;
  };

  const follow = (form) => {
    form.querySelectorAll("[data-show-if]").forEach((part) => {
      part.hidden = !holds(form, JSON.parse(part.dataset.showIf));
    });
  };

  document.querySelectorAll("form").forEach((form) => {
    if (!form.querySelector("[data-show-if]")) return;
    form.addEventListener("change", () => follow(form));
    follow(form);
  });
})();
