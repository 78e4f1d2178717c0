"use strict";
// What the widgets cannot do themselves: where the focus goes, what is said aloud, Enter that asks, what is said when the program
// stopped, and telling the notebook around a framed page that the page is there.
// Widgets live in shadow roots, so that looking for one means looking through all of them.
(() => {
  const SIGNAL = "lab-signal";

  function find(selector, root = document) {
    const here = root.querySelector(selector);
    if (here) return here;
    for (const element of root.querySelectorAll("*")) {
      const inside = element.shadowRoot && find(selector, element.shadowRoot);
      if (inside) return inside;
    }
    return null;
  }

  function asking() {
    const host = find(".lab-ask");
    return host && host.shadowRoot.querySelector("button");
  }

  function heed(text) {
    if (!text) return;
    const told = JSON.parse(new DOMParser().parseFromString(text, "text/html").body.textContent);
    document.documentElement.lang = told.lang;
    document.getElementById("lab-said").textContent = told.say;
    document.getElementById("lab-lost").textContent = told.lost;
    // The page has the new content only a moment after the signal.
    setTimeout(() => {
      const mark = document.getElementById("lab-mark");
      const goal = told.focus === "answer" ? find(".lab-focus") : told.focus === "ask" ? asking() : null;
      if (!goal) return;
      goal.focus({ preventScroll: true });
      if (told.focus === "answer") scrollTo(0, scrollY + goal.getBoundingClientRect().top - mark.offsetHeight - 16);
    }, 60);
  }

  function lost(yes) {
    document.getElementById("lab-lost").hidden = !yes;
  }

  function listen() {
    const page = window.Bokeh && Bokeh.documents && Bokeh.documents[0];
    const signal = page && page.roots().find((root) => (root.tags || []).includes(SIGNAL));
    if (!signal) return setTimeout(listen, 100);
    signal.properties.text.change.connect(() => heed(signal.text));
    heed(signal.text);
    page.config.notify_connection_status = false; // ours speaks the language of the page
    page.on_event("connection_lost", () => lost(true));
    page.on_event("client_reconnected", () => lost(false));
    document.documentElement.dataset.ready = "yes";
    if (parent !== window) parent.postMessage("mobiliteit-lab", "*");
  }

  document.addEventListener("keydown", (event) => {
    const path = event.composedPath(), field = path[0];
    const has = (name) => path.some((one) => one.classList && one.classList.contains(name));
    if (event.key !== "Enter" || !["SELECT", "INPUT"].includes(field.tagName)) return;
    if (!has("lab-builder") || has("lab-typed")) return;
    event.preventDefault();
    field.blur(); // a number counts when its field is left
    setTimeout(() => { const button = asking(); if (button) { button.focus(); button.click(); } }, 120);
  });

  listen();
})();
