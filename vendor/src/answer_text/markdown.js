// Markdown to HTML without any HTML of its own, cut into the blocks that stand at the top level.
import MarkdownIt from "markdown-it";
import { addMath } from "./math.js";

// Models end a line where they mean one, unlike people who write Markdown in an editor.
const md = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
md.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
md.use(addMath);

md.renderer.rules.image = (tokens, i) => {
  const token = tokens[i];
  const src = token.attrGet("src") ?? "";
  const alt = md.utils.escapeHtml(token.content);
  const host = foreignHost(src);
  return host === null
    ? `<img src="${md.utils.escapeHtml(src)}" alt="${alt}" loading="lazy">`
    : `<span class="lwa-image" data-alt="${alt}" data-host="${md.utils.escapeHtml(host)}"></span>`;
};
md.renderer.rules.fence = (tokens, i) => {
  const token = tokens[i];
  const language = /^[\w+#.-]{1,24}/.exec(token.info.trim())?.[0] ?? "";
  return `<pre data-language="${md.utils.escapeHtml(language)}"><code>${md.utils.escapeHtml(token.content)}</code></pre>`;
};
md.renderer.rules.code_block = (tokens, i) =>
  `<pre data-language=""><code>${md.utils.escapeHtml(tokens[i].content)}</code></pre>`;
// An answer stands inside a page: its largest heading is the page's third.
for (const side of ["heading_open", "heading_close"])
  md.renderer.rules[side] = (tokens, i) => {
    const level = Number(tokens[i].tag[1]);
    return `<${side.endsWith("close") ? "/" : ""}h${Math.min(6, level + 2)}${side.endsWith("open") ? ` data-level="${level}"` : ""}>`;
  };

/** Return the host of an address elsewhere, or null for one of this server. */
function foreignHost(src) {
  try {
    const url = new URL(src, window.location.href);
    return url.origin === window.location.origin ? null : url.host || url.protocol;
  } catch {
    return src.slice(0, 60);
  }
}

/** Return the blocks of a text: `{start, end, kind, html()}`, with offsets into it. */
export function blocksOf(text, env) {
  const tokens = md.parse(text, env);
  const lines = lineStarts(text);
  const blocks = [];
  let depth = 0;
  let first = 0;
  tokens.forEach((token, i) => {
    if (depth === 0) first = i;
    depth += token.nesting;
    if (depth !== 0) return;
    const part = tokens.slice(first, i + 1);
    const begin = lines[tokens[first].map?.[0] ?? 0] ?? text.length;
    blocks.push({ start: begin, end: text.length, kind: token.type, tokens: part, html: () => md.renderer.render(part, md.options, env) });
  });
  for (let i = 0; i + 1 < blocks.length; i++) blocks[i].end = blocks[i + 1].start;
  if (blocks.length) blocks[0].start = 0;
  return blocks;
}

function lineStarts(text) {
  const starts = [0];
  const ends = /\r\n|\r|\n/g;
  while (ends.exec(text)) starts.push(ends.lastIndex);
  return starts;
}
