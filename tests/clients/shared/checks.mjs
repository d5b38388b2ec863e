// What every check of a client in JavaScript shares; see checks.py.

export const { LOREWRIGHT_URL: URL, LOREWRIGHT_KEY: KEY, LOREWRIGHT_MODEL: MODEL } = process.env;
export const { LOREWRIGHT_RAG: RAG, LOREWRIGHT_EMBEDDING: EMBEDDING } = process.env;
export const STORE = "vs_domain";
export const GREETING = "Say hello in one short sentence.";
export const QUESTION = "How long is the notice period?";
export const WANTED = "3 months";
export const ABOUT_A_TOWN = "Paris is a town in France with two million people. Describe the town as JSON.";
export const TOWN_SCHEMA = {
  type: "object",
  properties: {
    name: { type: "string", maxLength: 40 },
    n_people: { type: "integer", minimum: 0, maximum: 100000000 },
  },
  required: ["name", "n_people"],
  additionalProperties: false,
};
export const ABOUT_THE_WEATHER = "What is the weather in Paris? Use the tool.";
export const WEATHER = "It is 21 degrees and sunny.";
export const WEATHER_SCHEMA = {
  type: "object",
  properties: { town: { type: "string", maxLength: 40 } },
  required: ["town"],
  additionalProperties: false,
};

export function need(held, told) {
  if (!held) throw new Error(told);
}

export function needTown(value) {
  need(typeof value?.name === "string" && Number.isInteger(value?.n_people), `not the schema: ${JSON.stringify(value)}`);
}

/** A check of what a client does not have. */
export function absent(reason) {
  return () => {
    throw Object.assign(new Error(reason), { isAbsent: true });
  };
}

/** Run each check and print how it went, one JSON object on a line. */
export async function report(checks) {
  for (const [capability, check] of Object.entries(checks)) {
    if (process.env.LOREWRIGHT_ONLY && process.env.LOREWRIGHT_ONLY !== capability) continue;
    let outcome = "ok";
    let detail = "";
    try {
      await check();
    } catch (error) {
      outcome = error.isAbsent ? "not applicable" : "failed";
      detail = error.isAbsent ? error.message : `${error.name}: ${error.message}`;
      if (!error.isAbsent) console.error(error);
    }
    console.log(`\n${JSON.stringify({ capability, outcome, detail })}`);
  }
}
