// A chat in a frame: asks its own server with no cookie and no key, and shows texts as texts, never as markup.
(() => {
  const chat = document.body.dataset.chat;
  const log = document.getElementById("log");
  const form = document.getElementById("ask");
  const field = document.getElementById("question");
  const button = form.querySelector("button");
  const MAX_TURNS = 19;
  let turns = [];

  const add = (kind, text = "") => {
    const place = document.createElement("div");
    place.className = kind;
    place.textContent = text;
    log.append(place);
    log.scrollTop = log.scrollHeight;
    return place;
  };

  const showSources = (sources) => {
    const list = document.createElement("ul");
    list.className = "sources";
    list.setAttribute("aria-label", "Sources");
    const seen = new Set();
    for (const { title, quote, page } of sources) {
      const name = page ? `${title}, page ${page}` : title;
      if (seen.has(name + quote)) continue;
      seen.add(name + quote);
      const item = document.createElement("li");
      const strong = document.createElement("strong");
      strong.textContent = name;
      item.append(strong);
      if (quote) item.append(document.createElement("br"), quote);
      list.append(item);
    }
    log.append(list);
    log.scrollTop = log.scrollHeight;
  };

  async function* events(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts)
        if (part.startsWith("data: ") && part !== "data: [DONE]") yield JSON.parse(part.slice(6));
    }
  }

  async function ask(question) {
    turns = [...turns, { role: "user", content: question }].slice(-MAX_TURNS);
    add("asked", question);
    const place = add("answered waiting", "…");
    let text = "";
    try {
      const response = await fetch(`${encodeURIComponent(chat)}/chat`, {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ messages: turns }),
      });
      if (!response.ok) throw new Error(((await response.json().catch(() => ({}))).error || {}).message);
      let sources = [];
      for await (const told of events(response)) {
        if (told.error) throw new Error(told.error.message);
        if (told.refusal) text = told.refusal;
        else text += told.content || "";
        sources = told.sources || sources;
        place.classList.remove("waiting");
        place.textContent = text;
        log.scrollTop = log.scrollHeight;
      }
      if (sources.length) showSources(sources);
      if (text) turns.push({ role: "assistant", content: text.slice(0, 4000) });
    } catch (error) {
      place.className = "failed";
      place.setAttribute("role", "alert");
      place.textContent = error.message || "The answer did not arrive. Try again.";
      turns.pop();
    }
  }

  form.addEventListener("submit", async (sent) => {
    sent.preventDefault();
    const question = field.value.trim();
    if (!question || button.disabled) return;
    field.value = "";
    button.disabled = true;
    await ask(question);
    button.disabled = false;
    field.focus();
  });
  field.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Enter" && !pressed.shiftKey) {
      pressed.preventDefault();
      form.requestSubmit();
    }
  });
})();
