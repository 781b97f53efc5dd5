/* Shows a password that is being typed, and speaks with the device about passkeys. Codes and passwords work without it. */
(() => {
  "use strict";

  const toBytes = (text) => {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    const raw = atob(plain + "=".repeat((4 - (plain.length % 4)) % 4));
    return Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
  };
  const toText = (buffer) => {
    if (!buffer) return null;
    const raw = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const named = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const toCreate = (told) => ({
    ...told,
    challenge: toBytes(told.challenge),
    user: { ...told.user, id: toBytes(told.user.id) },
    excludeCredentials: named(told.excludeCredentials),
  });
  const toGet = (told) => ({ ...told, challenge: toBytes(told.challenge), allowCredentials: named(told.allowCredentials) });

  const answer = (made) => {
    const given = made.response;
    const common = { id: made.id, rawId: toText(made.rawId), type: made.type, clientExtensionResults: made.getClientExtensionResults() };
    const response = { clientDataJSON: toText(given.clientDataJSON) };
    if (given.attestationObject) response.attestationObject = toText(given.attestationObject);
    else {
      response.authenticatorData = toText(given.authenticatorData);
      response.signature = toText(given.signature);
      response.userHandle = toText(given.userHandle);
    }
    return JSON.stringify({ ...common, response });
  };

  const fieldOf = (form, name) => {
    let field = form.querySelector(`input[name="${name}"]`);
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      form.append(field);
    }
    return field;
  };
  const failed = (form) => {
    const said = form.querySelector("[data-passkey-said]");
    if (!said) return;
    said.textContent = form.dataset.passkeyFailed || "";
    said.hidden = !said.textContent;
  };
  const optionsOf = async (form) => {
    if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
    const reply = await fetch(form.action, { headers: { "Accept": "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" });
    return reply.json();
  };
  const run = async (form) => {
    try {
      const told = (await optionsOf(form)).publicKey;
      const made = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: toCreate(told) })
        : await navigator.credentials.get({ publicKey: toGet(told) });
      fieldOf(form, "credential").value = answer(made);
      form.submit();
    } catch {
      failed(form);
    }
  };

  if (window.PublicKeyCredential) {
    document.querySelectorAll("[data-needs-passkey], [data-passkey-link]").forEach((element) => { element.hidden = false; });
    document.querySelectorAll("form[data-passkey]").forEach((form) => {
      const link = form.querySelector("[data-passkey-link]");
      if (link) link.addEventListener("click", (event) => { event.preventDefault(); run(form); });
      else form.addEventListener("submit", (event) => { event.preventDefault(); run(form); });
    });
  }

  document.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show-password]");
    if (!button) return;
    const box = document.getElementById(button.dataset.showPassword);
    const shown = box.type === "text";
    box.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    const words = button.textContent;
    button.textContent = button.dataset.hideWords;
    button.dataset.hideWords = words;
  });
})();
