// OpenAI's own SDK for JavaScript.
import OpenAI, { toFile } from "openai";
import * as c from "./checks.mjs";

const client = new OpenAI({ baseURL: `${c.URL}/v1`, apiKey: c.KEY, maxRetries: 0 });
const user = (content) => [{ role: "user", content }];
const tool = {
  type: "function",
  function: { name: "weather", description: "The weather of a town.", parameters: c.WEATHER_SCHEMA },
};

await c.report({
  async chat() {
    const said = await client.chat.completions.create({ model: c.MODEL, messages: user(c.GREETING), max_tokens: 40 });
    c.need(said.choices[0].message.content, "no text");
  },
  async stream() {
    const told = await client.chat.completions.create({
      model: c.MODEL, messages: user(c.GREETING), max_tokens: 40, stream: true,
    });
    let n = 0;
    for await (const piece of told) n += piece.choices[0]?.delta?.content ? 1 : 0;
    c.need(n > 1, "one piece only");
  },
  async structured() {
    const said = await client.chat.completions.parse({
      model: c.MODEL,
      messages: user(c.ABOUT_A_TOWN),
      response_format: { type: "json_schema", json_schema: { name: "town", schema: c.TOWN_SCHEMA, strict: true } },
    });
    c.needTown(JSON.parse(said.choices[0].message.content));
  },
  async tool() {
    const messages = user(c.ABOUT_THE_WEATHER);
    const said = await client.chat.completions.create({
      model: c.MODEL, messages, tools: [tool], tool_choice: "required",
    });
    const [call] = said.choices[0].message.tool_calls;
    c.need(typeof JSON.parse(call.function.arguments).town === "string", call.function.arguments);
    const after = await client.chat.completions.create({
      model: c.MODEL, max_tokens: 60,
      messages: [...messages, said.choices[0].message, { role: "tool", tool_call_id: call.id, content: c.WEATHER }],
    });
    c.need(after.choices[0].message.content, "no text after the tool's answer");
  },
  async embeddings() {
    // The SDK asks for base64 by itself.
    const made = await client.embeddings.create({ model: c.EMBEDDING, input: ["one", "two"] });
    c.need(made.data.length === 2 && made.data[0].embedding.length > 100, "no two vectors");
  },
  async file_search() {
    const file = await client.files.create({
      file: await toFile(Buffer.from("# Tea\n\nTea costs 2 euros.\n"), "tea.md"), purpose: "assistants",
    });
    const store = await client.vectorStores.create({ name: "clients" });
    const kept = await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id });
    c.need(kept.status === "completed", `the file is ${kept.status}`);
    const found = await client.vectorStores.search(store.id, { query: "What does tea cost?" });
    c.need(found.data[0].content[0].text.includes("2 euros"), "the text is not found");
    const said = await client.responses.create({
      model: c.MODEL, input: c.QUESTION, tools: [{ type: "file_search", vector_store_ids: [c.STORE] }],
    });
    c.need(said.output_text.includes(c.WANTED), said.output_text);
  },
  async rag() {
    const said = await client.chat.completions.create({ model: c.RAG, messages: user(c.QUESTION) });
    c.need(said.choices[0].message.content.includes(c.WANTED), said.choices[0].message.content);
  },
});
