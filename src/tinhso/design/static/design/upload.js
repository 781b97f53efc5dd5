/* Sends each file as soon as it is chosen, with words and a bar. Without this script the form sends the files itself. */
(() => {
  "use strict";

  const gettext = window.gettext || ((text) => text);
  const MEGA = 1024 * 1024;

  const size = (bytes) => (bytes < MEGA
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : `${(bytes / MEGA).toFixed(1).replace(".", ",")} MB`);

  const make = (tag, classes, text) => {
    const element = document.createElement(tag);
    if (classes) element.className = classes;
    if (text) element.textContent = text;
    return element;
  };

  const rowFor = (file) => {
    const row = make("div", "file");
    const thumb = make("div", "thumb");
    if (file.type.startsWith("image/")) {
      const picture = make("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
      thumb.append(picture);
    }
    const words = make("p");
    const said = make("span", "quiet");
    said.setAttribute("role", "status");
    words.append(make("b", "", file.name), make("br"), said);
    const rest = make("div", "col2");
    row.append(thumb, words, rest);
    return { row, said, rest };
  };

  const problemOf = (request) => {
    try { return JSON.parse(request.responseText).error || ""; } catch { return ""; }
  };

  const send = (input, file, list) => {
    const { row, said, rest } = rowFor(file);
    list.append(row);
    const most = Number(input.dataset.uploadMax || 0);
    const fail = (text, again) => {
      said.textContent = text;
      said.className = "err";
      rest.replaceChildren();
      const acts = make("p", "acts");
      if (again) {
        const retry = make("button", "", gettext("Gửi lại"));
        retry.type = "button";
        retry.addEventListener("click", () => { row.remove(); send(input, file, list); });
        acts.append(retry);
      }
      const drop = make("button", "", gettext("Bỏ"));
      drop.type = "button";
      drop.addEventListener("click", () => { row.remove(); input.focus(); });
      acts.append(drop);
      rest.append(acts);
    };
    if (most && file.size > most) {
      fail(`${gettext("Tệp nặng")} ${size(file.size)}, ${gettext("tối đa")} ${size(most)}. ${gettext("Chụp lại ở cỡ nhỏ hơn.")}`, false);
      return Promise.resolve(false);
    }

    const bar = make("progress", "bar");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `${gettext("Đang gửi")} ${file.name}`);
    const acts = make("p", "acts");
    const stop = make("button", "", gettext("Dừng gửi"));
    stop.type = "button";
    acts.append(stop);
    rest.append(bar, acts);
    said.textContent = gettext("Đang gửi");

    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      const token = (input.form || document).querySelector("[name=csrfmiddlewaretoken]");
      if (token) body.append("csrfmiddlewaretoken", token.value);
      body.append(input.dataset.uploadName || input.name, file);
      request.open("POST", input.dataset.uploadUrl);
      request.setRequestHeader("X-Requested-With", "fetch");
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        bar.value = Math.round((100 * event.loaded) / event.total);
        said.textContent = `${gettext("Đang gửi")} ${size(event.loaded)} ${gettext("trên")} ${size(event.total)}`;
      });
      request.addEventListener("load", () => {
        if (request.status >= 200 && request.status < 300) {
          finish(input, row, said, rest, file, request);
          done(true);
          return;
        }
        fail(problemOf(request) || gettext("Chưa nhận được tệp này. Gửi lại, hoặc mang giấy ra quầy."), request.status >= 500);
        done(false);
      });
      request.addEventListener("error", () => {
        fail(gettext("Mất mạng. Có mạng thì bấm Gửi lại."), true);
        done(false);
      });
      request.addEventListener("abort", () => { row.remove(); input.focus(); done(false); });
      stop.addEventListener("click", () => request.abort());
      request.send(body);
    });
  };

  /* The server answers with the finished row as HTML, or with {"message": "…"} in JSON. */
  const finish = (input, row, said, rest, file, request) => {
    const kind = request.getResponseHeader("Content-Type") || "";
    if (kind.startsWith("text/html")) {
      row.insertAdjacentHTML("afterend", request.responseText);
      row.remove();
      return;
    }
    let message = "";
    try { message = JSON.parse(request.responseText).message || ""; } catch { message = ""; }
    rest.replaceChildren();
    said.textContent = `${size(file.size)}. ${message || gettext("Đã nhận.")}`;
  };

  const watch = (input) => {
    const list = document.getElementById(input.dataset.uploadList || "")
      || input.closest(".paper")?.querySelector("[data-upload-list]")
      || input.parentElement;
    input.form?.querySelectorAll("[data-upload-plain]").forEach((button) => { button.hidden = true; });
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = "";
      const results = [];
      for (const file of files) results.push(await send(input, file, list));
      if (results.some(Boolean)) {
        input.closest(".paper")?.classList.remove("todo");
        input.dispatchEvent(new CustomEvent("upload:done", { bubbles: true, detail: { sent: results.filter(Boolean).length } }));
        if ("uploadReload" in input.dataset && results.every(Boolean)) location.reload();
      }
    });
  };

  document.querySelectorAll("input[type=file][data-upload-url]").forEach(watch);
})();
