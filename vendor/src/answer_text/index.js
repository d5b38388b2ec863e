// An answer in Markdown that may still be growing. The server keeps the text; pieces come as methods.
import { h } from "vue";
import { adopt } from "../shared/style.js";
import look from "./look.css?inline";
import { AnswerView } from "./view.js";
import WORDS from "./words.json";

adopt(look);

export default {
  name: "AnswerText",
  props: {
    text: { type: String, default: "" },
    version: { type: Number, default: 0 },
    streaming: Boolean,
    citations: { type: Array, default: () => [] },
    unsupported: { type: Array, default: () => [] },
    strings: { type: Object, default: () => ({}) },
    dark: { type: Boolean, default: null },
    resourcePath: { type: String, default: "" },
  },
  emits: ["cite", "resync"],
  mounted() {
    this.view = new AnswerView(this.$el, {
      words: { ...WORDS, ...this.strings },
      lazy: (file) => `${window.path_prefix ?? ""}${this.resourcePath}/${file}`,
      onCite: (number) => this.$emit("cite", { number }),
    });
    this.$nextTick(() => this.take()); // the prefix of all paths is known after the page has mounted
  },
  beforeUnmount() {
    this.view.end();
  },
  watch: {
    version() {
      this.take();
    },
    text() {
      this.take();
    },
    streaming() {
      this.take();
    },
  },
  methods: {
    /** Show what the props hold, where that is newer than what is shown. */
    take() {
      const isOlder = this.shown > this.version || (this.shown === this.version && this.view.text.length > this.text.length);
      if (!isOlder) this.reset(this.version, this.text, this.streaming, this.citations, this.unsupported);
    },
    /** Show another text; what it shares with the one shown stays as it is. */
    reset(version, text, streaming, citations, unsupported) {
      this.shown = version;
      this.view.show(text, { streaming, citations: citations.map((c) => ({ ...c })), unsupported: [...unsupported] });
    },
    /** Add a piece that begins at `start`; ask for everything where something before it is missing. */
    append(version, start, piece) {
      const have = this.view.text.length;
      if (version < this.shown || start + piece.length <= have) return;
      if (version > this.shown || start > have) this.$emit("resync", {});
      else this.view.append(piece.slice(have - start));
    },
  },
  render() {
    return h("div", { class: ["lwa", this.dark === true && "is-dark", this.dark === false && "is-light"] });
  },
};
