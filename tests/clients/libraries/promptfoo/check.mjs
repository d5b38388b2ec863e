// promptfoo, by its command line: one configuration for each capability.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as c from "./checks.mjs";

const program = join(dirname(fileURLToPath(import.meta.url)), "node_modules", ".bin", "promptfoo");
const environment = {
  ...process.env, PROMPTFOO_DISABLE_TELEMETRY: "1", PROMPTFOO_DISABLE_UPDATE: "1", PROMPTFOO_DISABLE_REMOTE_GENERATION: "1",
};
const config = (more) => ({ apiBaseUrl: `${c.URL}/v1`, apiKey: c.KEY, max_tokens: 200, ...more });

/** Evaluate one prompt and fail where its assertion does. */
function evaluate(model, prompt, assertion, more = {}) {
  const folder = mkdtempSync(join(tmpdir(), "promptfoo-"));
  const written = {
    prompts: [prompt],
    providers: [{ id: `openai:chat:${model}`, config: config(more) }],
    tests: [{ assert: [assertion] }],
  };
  writeFileSync(join(folder, "promptfooconfig.json"), JSON.stringify(written));
  const output = join(folder, "output.json");
  try {
    execFileSync(program, ["eval", "-c", join(folder, "promptfooconfig.json"), "--no-cache", "--no-share", "--no-table", "-o", output], {
      env: { ...environment, PROMPTFOO_CONFIG_DIR: folder }, stdio: ["ignore", "ignore", "inherit"],
    });
  } catch (error) {
    if (error.status !== 100) throw error; // 100: an assertion failed, which the output tells
  }
  const [result] = JSON.parse(readFileSync(output, "utf8")).results.results;
  c.need(result.success, result.error ?? JSON.stringify(result.gradingResult));
}

await c.report({
  chat: () => evaluate(c.MODEL, c.GREETING, { type: "javascript", value: "output.length > 0" }),
  stream: c.absent("promptfoo reads answers whole"),
  structured: () =>
    evaluate(c.MODEL, c.ABOUT_A_TOWN, { type: "is-json", value: c.TOWN_SCHEMA }, {
      response_format: { type: "json_schema", json_schema: { name: "town", schema: c.TOWN_SCHEMA, strict: true } },
    }),
  tool: () =>
    evaluate(c.MODEL, c.ABOUT_THE_WEATHER, { type: "is-valid-openai-tools-call" }, {
      tools: [{ type: "function", function: { name: "weather", parameters: c.WEATHER_SCHEMA } }],
      tool_choice: "required",
    }),
  embeddings: () =>
    evaluate(c.RAG, c.QUESTION, {
      type: "similar", value: "The notice period is 3 months.", threshold: 0.5,
      provider: { id: `openai:embedding:${c.EMBEDDING}`, config: config() },
    }),
  file_search: c.absent("promptfoo searches no vector stores"),
  rag: () => evaluate(c.RAG, c.QUESTION, { type: "contains", value: c.WANTED }),
});
