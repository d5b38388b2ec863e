// Style sheets of components: adopted once by the document, whatever its content policy says.
const adopted = new Set();

/** Let the document use a style sheet; a second time changes nothing. */
export function adopt(css) {
  if (adopted.has(css)) return;
  adopted.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

/** Return a text with its `{name}`s replaced by the values. */
export function fill(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
