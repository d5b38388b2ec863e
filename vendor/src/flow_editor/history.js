// What can be undone and done again: whole documents, a hundred at most.
import { shallowReactive } from "vue";

const LIMIT = 100;
const TOGETHER_MS = 1200;

/** Return a history; edits with the same `tag` shortly after each other are undone together. */
export function createHistory() {
  const history = shallowReactive({ past: [], future: [] });
  let last = { tag: null, at: 0 };
  return {
    state: history,
    note(doc, label, tag = null) {
      const joins = tag !== null && tag === last.tag && performance.now() - last.at < TOGETHER_MS;
      last = { tag, at: performance.now() };
      if (!joins) history.past = [...history.past.slice(1 - LIMIT), { doc, label }];
      history.future = [];
    },
    back(doc) {
      const entry = history.past.at(-1);
      if (!entry) return null;
      history.past = history.past.slice(0, -1);
      history.future = [...history.future, { doc, label: entry.label }];
      last = { tag: null, at: 0 };
      return entry;
    },
    forth(doc) {
      const entry = history.future.at(-1);
      if (!entry) return null;
      history.future = history.future.slice(0, -1);
      history.past = [...history.past, { doc, label: entry.label }];
      return entry;
    },
    clear() {
      history.past = [];
      history.future = [];
    },
  };
}
