/* Small helps for every page. Nothing here is needed to read, fill in or send; it only makes these easier. */
(() => {
  "use strict";

  const gettext = window.gettext || ((text) => text);
  const SIZES = ["100", "125", "150"];
  const YEAR = 365 * 24 * 60 * 60;
  const root = document.documentElement;

  const keep = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  };
  const recall = (name) => {
    try { return localStorage.getItem(name); } catch { return null; }
  };
  const remember = (name, value) => {
    try { localStorage.setItem(name, value); } catch { /* private windows may refuse */ }
  };

  /* Chữ to hơn: 100, 125, 150 %, then 100 again. The server reads the cookie, so the next page opens at that size. */
  const sayTextSize = (button) => {
    const now = root.dataset.text || "100";
    const word = button.querySelector("[data-text-word]") || button;
    word.textContent = now === "150" ? gettext("Chữ về cỡ thường") : gettext("Chữ to hơn");
  };
  const textSize = () => {
    const now = SIZES.indexOf(root.dataset.text || "100");
    const next = SIZES[(now + 1) % SIZES.length];
    root.dataset.text = next;
    keep("chu", next);
    document.querySelectorAll("[data-text-size]").forEach(sayTextSize);
  };
  const theme = (button) => {
    const dark = root.dataset.theme !== "dark";
    root.dataset.theme = dark ? "dark" : "light";
    keep("nen", dark ? "toi" : "sang");
    button.textContent = dark ? gettext("Nền sáng") : gettext("Nền tối");
  };

  root.classList.add("js");

  /* Buttons that only work with this script appear with it. */
  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  document.querySelectorAll("[data-text-size]").forEach(sayTextSize);

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-text-size], [data-theme-switch], [data-print], [data-dismiss], [data-open-dialog], [data-close-dialog], [data-keys-toggle], [data-check-all]");
    if (!target) return;
    if (target.matches("[data-text-size]")) textSize();
    else if (target.matches("[data-theme-switch]")) theme(target);
    else if (target.matches("[data-print]")) window.print();
    else if (target.matches("[data-dismiss]")) target.closest("[data-toast]")?.remove();
    else if (target.matches("[data-open-dialog]")) document.getElementById(target.dataset.openDialog)?.showModal();
    else if (target.matches("[data-close-dialog]")) target.closest("dialog")?.close();
    else if (target.matches("[data-keys-toggle]")) toggleKeys(target);
    else if (target.matches("[data-check-all]")) {
      target.closest("table, form")?.querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = target.checked; });
    }
  });

  /* A chosen file is named beside the button. */
  document.addEventListener("change", (event) => {
    const input = event.target.closest("label.btn > input[type=file]");
    const said = input?.closest(".pick")?.querySelector("[data-file-name]");
    if (said && !input.dataset.uploadUrl) said.textContent = [...input.files].map((file) => file.name).join(", ");
  });

  /* A toast that only confirms goes after ten seconds, unless somebody is reading or using it. */
  document.querySelectorAll("[data-toast='brief']").forEach((toast) => {
    const leave = () => {
      if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000);
      else toast.remove();
    };
    setTimeout(leave, 10000);
  });

  /* The list of mistakes is read first. */
  document.querySelector("[data-focus]")?.focus();

  /* A form marked data-once is sent once, however often the button is pressed. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-once]");
    if (!form || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
    });
  });

  /* Keys for officers: j and k along a list marked data-keys, x picks, / searches, ? lists all keys. */
  const keysAreOff = () => recall("phim-tat") === "tat";
  const sayKeys = (button) => { button.textContent = keysAreOff() ? gettext("Bật phím tắt") : gettext("Tắt phím tắt"); };
  const toggleKeys = (button) => {
    remember("phim-tat", keysAreOff() ? "bat" : "tat");
    sayKeys(button);
  };
  document.querySelectorAll("[data-keys-toggle]").forEach(sayKeys);

  const rowsOf = (list) => [...list.querySelectorAll("[data-keys-row], tbody > tr, :scope > li")];
  const step = (list, by) => {
    const rows = rowsOf(list);
    const now = rows.findIndex((row) => row.classList.contains("on"));
    const next = rows[now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + by))];
    if (!next) return;
    rows.forEach((row) => row.classList.toggle("on", row === next));
    (next.querySelector("a") || next.querySelector("button"))?.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (list, key) => {
    if (!list) return false;
    if (key === "j") step(list, 1);
    else if (key === "k") step(list, -1);
    else if (key === "x") list.querySelector(".on input[type=checkbox]")?.click();
    else return false;
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysAreOff()) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog")) return;
    if (!document.body.classList.contains("office")) return;
    const list = document.querySelector("[data-keys]");
    if (event.key === "?") document.getElementById("keys-help")?.showModal();
    else if (event.key === "/") document.querySelector("[data-keys-search]")?.focus();
    else if (event.key === "Enter" && list && event.target === document.body) list.querySelector(".on a")?.click();
    else if (!press(list, event.key)) {
      const wanted = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === event.key);
      if (!wanted) return;
      wanted.click();
    } else {
      event.preventDefault();
      return;
    }
    if (event.key !== "Enter") event.preventDefault();
  });
})();
