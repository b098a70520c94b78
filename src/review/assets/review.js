// Listens to keys, and puts the next page into this one without loading it anew. Everything works without it.
"use strict";
(() => {
  const page = () => document.getElementById("page");
  const say = text => { document.getElementById("say").textContent = text; };
  // While an answer is on its way no key counts: nobody decides on an item that he has not seen.
  let busy = false;

  // Puts a page of this site in place of the one that is shown.
  async function go(request, push) {
    if (busy) return;
    busy = true;
    document.documentElement.dataset.busy = "";
    try {
      const answer = await fetch(request);
      const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = parsed.getElementById("page") ?? parsed.getElementById("main");
      if (!next) throw new Error("no page");
      // The browser looks for a field to begin with only once, and complains when it is too late.
      for (const field of next.querySelectorAll("[autofocus]")) { field.dataset.first = ""; field.removeAttribute("autofocus"); }
      page().replaceChildren(...(next.id === "page" ? next.childNodes : [next]));
      document.title = parsed.title;
      document.documentElement.lang = parsed.documentElement.lang;
      // What was done is told once, and is no part of the address.
      const url = new URL(answer.url);
      if (request instanceof Request && request.method === "POST" && !answer.redirected) url.href = location.href;
      for (const name of ["did", "n", "lang"]) url.searchParams.delete(name);
      if (push && url.href !== location.href) history.pushState(null, "", url);
      else history.replaceState(null, "", url);
      arrive();
    } catch {
      say(document.body.dataset.lost);
      page().querySelector(".did")?.remove();
      const lost = document.createElement("p");
      lost.className = "did wrong";
      lost.setAttribute("role", "alert");
      lost.textContent = document.body.dataset.lost;
      page().prepend(lost);
    } finally {
      busy = false;
      delete document.documentElement.dataset.busy;
    }
  }

  // Tells what was done, and puts the cursor where one goes on.
  function arrive() {
    const told = [...document.querySelectorAll("[data-say]")].map(e => e.textContent);
    const where = document.querySelector(".found")?.textContent ?? "";
    say([...told, where].join(" ").trim());
    const panel = document.querySelector(".panel");
    // On a page that was loaded whole the browser does this itself.
    if (document.querySelector("[autofocus]")) return;
    const first = document.querySelector("[data-first]") ?? panel?.querySelector(".leave");
    if (first) { first.focus(); panel?.scrollIntoView({ block: "nearest" }); }
    else { document.getElementById("main")?.focus({ preventScroll: true }); window.scrollTo(0, 0); }
    document.querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  const isField = e => e?.matches?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const inField = isField(event.target);
    if (inField && event.code !== "Escape") return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.code)}"]`);
    if (!target) {
      if (inField) event.target.blur();
      return;
    }
    event.preventDefault();
    // A key that is held down steps through items, and decides on none.
    if (busy || event.repeat && !["KeyJ", "KeyK"].includes(event.code)) return;
    if (isField(target)) { target.focus(); target.select?.(); } else target.click();
  });

  document.addEventListener("click", event => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const isPage = link.origin === location.origin && !link.target && !link.hasAttribute("download") && !link.pathname.endsWith(".svg") && !link.hash;
    if (!isPage) return;
    event.preventDefault();
    go(link.href, true);
  });

  document.addEventListener("submit", event => {
    const form = event.target, button = event.submitter;
    if ("plain" in form.dataset) return;
    event.preventDefault();
    if (busy) return;
    const fields = new URLSearchParams(new FormData(form, button));
    const url = new URL(form.getAttribute("action"), location.href);
    if (form.method === "post") {
      go(new Request(url, { method: "POST", body: fields }), true);
    } else {
      for (const [name, value] of [...fields]) if (value === "") fields.delete(name);
      url.search = fields.toString();
      go(url.href, true);
    }
  });

  window.addEventListener("popstate", () => go(location.href, false));
  arrive();
})();
