/* Warns before the session ends by itself, and lets it go on with one press. Without this script it just ends.
   Only what a person does by hand lengthens it: keys, touches and presses, never a page that is merely open. */
(() => {
  "use strict";

  const gettext = window.gettext || ((text) => text);
  const own = document.currentScript.dataset;
  const HAND = ["keydown", "pointerdown", "wheel"];
  const EVERY = 1000;
  /* The server is asked at most so often to go on, in milliseconds. */
  const LEAST = 60000;

  const length = Number(own.left) * 1000;
  let warn = Number(own.warn) * 1000;
  const wipe = Number(own.wipe) * 1000;
  let ends = Date.now() + length;
  let touched = Date.now();
  let asked = Date.now();
  let box = null;

  const token = () => {
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (field) return field.value;
    const headers = document.body.getAttribute("hx-headers");
    return headers ? JSON.parse(headers)["X-CSRFToken"] : "";
  };
  const ask = async (goOn) => {
    asked = Date.now();
    try {
      const headers = { "Accept": "application/json", "X-Requested-With": "fetch", "X-CSRFToken": token() };
      const reply = await fetch(own.ask, { method: goOn ? "POST" : "GET", headers, credentials: "same-origin" });
      if (reply.status === 403 || reply.redirected) { ends = 0; return; }
      if (!reply.ok) return;
      const told = await reply.json();
      ends = Date.now() + told.left * 1000;
      warn = told.warn * 1000;
    } catch { /* no network: the clock here goes on */ }
  };

  const close = () => { box?.close(); box?.remove(); box = null; };
  const button = (words, classes, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = classes;
    made.textContent = words;
    made.addEventListener("click", press);
    return made;
  };
  const open = (title, text, ...buttons) => {
    close();
    box = document.createElement("dialog");
    box.className = "idle";
    box.setAttribute("aria-labelledby", "idle-title");
    const head = document.createElement("h2");
    head.id = "idle-title";
    head.textContent = title;
    const said = document.createElement("p");
    said.className = "pad-s";
    said.dataset.idleSaid = "";
    said.textContent = text;
    const row = document.createElement("div");
    row.className = "btns pad-t";
    row.append(...buttons);
    box.append(head, said, row);
    document.body.append(box);
    box.showModal();
  };
  const goOn = async () => {
    await ask(true);
    if (ends > Date.now()) close();
  };
  const leave = () => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = own.signOut;
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "csrfmiddlewaretoken";
    field.value = token();
    form.append(field);
    document.body.append(form);
    form.submit();
  };
  const minutes = (ms) => Math.max(1, Math.round(ms / 60000));

  const look = async () => {
    const left = ends - Date.now();
    if (wipe && Date.now() - touched > wipe) { leave(); return; }
    if (left <= 0) {
      if (box?.dataset.over) return;
      await ask(false);
      if (ends > Date.now()) return;
      open(
        gettext("Phiên làm việc đã hết"),
        gettext("Phần đang gõ vẫn còn trên trang. Đăng nhập lại rồi bấm gửi như thường."),
        button(gettext("Đăng nhập lại"), "btn btn-main", () => { location.href = own.signIn + "?next=" + encodeURIComponent(location.pathname + location.search); }),
        button(gettext("Xem lại phần đang gõ"), "btn", () => close()),
      );
      box.dataset.over = "yes";
      ends = Infinity;
      return;
    }
    if (left > warn || box) {
      if (box && left > warn && !box.dataset.over) close();
      return;
    }
    await ask(false);
    if (ends - Date.now() > warn) return;
    open(
      gettext("Sắp hết phiên làm việc"),
      gettext("Không làm gì thì phiên tự hết sau khoảng {n} phút.").replace("{n}", String(minutes(ends - Date.now()))),
      button(gettext("Tiếp tục làm việc"), "btn btn-main", goOn),
      button(gettext("Đăng xuất"), "btn", leave),
    );
  };

  const byHand = (event) => {
    if (!event.isTrusted) return;
    touched = Date.now();
    if (!box && Date.now() - asked > LEAST && ends - Date.now() < length / 2) ask(true);
  };
  HAND.forEach((name) => document.addEventListener(name, byHand, { passive: true, capture: true }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(look, EVERY);
})();
