// Files and folders dropped on the page go to the server one by one, each with its progress: names are
// only ever set as text, and what is too large is refused before a byte of it is read.
const AT_ONCE = 3, SHOWN = 60, TRIES = 6;
let former;

export async function attach(id, options) {
  const zone = await appeared(id);
  if (!zone || zone.dataset.attached) return;
  zone.dataset.attached = "yes";
  new Drop(zone, options);
}

async function appeared(id) {
  for (let tries = 0; tries < 100; tries++) {
    const found = document.getElementById(id);
    if (found) return found;
    await new Promise((go) => setTimeout(go, 30));
  }
  return null;
}

class Drop {
  constructor(zone, options) {
    Object.assign(this, options);
    this.zone = zone;
    this.list = zone.querySelector(".doc-uploads");
    this.waiting = [];
    this.running = 0;
    this.done = [];
    this.rows = [];
    for (const input of zone.querySelectorAll("input[type=file]"))
      input.addEventListener("change", () => {
        this.take([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
        input.value = "";
      });
    for (const button of zone.querySelectorAll("[data-picks]"))
      button.addEventListener("click", () => zone.querySelector(`input[data-kind=${button.dataset.picks}]`).click());
    zone.addEventListener("lw-folder", (told) => { this.folder = told.detail; });
    this.listen(document.getElementById("main") || zone);
  }

  listen(place) {
    former?.abort(); // the place of the last visit, which `main` would keep
    const gone = former = new AbortController();
    const on = (name, act) => place.addEventListener(name, (event) => {
      if (!this.zone.isConnected) return gone.abort();
      if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      act(event);
    }, { signal: gone.signal });
    on("dragover", () => this.zone.classList.add("doc-over"));
    on("dragleave", (event) => {
      if (!place.contains(event.relatedTarget)) this.zone.classList.remove("doc-over");
    });
    on("drop", async (event) => {
      this.zone.classList.remove("doc-over");
      const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
      const plain = [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
      this.take(entries.length ? (await Promise.all(entries.map(walk))).flat() : plain);
    });
  }

  take(files) {
    const wanted = files.filter(({ path }) => !path.split("/").some((part) => part.startsWith(".") || part.startsWith("~$")));
    for (const { file, path } of wanted) {
      const row = this.row(this.folder ? `${this.folder}/${path}` : path, file);
      if (file.size > this.limit) this.fail(row, this.words.tooLarge.replace("{size}", megabytes(file.size)));
      else this.waiting.push(row);
    }
    this.summary();
    this.next();
  }

  row(name, file) {
    const row = { name, file, sent: 0, tries: 0, replace: false, state: "waiting", element: null };
    this.rows.push(row);
    if (this.rows.length <= SHOWN) this.draw(row);
    return row;
  }

  draw(row) {
    row.element = element("li", "doc-upload", this.list.querySelector("ul"));
    const head = element("div", "doc-upload-head", row.element);
    element("span", "doc-upload-name", head).textContent = row.name;
    row.told = element("span", "doc-upload-state", head);
    row.bar = element("div", "doc-upload-bar", row.element);
    row.bar.setAttribute("role", "progressbar");
    row.bar.setAttribute("aria-label", row.name);
    row.fill = element("span", "", row.bar);
    this.say(row, this.words.waiting);
  }

  say(row, text) {
    if (!row.element) return;
    row.told.textContent = text;
    row.element.dataset.state = row.state;
    const share = row.file.size ? row.sent / row.file.size : row.state === "done" ? 1 : 0;
    row.fill.style.width = `${Math.min(100, share * 100)}%`;
    row.bar.setAttribute("aria-valuenow", Math.round(Math.min(100, share * 100)));
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
    this.summary();
    if (!this.running && !this.waiting.length && this.done.length) {
      const ids = this.done;
      this.done = [];
      this.zone.dispatchEvent(new CustomEvent("uploaded", { detail: ids }));
    }
  }

  send(row) {
    this.running++;
    row.state = "sending";
    const query = `document=${encodeURIComponent(row.name)}&replace=${row.replace}&index=false`;
    const request = new XMLHttpRequest();
    request.open("PUT", `${lorewright.base}/lorewright/v1/documents?${query}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.onprogress = (event) => {
      row.sent = event.loaded;
      this.say(row, `${megabytes(event.loaded)} / ${megabytes(row.file.size)}`);
    };
    request.onload = () => this.over(row, request);
    request.onerror = () => this.again(row);
    request.send(row.file);
  }

  over(row, request) {
    this.running--;
    if (request.status === 200) {
      row.state = "done";
      row.sent = row.file.size;
      this.done.push(JSON.parse(request.responseText).id);
      this.say(row, this.words.done);
    } else if (request.status === 409) {
      row.state = "there";
      this.say(row, this.words.there);
      this.offer(row);
    } else {
      let told = {};
      try { told = JSON.parse(request.responseText).error || {}; } catch { /* no answer of ours */ }
      this.fail(row, told.message || this.words.failed);
    }
    this.next();
  }

  again(row) {
    this.running--;
    row.sent = 0;
    row.state = "waiting";
    if (++row.tries >= TRIES) this.fail(row, this.words.lost);
    else {
      this.say(row, this.words.again);
      this.running++; // its place is kept, so that nothing is reported as finished meanwhile
      setTimeout(() => { this.running--; this.send(row); }, 500 * 2 ** row.tries);
    }
    this.next();
  }

  fail(row, text) {
    if (!row.element) this.draw(row); // what failed is always shown
    row.state = "failed";
    this.say(row, text);
  }

  offer(row) {
    if (!row.element) this.draw(row);
    this.say(row, this.words.there);
    const button = element("button", "lw-chip", row.element.firstChild);
    button.type = "button";
    button.textContent = this.words.replace;
    button.setAttribute("aria-label", `${this.words.replace} ${row.name}`);
    button.addEventListener("click", () => this.replace([row]));
    row.button = button;
  }

  replace(rows) {
    for (const row of rows) {
      row.button?.remove();
      row.replace = true;
      row.state = "waiting";
      this.say(row, this.words.waiting);
      this.waiting.push(row);
    }
    this.next();
  }

  summary() {
    const head = this.list.querySelector(".doc-uploads-head"), told = head.querySelector("[role=status]");
    const n = (state) => this.rows.filter((row) => row.state === state).length;
    this.list.hidden = !this.rows.length;
    const left = n("waiting") + n("sending");
    told.textContent = this.words.summary
      .replace("{done}", n("done")).replace("{all}", this.rows.length)
      .replace("{left}", left).replace("{failed}", n("failed"));
    const [everything, clear] = head.querySelectorAll("button");
    const there = this.rows.filter((row) => row.state === "there");
    everything.hidden = there.length < 2;
    everything.onclick = () => this.replace(there);
    clear.hidden = left > 0;
    clear.onclick = () => {
      this.rows = [];
      this.list.querySelector("ul").replaceChildren();
      this.summary();
    };
  }
}

async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((take, fail) => entry.file(take, fail));
    return [{ file, path: entry.fullPath.replace(/^\/+/, "") }];
  }
  const reader = entry.createReader(), found = [];
  for (;;) { // a reader gives a hundred at a time
    const some = await new Promise((take, fail) => reader.readEntries(take, fail));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(walk))).flat();
}

function element(tag, name, parent) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  parent.append(made);
  return made;
}

function megabytes(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return bytes < 1e5 ? `${Math.max(0, bytes / 1e3).toFixed(bytes < 1e4 ? 1 : 0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
