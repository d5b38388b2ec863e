// Vercel's AI SDK, through its provider for servers that speak OpenAI's API.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { embedMany, generateText, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import * as c from "./checks.mjs";

const provider = createOpenAICompatible({
  name: "lorewright", baseURL: `${c.URL}/v1`, apiKey: c.KEY, supportsStructuredOutputs: true,
});
const model = provider.chatModel(c.MODEL);
const once = { maxRetries: 0, maxOutputTokens: 200 };

await c.report({
  async chat() {
    const said = await generateText({ model, prompt: c.GREETING, ...once });
    c.need(said.text, "no text");
  },
  async stream() {
    const told = streamText({ model, prompt: c.GREETING, ...once });
    let n = 0;
    for await (const piece of told.textStream) n += piece ? 1 : 0;
    c.need(n > 1, "one piece only");
  },
  async structured() {
    const schema = z.object({ name: z.string().max(40), n_people: z.number().int().min(0).max(100000000) });
    const said = await generateText({ model, prompt: c.ABOUT_A_TOWN, output: Output.object({ schema }), ...once });
    c.needTown(said.output);
  },
  async tool() {
    let asked;
    const said = await generateText({
      model,
      prompt: c.ABOUT_THE_WEATHER,
      tools: {
        weather: tool({
          description: "The weather of a town.",
          inputSchema: z.object({ town: z.string().max(40) }),
          execute: async ({ town }) => ((asked = town), c.WEATHER),
        }),
      },
      prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber ? "none" : "required" }),
      stopWhen: stepCountIs(2),
      ...once,
    });
    c.need(typeof asked === "string", "the tool was not called");
    c.need(said.text, "no text after the tool's answer");
  },
  async embeddings() {
    const made = await embedMany({ model: provider.embeddingModel(c.EMBEDDING), values: ["one", "two"], maxRetries: 0 });
    c.need(made.embeddings.length === 2, "no two vectors");
  },
  file_search: c.absent("this provider speaks chat completions alone"),
  async rag() {
    const said = await generateText({ model: provider.chatModel(c.RAG), prompt: c.QUESTION, maxRetries: 0 });
    c.need(said.text.includes(c.WANTED), said.text);
  },
});
