// What must happen in the browser itself: cookies that no script of ours can read are set by the server's answers.
const lorewright = {
  // What stands before the paths of the domain that this page belongs to.
  get base() {
    return (window.path_prefix || "/studio").replace(/\/studio$/, "");
  },
  async post(path, body, headers = {}) {
    const response = await fetch(this.base + path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    if (response.ok) return "ok";
    const told = await response.json().catch(() => ({}));
    const error = told.error || {};
    return [error.message || `The server answered ${response.status}.`].join(" ");
  },
  async logIn(name, password, client = "") {
    const said = await this.post("/lorewright/v1/login", { name, password });
    if (said !== "ok" || !client) return said;
    const again = await fetch(`${this.base}/studio/again/${client}`, { method: "POST", credentials: "same-origin" });
    return again.ok ? "ok" : "This page belongs to another user. Reload it.";
  },
  async welcome(key, name, password) {
    const said = await this.post(
      "/lorewright/v1/users",
      { name, password, role: "administrator" },
      { Authorization: `Bearer ${key}` },
    );
    return said === "ok" ? this.logIn(name, password) : said;
  },
  async accept(token, name, password) {
    return this.post("/lorewright/v1/invitations/accept", { token, name, password });
  },
  async logOut() {
    await this.post("/lorewright/v1/logout", {});
    window.location.href = `${this.base}/studio/login`;
  },
  enter() {
    const to = new URLSearchParams(window.location.search).get("to") || "/";
    window.location.href = `${this.base}/studio` + (to.startsWith("/") && !to.startsWith("//") ? to : "/");
  },
  async newDomain(name, template) {
    const outer = this.base.replace(/\/d\/[^/]+$/, ""); // they are created at the first domain
    const response = await fetch(`${outer}/lorewright/v1/domains`, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ name, template }),
    });
    const told = await response.json().catch(() => ({}));
    if (response.ok) window.location.href = `${outer}${told.path}/studio/`;
    return response.ok ? "ok" : told.error?.message || `The server answered ${response.status}.`;
  },
  shownAt(path) {
    history.replaceState({ page: path }, "", `${window.path_prefix || "/studio"}${path}`);
  },
  fetch(address) {
    const link = Object.assign(document.createElement("a"), { href: address, download: "" });
    link.click();
  },
  takeKey(name = "key") {
    const key = new URLSearchParams(window.location.hash.slice(1)).get(name) || "";
    if (key) history.replaceState(null, "", window.location.pathname);
    return key;
  },
  menu(isOpen) {
    document.body.classList.toggle("lw-menu-open", isOpen);
    document.querySelector(".lw-menu")?.setAttribute("aria-expanded", isOpen);
    if (isOpen) document.querySelector("#nav a")?.focus();
  },
  download(name, text, type = "application/json") {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  },
};
document.addEventListener("keydown", (pressed) => {
  if (pressed.key === "Escape") lorewright.menu(false);
  const isTyping = pressed.target.closest?.("input, textarea, select, [contenteditable=true]");
  if (pressed.key === "?" && !isTyping && !document.querySelector(".q-dialog"))
    document.querySelector("[data-shortcuts]")?.click();
});
// What scrolls must be reached by the keyboard, unless something in it can be.
const SCROLLS = ".lw-scroll, .cmp-said, .cmp-source, .dat-before, .doc-text, pre, .q-table__middle, .lw-dialog";
const FOCUSED = "a[href], button, input, select, textarea, [tabindex]";
function reach() {
  for (const place of document.querySelectorAll(SCROLLS)) {
    const isWider = place.scrollWidth > place.clientWidth + 1 || place.scrollHeight > place.clientHeight + 1;
    const scrolls = isWider && /auto|scroll/.test(getComputedStyle(place).overflow);
    if (scrolls && !place.hasAttribute("tabindex") && !place.querySelector(FOCUSED)) place.tabIndex = 0;
  }
}
addEventListener("resize", reach);
// Whoever closes a dialog goes on from where they opened it, also where its element is gone by then.
let opener = null;
let hadDialog = false;
document.addEventListener("focusin", ({ target }) => {
  if (!target.closest(".q-dialog, .q-menu, .q-notification")) opener = target;
});
function refocus() {
  const hasDialog = document.querySelector(".q-dialog") !== null;
  if (hadDialog && !hasDialog && document.activeElement === document.body && opener?.isConnected) opener.focus();
  hadDialog = hasDialog;
}
// Quasar gives the file input of an uploader no name: it gets that of its uploader; a dialog, that of its heading.
let reaching = 0;
new MutationObserver(() => {
  refocus();
  clearTimeout(reaching);
  reaching = setTimeout(reach, 200);
  for (const dialog of document.querySelectorAll(".q-dialog[role=dialog]:not([aria-label])")) {
    const title = dialog.querySelector("h1, h2, .lw-h2")?.textContent;
    if (title) dialog.setAttribute("aria-label", title);
  }
  // Quasar calls a menu so, but not what is in it.
  for (const entry of document.querySelectorAll(".q-menu[role=menu] .q-item:not([role=menuitem])"))
    entry.setAttribute("role", "menuitem");
  for (const input of document.querySelectorAll(".q-uploader__input:not([aria-label])"))
    input.setAttribute("aria-label", input.closest(".q-uploader")?.getAttribute("aria-label") || "Files");
}).observe(document.documentElement, { childList: true, subtree: true });
Object.assign(lorewright, {
  toEnd(id) {
    const place = document.getElementById(id);
    if (place) place.scrollTop = place.scrollHeight;
  },
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(field);
      field.select();
      document.execCommand("copy"); // without HTTPS there is no other clipboard
      field.remove();
    }
  },
  // Copy the text that an answer shows, in the click itself: later, a browser would not allow it.
  copyAnswer(clicked, id) {
    this.copied(clicked, getElement(id).view.text);
  },
  copied(clicked, text) {
    this.copy(text);
    const icon = clicked.currentTarget.querySelector(".q-icon");
    if (!icon || icon.dataset.was) return;
    icon.dataset.was = icon.textContent;
    icon.textContent = "check";
    setTimeout(() => {
      icon.textContent = icon.dataset.was;
      delete icon.dataset.was;
    }, 1600);
  },
  // A file that is dropped anywhere on a place goes to its uploader.
  dropOn(selector, uploader) {
    const place = document.querySelector(selector);
    if (!place) return;
    const over = (isOver) => (dragged) => {
      dragged.preventDefault();
      place.classList.toggle("is-over", isOver);
    };
    place.addEventListener("dragover", over(true));
    place.addEventListener("dragleave", over(false));
    place.addEventListener("drop", (dropped) => {
      over(false)(dropped);
      getElement(uploader).$refs.qRef.addFiles(dropped.dataTransfer.files);
    });
  },
});
// A drawing as it looks now: its look comes from the page, so each part takes it along.
const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight"];
Object.assign(lorewright, {
  async saveChart(id, name, kind) {
    const painted = document.getElementById(id)?.querySelector("canvas");
    if (painted && kind === "png") return painted.toBlob((blob) => this.download(`${name}.png`, blob, "image/png"));
    const drawn = document.getElementById(id)?.querySelector("svg");
    if (!drawn) return;
    const copy = drawn.cloneNode(true);
    const parts = [...drawn.querySelectorAll("*")];
    [...copy.querySelectorAll("*")].forEach((part, place) => {
      const look = getComputedStyle(parts[place]);
      part.setAttribute("style", LOOKS.map((one) => `${one}:${look.getPropertyValue(one)}`).join(";"));
    });
    const { width, height } = drawn.viewBox.baseVal;
    for (const [key, value] of Object.entries({ xmlns: "http://www.w3.org/2000/svg", width, height }))
      copy.setAttribute(key, value);
    copy.style.background = getComputedStyle(document.body).backgroundColor;
    const text = new XMLSerializer().serializeToString(copy);
    if (kind === "svg") return this.download(`${name}.svg`, text, "image/svg+xml");
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: width * 2, height: height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => this.download(`${name}.png`, blob, "image/png"));
  },
});
