import katex from "katex";

const made = new Map();

/** Show a formula in an element; one that was shown before is copied. */
export function show(tex, element, isDisplay) {
  const key = `${isDisplay ? 1 : 0}${tex}`;
  if (!made.has(key)) {
    const holder = document.createElement("span");
    katex.render(tex, holder, {
      displayMode: isDisplay, throwOnError: false, trust: false, strict: "ignore", maxSize: 20, maxExpand: 200,
      errorColor: "currentColor",
    });
    if (made.size > 500) made.clear();
    made.set(key, holder);
  }
  element.replaceChildren(...made.get(key).cloneNode(true).childNodes);
}
