// Shows a growing text: blocks that are complete are made once, only the last one is made again.
import DOMPurify from "dompurify";
import { fill } from "../shared/style.js";
import { lazyCode, lazyMath } from "./lazy.js";
import { blocksOf } from "./markdown.js";
import { editsFor, unsigned, unwoven, woven } from "./marks.js";
import { Tip } from "./tip.js";

const EVERY_MS = 45;
const AT_ONCE_MS = 24;
const LONG = 12000;
const RULES = {
  ALLOWED_TAGS: ["p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a", "img", "span", "table", "thead", "tbody", "tr", "th", "td"],
  ALLOWED_ATTR: ["href", "title", "src", "alt", "loading", "start", "class", "style", "data-language", "data-display", "data-alt", "data-host", "data-level"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  RETURN_DOM_FRAGMENT: true,
};
const purifier = DOMPurify(window);
// The only style that Markdown gives is how a table's column is aligned.
purifier.addHook("uponSanitizeAttribute", (_, data) => {
  if (data.attrName === "style" && !/^text-align:(left|right|center)$/.test(data.attrValue)) data.keepAttr = false;
});

export class AnswerView {
  constructor(root, { words, lazy, onCite }) {
    this.root = root;
    this.words = words;
    this.lazy = lazy;
    this.onCite = onCite;
    this.tip = new Tip(root);
    this.caret = Object.assign(document.createElement("span"), { className: "lwa-caret" });
    this.caret.setAttribute("aria-hidden", "true");
    this.clear();
  }

  clear() {
    this.text = "";
    this.env = {};
    this.blocks = [];
    this.tail = null;
    this.done = 0;
    this.streaming = false;
    this.citations = [];
    this.unsupported = [];
    this.edits = [];
    this.signed = "[]";
    this.isMade = true;
    this.root.replaceChildren();
  }

  end() {
    clearTimeout(this.timer);
    this.isEnded = true;
    this.tip.hide();
  }

  /** Show a text with its citations; blocks that it shares with what is shown are kept. */
  show(text, { streaming, citations, unsupported }) {
    if (!text.startsWith(this.text)) this.clear();
    else if (text.length > this.text.length) this.reopen();
    this.text = text;
    this.streaming = streaming;
    const signed = JSON.stringify([citations, unsupported]);
    if (signed !== this.signed) {
      this.signed = signed;
      this.citations = citations;
      this.unsupported = unsupported;
      this.edits = editsFor(text, citations, unsupported);
      for (const block of this.blocks) block.isStale = this.editsIn(block).length > 0 || block.isSigned;
    }
    this.root.setAttribute("aria-busy", streaming ? "true" : "false");
    this.plan(0);
  }

  /** Let the last block grow again, which a finished text has closed. */
  reopen() {
    if (this.streaming || this.tail || !this.blocks.length) return;
    const { start, el } = this.blocks.pop();
    this.tail = { start, el };
    this.done = start;
  }

  append(piece) {
    this.reopen();
    this.text += piece;
    this.streaming = true;
    this.root.setAttribute("aria-busy", "true");
    this.plan(EVERY_MS);
  }

  plan(delay) {
    this.isMade = false;
    if (this.timer && delay > 0) return;
    clearTimeout(this.timer);
    // What takes long is done more seldom, so that the page stays at the hand of its reader.
    this.timer = setTimeout(() => this.make(), Math.max(delay, delay && 3 * (this.cost ?? 0)));
  }

  /** Bring the page in line with the text, for as long as one piece of work may take. */
  make() {
    this.timer = 0;
    if (this.isEnded) return;
    const begun = performance.now();
    const isLate = () => performance.now() - begun > AT_ONCE_MS;
    const parsed = blocksOf(this.text.slice(this.done), this.env);
    const base = this.done;
    let isLeft = false;
    for (const [i, block] of parsed.entries()) {
      const isLast = i === parsed.length - 1;
      if (isLast && this.streaming) this.makeTail(block, base);
      else {
        this.freeze(block, base);
        if (!isLast && isLate()) {
          isLeft = true;
          break;
        }
      }
    }
    if (!parsed.length && this.tail) {
      this.tail.el.remove();
      this.tail = null;
    }
    for (const block of this.blocks) {
      if (!block.isStale) continue;
      if (isLate()) {
        isLeft = true;
        break;
      }
      const again = blocksOf(this.sourceOf(block), this.env);
      this.fillIn(block, again.map((one) => one.html()).join(""));
    }
    this.root.classList.toggle("is-long", this.text.length > LONG);
    this.placeCaret();
    this.cost = performance.now() - begun;
    if (isLeft) this.plan(0);
    this.isMade = !isLeft;
  }

  freeze(parsed, base) {
    const block = { start: base + parsed.start, end: base + parsed.end, kind: parsed.kind, isSigned: false, isStale: false };
    const isTail = this.tail !== null && this.tail.start === block.start;
    block.el = isTail ? this.tail.el : this.newBlock();
    this.tail = null;
    const needsSigns = this.editsIn(block).length > 0;
    const html = needsSigns ? blocksOf(this.sourceOf(block), this.env).map((one) => one.html()).join("") : parsed.html();
    this.fillIn(block, html);
    this.blocks.push(block);
    this.done = block.end;
  }

  makeTail(parsed, base) {
    const start = base + parsed.start;
    if (this.tail?.start !== start) {
      this.tail?.el.remove();
      this.tail = { start, end: this.text.length, el: this.newBlock() };
    }
    const tail = this.tail;
    tail.end = this.text.length;
    const { content, info } = parsed.tokens[0];
    const code = parsed.kind === "fence" ? content : null;
    if (code !== null && tail.info === info && tail.code !== undefined && tail.node?.isConnected && code.startsWith(tail.code)) {
      tail.node.appendData(code.slice(tail.code.length));
      tail.code = code;
      return;
    }
    tail.kind = parsed.kind;
    this.fillIn(tail, parsed.html(), { isGrowing: true });
    const held = code === null ? null : tail.el.querySelector("code");
    if (held && !held.firstChild) held.append("");
    tail.node = held?.firstChild ?? null;
    tail.code = code ?? undefined;
    tail.info = info;
  }

  newBlock() {
    const el = document.createElement("div");
    el.className = "lwa-block";
    this.root.append(el);
    return el;
  }

  isCode(block) {
    return ["fence", "code_block", "math_block", "hr"].includes(block.kind);
  }

  editsIn(block) {
    const isLast = block.end >= this.text.length;
    return this.edits.filter((e) => e.at >= block.start && (e.at < block.end || (isLast && e.at === block.end)));
  }

  /** Return a block's Markdown with the signs of its citations, which follow code instead of entering it. */
  sourceOf(block) {
    const edits = this.isCode(block) ? [] : this.editsIn(block);
    return woven(this.text, block.start, block.end, edits);
  }

  fillIn(block, html, { isGrowing = false } = {}) {
    const fragment = purifier.sanitize(html, RULES);
    const edits = block.start === undefined || isGrowing ? [] : this.editsIn(block);
    this.dress(fragment, isGrowing);
    if (edits.length) {
      unwoven(fragment, {
        cite: (index) => this.cite(index),
        wave: (text, index) => this.wave(text, this.reasonFor(index)),
        literal: (index) => `[${this.citations[index]?.number}]`,
      });
      if (this.isCode(block)) this.follow(fragment, edits);
    }
    block.isSigned = edits.length > 0;
    block.isStale = false;
    block.el.replaceChildren(fragment);
  }

  /** Put the citations of a block of code behind it. */
  follow(fragment, edits) {
    const indexes = edits.filter((edit) => edit.at === edit.end).map((edit) => /\d+/.exec(edit.sign)?.[0]);
    const cites = indexes.filter((index) => index !== undefined).map((index) => this.cite(Number(index)));
    if (!cites.length) return;
    const line = document.createElement("p");
    line.append(...cites);
    fragment.append(line);
  }

  dress(fragment, isGrowing) {
    for (const link of fragment.querySelectorAll("a")) {
      link.rel = "noopener noreferrer nofollow";
      link.target = "_blank";
    }
    for (const image of fragment.querySelectorAll(".lwa-image"))
      image.textContent = fill(this.words.image, { alt: image.dataset.alt, host: image.dataset.host });
    for (const table of fragment.querySelectorAll("table")) {
      const frame = Object.assign(document.createElement("div"), { className: "lwa-table", tabIndex: 0 });
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", this.words.table);
      table.replaceWith(frame);
      frame.append(table);
    }
    for (const pre of fragment.querySelectorAll("pre")) this.dressCode(pre, isGrowing);
    for (const formula of fragment.querySelectorAll(".lwa-math")) this.dressMath(formula);
  }

  dressCode(pre, isGrowing) {
    const frame = Object.assign(document.createElement("div"), { className: "lwa-code" });
    const bar = Object.assign(document.createElement("div"), { className: "lwa-code-bar" });
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: this.words.copy });
    bar.append(Object.assign(document.createElement("span"), { textContent: pre.dataset.language || this.words.code }), button);
    pre.replaceWith(frame);
    pre.tabIndex = 0;
    frame.append(bar, pre);
    const code = pre.querySelector("code");
    button.addEventListener("click", () => this.copy(code.textContent, button));
    if (!isGrowing && pre.dataset.language && code.textContent.length < 20000)
      lazyCode(this.lazy).then((highlight) => this.colour(code, highlight(code.textContent, pre.dataset.language)));
  }

  colour(code, html) {
    if (html !== null) code.replaceChildren(purifier.sanitize(html, { ALLOWED_TAGS: ["span"], ALLOWED_ATTR: ["class"], RETURN_DOM_FRAGMENT: true }));
  }

  dressMath(formula) {
    const { tex, cites } = unsigned(formula.textContent);
    formula.textContent = tex;
    formula.after(...cites.map((index) => this.cite(index)));
    lazyMath(this.lazy).then((show) => show(tex, formula, formula.dataset.display === "1"));
  }

  cite(index) {
    const cite = this.citations[index] ?? { number: index + 1, title: "" };
    const button = Object.assign(document.createElement("button"), { type: "button", className: "lwa-cite", textContent: `[${cite.number}]` });
    const title = fill(this.words.source, { number: cite.number, title: cite.title ?? "" });
    button.setAttribute("aria-label", `[${cite.number}] ${title}`);
    button.dataset.tip = cite.support ? `${title}\n“${cite.support}”` : title;
    button.addEventListener("click", () => this.onCite(cite.number));
    return button;
  }

  /** Return why a stretch is marked: what is known of it, or else the usual. */
  reasonFor(index) {
    const one = this.unsupported[index];
    return (Array.isArray(one) && one[2]) || this.words.unsupported;
  }

  wave(text, says) {
    const mark = Object.assign(document.createElement("mark"), { className: "lwa-unsupported", tabIndex: 0 });
    const note = Object.assign(document.createElement("span"), { className: "lwa-aside", textContent: ` (${says})` });
    mark.append(text, note);
    mark.dataset.tip = says;
    return mark;
  }

  /** Put the caret behind the last word, as deep as it stands. */
  placeCaret() {
    if (!this.streaming) return this.caret.remove();
    if (this.tail?.node && this.caret.isConnected && this.tail.el.contains(this.caret)) return undefined;
    this.caret.remove();
    let at = this.tail?.el ?? this.root;
    const isBlock = (el) => el && /^(P|UL|OL|LI|BLOCKQUOTE|DIV|PRE|CODE|TABLE|TBODY|THEAD|TR|TD|TH|H[3-6])$/.test(el.tagName);
    while (isBlock(at.lastElementChild)) at = at.lastElementChild;
    return at.append(this.caret);
  }

  async copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(field);
      field.select();
      document.execCommand("copy"); // without HTTPS there is no other clipboard
      field.remove();
      button.focus();
    }
    button.textContent = this.words.copied;
    setTimeout(() => (button.textContent = this.words.copy), 1600);
  }
}
