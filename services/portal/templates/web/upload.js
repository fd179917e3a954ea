// SPDX-License-Identifier: Apache-2.0
// Sends the files of the upload form one after the other, and shows how far they are. Without this script, the browser
// sends the form itself, with one file.
"use strict";

(() => {
  const REASONS = {
    QuotaExceeded: "there is no room left: the quota of the bucket or of the project is reached",
    EntityTooLarge: "the gateway takes no file of this size at once; use an S3 client with a key",
    AccessDenied: "the gateway does not allow this any more; reload the page, and try again",
    NoSuchBucket: "the bucket has gone",
  };
  const form = document.querySelector("form[data-uploads]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const submit = form.querySelector("button[type=submit]");
  const list = form.parentNode.insertBefore(element("ul", "uploads"), form.nextSibling);
  const said = form.parentNode.insertBefore(element("p"), list.nextSibling);
  said.setAttribute("role", "status");
  let isBusy = false;

  input.multiple = true;
  const label = input.labels[0];
  const ofOne = label.textContent;
  label.textContent = ofOne.replace("File", "Files");
  form.addEventListener("submit", start);
  addEventListener("beforeunload", (event) => { if (isBusy) event.preventDefault(); });

  function element(kind, style, text) {
    const made = document.createElement(kind);
    if (style) made.className = style;
    if (text) made.textContent = text;
    return made;
  }

  // One line of the list: a file that waits, is under way, or has come to an end.
  function line(file) {
    const row = element("li");
    const bar = element("progress");
    const state = element("span", "", "waits");
    const cancel = element("button", "", "Cancel");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `Progress of ${file.name}`);
    cancel.type = "button";
    cancel.setAttribute("aria-label", `Cancel ${file.name}`);
    row.append(element("span", "name", file.name), bar, state, cancel);
    list.append(row);
    const one = { file, request: null, isOver: false };
    one.show = (part) => { bar.value = part; state.textContent = `${Math.floor(100 * part)} %`; };
    one.end = (text, style) => {
      one.isOver = true;
      row.className = style;
      state.textContent = text;
      if (document.activeElement === cancel) input.focus();
      cancel.remove();
    };
    cancel.addEventListener("click", () => {
      if (one.request) one.request.abort();
      else one.end("cancelled", "cancelled");
    });
    return one;
  }

  // Asks the portal for the fields with which the gateway takes files from this script; null if the gateway does not.
  async function ask() {
    const { uploads, token, prefix } = form.dataset;
    try {
      const answer = await fetch(uploads, { method: "POST", body: new URLSearchParams({ token, prefix }) });
      return answer.ok ? (await answer.json()).fields : null;
    } catch {
      return null;
    }
  }

  // What is between browser and gateway may refuse scripts, and let a form pass.
  function giveWay() {
    form.removeEventListener("submit", start);
    input.multiple = false;
    label.textContent = ofOne;
    said.append("From now on, the form uploads one file at a time, without progress.");
    if (input.files.length > 1) {
      // The form would send all of them, and the gateway would take one without a word.
      input.value = "";
      said.append(" Choose one of them.");
    }
  }

  // Sends one file; whether it has arrived, and whether any answer came.
  function send(one, fields) {
    return new Promise((resolve) => {
      const request = one.request = new XMLHttpRequest();
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      body.set("key", form.dataset.prefix + one.file.name);
      body.append("file", one.file);
      request.upload.addEventListener("progress", (event) => one.show(event.loaded / (event.total || 1)));
      request.addEventListener("load", () => {
        const isStored = request.status === 201;
        const code = (/<Code>(\w+)<\/Code>/.exec(request.responseText) || [])[1];
        const reason = REASONS[code] || `the gateway answered ${request.status} ${code || ""}`.trim();
        if (isStored) one.show(1);
        one.end(isStored ? "uploaded" : `not uploaded: ${reason}`, isStored ? "uploaded" : "failed");
        resolve({ isStored, isAnswered: true });
      });
      request.addEventListener("error", () => {
        one.end("not uploaded: the gateway refused the file, or does not answer", "failed");
        resolve({ isStored: false, isAnswered: false });
      });
      request.addEventListener("abort", () => {
        one.end("cancelled", "cancelled");
        resolve({ isStored: false, isAnswered: true });
      });
      request.open("POST", form.action);
      request.send(body);
    });
  }

  async function start(event) {
    event.preventDefault();
    if (isBusy) return;
    list.replaceChildren();
    said.textContent = "";
    const all = Array.from(input.files, line);
    let stored = 0;
    let isAnswered = true;
    isBusy = submit.disabled = true;
    const fields = await ask();
    if (!fields) {
      isBusy = submit.disabled = false;
      list.replaceChildren();
      said.append("Nothing has been uploaded yet. ");
      giveWay();
      return;
    }
    for (const one of all) {
      if (one.isOver) continue;
      const result = await send(one, fields);
      stored += result.isStored ? 1 : 0;
      isAnswered = isAnswered && result.isAnswered;
    }
    isBusy = submit.disabled = false;
    if (stored === all.length) {
      location.assign(form.dataset.back);
      return;
    }
    said.textContent = `${stored} of ${all.length} files uploaded. `;
    if (stored) {
      const link = element("a", "", "Show them");
      link.href = form.dataset.back;
      said.append(link);
    }
    if (!isAnswered) {
      said.append(" ");
      giveWay();
    }
  }
})();
