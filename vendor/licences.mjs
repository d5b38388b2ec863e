// The licences of what is bundled, as one text; refuses a licence that may not be shipped.
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

const ALLOWED = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD"];
// Parts that reach a bundle inside another package, where no module path shows them.
const D3 = ["color", "dispatch", "drag", "ease", "interpolate", "selection", "timer", "transition", "zoom"];
const INSIDE = { "@vue-flow/core": ["@vueuse/core", ...D3.map((part) => `d3-${part}`)] };

/** Return name, version, licence and licence text of every package. */
export async function licences(root, names) {
  const all = [...new Set([...names, ...names.flatMap((name) => INSIDE[name] ?? [])])].sort();
  const parts = ["What the studio's bundles contain of others, and under which licence.\n"];
  for (const name of all) {
    const folder = path.join(root, "node_modules", name);
    const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    if (!ALLOWED.includes(about.license)) throw new Error(`${name} is under ${about.license}`);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(path.join(folder, file), "utf8") : `Licence: ${about.license}`;
    parts.push(`${"=".repeat(78)}\n${name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
  }
  return parts.join("\n");
}
