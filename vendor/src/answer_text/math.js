// Formulas: $…$, $$…$$, \(…\) and \[…\] become elements that hold the TeX until KaTeX is there.

const PAIRS = [["$$", "$$", true], ["\\[", "\\]", true], ["\\(", "\\)", false], ["$", "$", false]];

/** A plugin for markdown-it. */
export function addMath(md) {
  md.inline.ruler.before("escape", "math", (state, silent) => {
    const { src, pos } = state;
    const code = src.charCodeAt(pos);
    if (code !== 0x24 && code !== 0x5c) return false;
    for (const [open, close, isDisplay] of PAIRS) {
      if (!src.startsWith(open, pos)) continue;
      const start = pos + open.length;
      const end = closing(src, start, close, state.posMax);
      const tex = end < 0 ? "" : src.slice(start, end);
      if (!tex.trim() || (open === "$" && !isFormula(src, start, end))) continue;
      if (!silent) push(state, tex, isDisplay);
      state.pos = end + close.length;
      return true;
    }
    return false;
  });
  md.block.ruler.before("fence", "math_block", block, { alt: ["paragraph", "blockquote", "list"] });
  md.renderer.rules.math = (tokens, i) => {
    const token = tokens[i];
    return `<span class="lwa-math" data-display="${token.meta.isDisplay ? 1 : 0}">${md.utils.escapeHtml(token.content)}</span>`;
  };
  md.renderer.rules.math_block = (tokens, i) =>
    `<p><span class="lwa-math" data-display="1">${md.utils.escapeHtml(tokens[i].content)}</span></p>`;
}

function push(state, tex, isDisplay) {
  const token = state.push("math", "", 0);
  token.content = tex;
  token.meta = { isDisplay };
}

function closing(src, from, close, max) {
  for (let at = src.indexOf(close, from); at >= 0 && at < max; at = src.indexOf(close, at + 1)) {
    let slashes = 0;
    while (src[at - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** A single dollar opens a formula only where it cannot be money: no space inside, no digit after. */
function isFormula(src, start, end) {
  return !/\s/.test(src[start]) && !/\s/.test(src[end - 1]) && !/\d/.test(src[end + 1] ?? "");
}

/** Take a formula that begins a line with $$ or \[ and may go on over several. */
function block(state, startLine, endLine, silent) {
  const start = state.bMarks[startLine] + state.tShift[startLine];
  const open = state.src.slice(start, start + 2);
  const close = { $$: "$$", "\\[": "\\]" }[open];
  if (!close || state.sCount[startLine] - state.blkIndent >= 4) return false;
  for (let line = startLine; line < endLine; line++) {
    const from = line === startLine ? start + 2 : state.bMarks[line] + state.tShift[line];
    const end = state.eMarks[line];
    if (line > startLine && state.sCount[line] < state.blkIndent) return false;
    const text = state.src.slice(from, end).trimEnd();
    if (!text.endsWith(close)) {
      if (text.includes(close)) return false; // more text after it: a paragraph with a formula in it
      continue;
    }
    if (silent) return true;
    const token = state.push("math_block", "", 0);
    token.content = state.src.slice(start + 2, from + text.length - 2).trim();
    token.map = [startLine, line + 1];
    token.block = true;
    state.line = line + 1;
    return token.content !== "" || line > startLine;
  }
  return false;
}
