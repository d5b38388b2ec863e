// What most answers do not need: loaded from the server when the first one does.
let code = null;
let math = null;

/** Return a promise of `highlight(text, language)`, which gives HTML, or null for a language it does not know. */
export function lazyCode(address) {
  code ??= import(/* @vite-ignore */ address("code.js")).then((module) => module.highlight).catch(() => () => null);
  return code;
}

/** Return a promise of `show(tex, element, isDisplay)`; where KaTeX cannot be loaded the TeX stays. */
export function lazyMath(address) {
  if (!math) {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address("katex.css") });
    document.head.append(sheet);
    math = import(/* @vite-ignore */ address("math.js")).then((module) => module.show).catch(() => () => {});
  }
  return math;
}
