// Citations and unsupported stretches: woven into the Markdown as rare signs, found again in its DOM.

const CITE_OPEN = "\u2E4E"; // punctuation: what follows a sentence must not undo emphasis before it
const CITE_CLOSE = "\u2E4F";
const WAVE_OPEN = "\uE0A0"; // no punctuation: it may stand inside of emphasis; followed by which one it is
const WAVE_NAMED = "\uE0A2";
const WAVE_CLOSE = "\uE0A1";
const SIGNS = /[\u2E4E\u2E4F\uE0A0-\uE0A2]/g;
const CITED = /\u2E4E(\d+)\u2E4F/g;
const WAVED = /\uE0A0\d+\uE0A2/g;
const LITERAL = /\[(\d{1,3})\](?![([:])/g;

/** Return the edits that citations and unsupported stretches ask for: `{at, end, sign}` in JS offsets. */
export function editsFor(text, citations, unsupported) {
  const offset = offsets(text);
  const places = citations
    .map((cite, index) => ({ ...cite, index, at: snapped(text, offset(cite.position ?? text.length)) }))
    .sort((a, b) => a.at - b.at);
  const numbers = new Map(places.toReversed().map((place) => [place.number, place.index]));
  const literals = [...text.matchAll(LITERAL)]
    .map((found) => ({ at: found.index, end: found.index + found[0].length, number: Number(found[1]) }))
    .filter((literal) => numbers.has(literal.number));
  const edits = [];
  const done = new Set();
  for (const place of places) {
    const before = places.findLast((other) => other.at < place.at)?.at ?? 0;
    const said = literals.find((l) => l.number === place.number && l.at >= before - 1 && l.end <= place.at + 10);
    if (said && !("index" in said)) said.index = place.index;
    const key = `${place.number} ${place.at}`;
    if (!said && !done.has(key)) edits.push({ at: place.at, end: place.at, sign: `${CITE_OPEN}${place.index}${CITE_CLOSE}` });
    done.add(key);
  }
  for (const literal of literals) {
    const index = literal.index ?? numbers.get(literal.number);
    edits.push({ at: literal.at, end: literal.end, sign: `${CITE_OPEN}${index}${CITE_CLOSE}` });
  }
  for (const [from, to, index] of stretches(text, unsupported, offset)) {
    edits.push({ at: from, end: from, sign: `${WAVE_OPEN}${index}${WAVE_NAMED}` }, { at: to, end: to, sign: WAVE_CLOSE });
  }
  return edits.sort((a, b) => a.at - b.at);
}

/** Return a stretch of the text with the edits that fall into it. */
export function woven(text, start, end, edits) {
  let made = "";
  let at = start;
  for (const edit of edits) {
    if (edit.at < at) continue;
    made += text.slice(at, edit.at).replace(SIGNS, "·") + edit.sign;
    at = edit.end;
  }
  return made + text.slice(at, end).replace(SIGNS, "·");
}

/** Turn the signs in a fragment into buttons and waves. */
export function unwoven(fragment, make) {
  let open = null;
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const node of found) {
    if (open === null && !/[\u2E4E\uE0A0\uE0A1]/.test(node.data)) continue;
    const parts = node.data.split(/(\u2E4E\d+\u2E4F|\uE0A0\d+\uE0A2|\uE0A1)/);
    const code = node.parentElement?.closest("code");
    const made = [];
    for (const part of parts) {
      const index = /^\u2E4E(\d+)\u2E4F$/.exec(part)?.[1];
      if (part.startsWith(WAVE_OPEN)) open = Number(part.slice(1, -1));
      else if (part === WAVE_CLOSE) open = null;
      else if (index !== undefined && code) made.push(document.createTextNode(make.literal(Number(index))));
      else if (index !== undefined) made.push(make.cite(Number(index)));
      else if (part) made.push(open !== null && part.trim() ? make.wave(part, open) : document.createTextNode(part));
    }
    node.replaceWith(...made);
  }
}

/** Return a formula's text without signs, and the citations that stood in it. */
export function unsigned(tex) {
  const cites = [...tex.matchAll(CITED)].map((found) => Number(found[1]));
  return { tex: tex.replace(CITED, "").replace(WAVED, "").replace(SIGNS, ""), cites };
}

/** Return a function from an offset in code points, as Python counts, to one in a JS string. */
function offsets(text) {
  if (!/[\uD800-\uDBFF]/.test(text)) return (at) => Math.max(0, Math.min(at, text.length));
  const starts = [];
  for (let i = 0; i < text.length; i += text.codePointAt(i) > 0xffff ? 2 : 1) starts.push(i);
  starts.push(text.length);
  return (at) => starts[Math.max(0, Math.min(at, starts.length - 1))];
}

/** Move a place to the end of the word before it, and inside the last cell of a table's row. */
function snapped(text, at) {
  while (at > 0 && /\s/.test(text[at - 1])) at--;
  const begin = text.lastIndexOf("\n", at - 1) + 1;
  const line = text.slice(begin, at);
  if (!/^\s*\|.*\|$/.test(line)) return at;
  at--;
  while (at > begin && text[at - 1] === " ") at--;
  return at;
}

/** Return unsupported stretches, given as texts or as [start, end, …], without overlaps: [from, to, which]. */
function stretches(text, unsupported, offset) {
  const found = [];
  for (const [index, one] of unsupported.entries()) {
    if (Array.isArray(one)) found.push([offset(one[0]), offset(one[1]), index]);
    else if (one) {
      const word = /[\p{L}\p{N}]/u;
      for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + one.length)) {
        const isWhole = !word.test(text[at - 1] ?? " ") && !word.test(text[at + one.length] ?? " ");
        if (isWhole) found.push([at, at + one.length, index]);
      }
    }
  }
  found.sort((a, b) => a[0] - b[0]);
  return found.filter(([from, to], i) => to > from && (i === 0 || from >= Math.max(...found.slice(0, i).map((f) => f[1]))));
}
