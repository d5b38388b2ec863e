// Builds the studio's components into src/lorewright/studio/static, each as one ES module.
// Vue and DOMPurify are not bundled: the page's import map names the copies that NiceGUI serves.
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import path from "node:path";
import vue from "@vitejs/plugin-vue";
import { build } from "vite";
import { licences } from "./licences.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, "../src/lorewright/studio/static");
const entries = {
  "flow_editor.js": "src/flow_editor/index.js",
  "answer_text.js": "src/answer_text/index.js",
  "lazy/math.js": "src/answer_text/lazy_math.js",
  "lazy/code.js": "src/answer_text/lazy_code.js",
};

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "lazy"), { recursive: true });
const packages = new Set();
for (const [file, entry] of Object.entries(entries)) {
  await build({
    root: here,
    configFile: false,
    logLevel: "warn",
    plugins: [vue(), noting(packages)],
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_PROD_DEVTOOLS__: "false",
    },
    build: {
      outDir: path.join(out, path.dirname(file)),
      emptyOutDir: false,
      copyPublicDir: false,
      target: "es2022",
      minify: true,
      lib: { entry: path.join(here, entry), formats: ["es"], fileName: () => path.basename(file) },
      // An ES library keeps its spaces unless told so here.
      rollupOptions: { external: ["vue", "dompurify"], output: { minify: true } },
    },
  });
}
await katex();
await cp(path.join(here, "src/flow_editor/words.json"), path.join(out, "flow_editor_words.json"));
await cp(path.join(here, "src/answer_text/words.json"), path.join(out, "answer_text_words.json"));
await writeFile(path.join(out, "THIRD_PARTY.txt"), await licences(here, [...packages].sort()));
for (const file of [...Object.keys(entries), "lazy/katex.css"]) {
  const bytes = await readFile(path.join(out, file));
  console.log(file.padEnd(20), kb(bytes.length), "gzip", kb(gzipSync(bytes, { level: 9 }).length));
}

/** Put KaTeX's style sheet and its woff2 fonts next to the module that needs them. */
async function katex() {
  const from = path.join(here, "node_modules/katex/dist");
  const css = await readFile(path.join(from, "katex.min.css"), "utf8");
  const woff2 = css.replace(/,url\(fonts\/[^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, "");
  await writeFile(path.join(out, "lazy/katex.css"), woff2);
  await mkdir(path.join(out, "lazy/fonts"));
  for (const font of await readdir(path.join(from, "fonts"))) {
    if (font.endsWith(".woff2")) await cp(path.join(from, "fonts", font), path.join(out, "lazy/fonts", font));
  }
}

/** A plugin that notes which packages end up in a bundle. */
function noting(found) {
  return {
    name: "noting",
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const [id, module] of Object.entries(chunk.modules ?? {})) {
          const name = id.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/)?.[1];
          if (name && module.renderedLength > 0) found.add(name);
        }
      }
    },
  };
}

function kb(n) {
  return `${(n / 1024).toFixed(1)} kB`.padStart(10);
}
