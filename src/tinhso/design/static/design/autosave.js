/* Saves a form while it is being filled in. The form still works, and is still sent whole, without this script. */
(() => {
  "use strict";

  const gettext = window.gettext || ((text) => text);
  const PAUSE = 800;
  const FIRST_RETRY = 5000;
  const LAST_RETRY = 60000;

  const clockNow = () => new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hour12: false });

  const answersOf = (form) => {
    const answers = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((input) => answers.delete(input.name));
    return answers;
  };
  const fingerprint = (answers) => JSON.stringify([...answers.entries()].filter(([name]) => name !== "csrfmiddlewaretoken"));

  const watch = (form) => {
    const url = form.dataset.autosaveUrl;
    const state = form.querySelector("[data-autosave-state]") || document.querySelector("[data-autosave-state]");
    let saved = fingerprint(answersOf(form));
    let timer = 0;
    let wait = FIRST_RETRY;
    let busy = false;
    let sent = false;

    const say = (text, mood) => {
      if (!state) return;
      state.dataset.state = mood;
      const words = state.querySelector("[data-autosave-words]") || state;
      words.textContent = text;
      state.hidden = false;
    };
    const later = (delay) => {
      clearTimeout(timer);
      timer = setTimeout(save, delay);
    };
    const tryAgain = () => {
      later(wait);
      wait = Math.min(LAST_RETRY, wait * 2);
    };

    async function save() {
      clearTimeout(timer);
      if (sent) return;
      if (busy) { later(PAUSE); return; }
      const answers = answersOf(form);
      const print = fingerprint(answers);
      if (print === saved) return;
      busy = true;
      let reply;
      try {
        reply = await fetch(url, { method: "POST", body: answers, headers: { "Accept": "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" });
      } catch {
        say(gettext("Mất mạng. Phần đã điền vẫn còn trên màn hình, sẽ lưu lại khi có mạng."), "waiting");
        tryAgain();
        return;
      } finally {
        busy = false;
      }
      if (reply.redirected || reply.status === 401 || reply.status === 403) {
        say(gettext("Chưa lưu được vì đã hết phiên. Mở trang đăng nhập ở thẻ khác, rồi quay lại đây."), "waiting");
        return;
      }
      if (!reply.ok) {
        say(gettext("Chưa lưu được. Phần đã điền vẫn còn trên màn hình, sẽ thử lại."), "waiting");
        if (reply.status >= 500) tryAgain();
        return;
      }
      const told = await reply.json().catch(() => ({}));
      saved = print;
      wait = FIRST_RETRY;
      say(gettext("Đã lưu lúc") + " " + (told.saved_at || clockNow()), "saved");
    }

    form.addEventListener("input", () => later(PAUSE));
    form.addEventListener("change", () => later(PAUSE));
    form.addEventListener("focusout", () => save());
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      sent = true;
      clearTimeout(timer);
    });
    window.addEventListener("online", () => save());
    window.addEventListener("pageshow", () => { sent = false; });
    window.addEventListener("pagehide", () => {
      const answers = answersOf(form);
      if (!sent && fingerprint(answers) !== saved) navigator.sendBeacon(url, answers);
    });
  };

  document.querySelectorAll("form[data-autosave-url]").forEach(watch);
})();
