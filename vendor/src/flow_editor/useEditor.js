// What the editor knows and can do; its parts reach all of it as `inject("editor")`.
import { useVueFlow } from "@vue-flow/core";
import { computed, nextTick, onBeforeUnmount, provide, ref, shallowReactive, shallowRef, watch } from "vue";
import { fill } from "../shared/style.js";
import { createHistory } from "./history.js";
import { arranged, readingOrder } from "./layout.js";
import * as model from "./model.js";
import WORDS from "./words.json";

const ICONS = { waiting: "clock", running: "spinner", done: "check", failed: "alert" };
const TELL_MS = 200;
const AT_ONCE = 20;
const READABLE = 0.7;

/** Create the editor's state for a component's props and emits, and provide it to its parts. */
export function useEditor(props, emit, uid) {
  const vf = useVueFlow(uid);
  const doc = shallowRef(model.open(null, null, arranged));
  const kinds = computed(() => new Map(plain(props.kinds ?? []).map((kind) => [kind.kind, kind])));
  const history = createHistory();
  const states = shallowReactive({});
  const chosen = shallowRef([]);
  const trying = shallowRef(null);
  const refusal = shallowRef(null);
  const connecting = shallowRef(null);
  const said = ref("");
  const writing = ref(null);
  const panel = ref("");
  const isDrawn = ref(false);
  const isWhole = ref(true);
  const drawnEpoch = ref(null);
  let here = null;
  let epoch = null;
  let isPlaced = false;

  const words = computed(() => ({ ...WORDS, ...props.strings }));
  const w = (key, values) => fill(words.value[key] ?? key, values);
  const nodeById = computed(() => new Map(doc.value.nodes.map((node) => [node.id, node])));
  const noteById = computed(() => new Map(doc.value.notes.map((note) => [note.id, note])));
  const into = computed(() => {
    const found = new Map();
    for (const edge of doc.value.edges) {
      if (!found.has(edge.target)) found.set(edge.target, {});
      found.get(edge.target)[edge.target_port] = edge;
    }
    return found;
  });
  const types = computed(() => {
    const found = [];
    const note = (type) => found.includes(type) || found.push(type);
    for (const kind of kinds.value.values()) {
      Object.values(kind.outputs).forEach(note);
      Object.values(kind.inputs).forEach((about) => note(about.type));
    }
    return found.sort();
  });
  const order = computed(() => readingOrder(doc.value));
  const one = computed(() => (chosen.value.length === 1 ? nodeById.value.get(chosen.value[0]) : undefined));

  // Changing ------------------------------------------------------------------------------------

  function change(next, label, tag) {
    if (props.readonly || next === doc.value) return;
    history.note(doc.value, label, tag);
    refusal.value = null;
    show(next);
    tell();
  }

  function show(next) {
    doc.value = next;
    draw();
  }

  let telling = 0;
  function tell() {
    clearTimeout(telling);
    telling = setTimeout(tellNow, TELL_MS);
  }
  function tellNow() {
    if (!telling) return;
    clearTimeout(telling);
    telling = 0;
    emit("change", { ...model.close(doc.value), epoch });
  }
  onBeforeUnmount(() => {
    clearTimeout(drawing);
    tellNow();
  });

  /** Bring Vue Flow's nodes and edges in line with the document, touching only what differs. */
  let drawing = 0;
  function draw() {
    if (!isPlaced) return;
    const wanted = new Map();
    for (const node of doc.value.nodes) wanted.set(node.id, ["typed", doc.value.positions[node.id] ?? { x: 0, y: 0 }]);
    for (const note of doc.value.notes) wanted.set(note.id, ["note", { x: note.x, y: note.y }]);
    const shown = new Map(vf.nodes.value.map((node) => [node.id, node]));
    const gone = [...shown.values()].filter((node) => wanted.get(node.id)?.[0] !== node.type).map((node) => node.id);
    if (gone.length) vf.removeNodes(gone, false);
    const fresh = [];
    for (const [id, [type, position]] of wanted) {
      const node = shown.get(id);
      if (!node || gone.includes(id)) fresh.push({ id, type, position: { ...position }, domAttributes: { "aria-roledescription": undefined } });
      else if (node.position.x !== position.x || node.position.y !== position.y) node.position = { ...position };
    }
    if (fresh.length) vf.addNodes(fresh.slice(0, AT_ONCE));
    const ready = new Set([...shown.keys(), ...fresh.slice(0, AT_ONCE).map((node) => node.id)]);
    const edges = new Map(doc.value.edges.map((edge) => [model.edgeId(edge), edge]));
    const lines = new Set(vf.edges.value.map((edge) => edge.id));
    const cut = [...lines].filter((id) => !edges.has(id));
    if (cut.length) vf.removeEdges(cut);
    const joined = [...edges].filter(([id, edge]) => !lines.has(id) && ready.has(edge.source) && ready.has(edge.target));
    if (joined.length) vf.addEdges(joined.map(([id, edge]) => drawn(id, edge)));
    // A large flow is drawn part by part: the page stays at the hand of its user meanwhile.
    clearTimeout(drawing);
    isDrawn.value = fresh.length <= AT_ONCE;
    if (!isDrawn.value) drawing = setTimeout(draw, 8);
  }

  function drawn(id, edge) {
    return {
      id, type: "typed", data: edge, source: edge.source, target: edge.target, ariaLabel: null,
      sourceHandle: edge.source_port, targetHandle: edge.target_port,
      domAttributes: { "aria-roledescription": undefined, role: undefined, "aria-hidden": "true" },
    };
  }

  function back() {
    const entry = history.back(doc.value);
    if (!entry) return;
    show(entry.doc);
    say(w("said_undone", { what: entry.label }));
    tell();
  }

  function forth() {
    const entry = history.forth(doc.value);
    if (!entry) return;
    show(entry.doc);
    say(w("said_redone", { what: entry.label }));
    tell();
  }

  /** Add a node; dropped on an edge it comes between the edge's ends, where it fits. */
  function add(kind, at, edge) {
    if (props.readonly || !kinds.value.has(kind)) return;
    const id = model.freeId(model.taken(doc.value), kind);
    const next = model.withNode(doc.value, { id, kind, params: {} }, at ?? spot());
    const put = edge && model.between(next, kinds.value, edge, id);
    change(put || next, w("did_add", { node: id }));
    say(put ? w("said_between", { node: id, source: edge.source, target: edge.target }) : w("said_added", { node: id }));
    if (panel.value === "palette") panel.value = "";
    select([id]);
    focus(id);
  }

  function addNote(at) {
    if (props.readonly) return;
    const id = model.freeId(model.taken(doc.value), "note");
    change(model.withNote(doc.value, { id, text: "", ...(at ?? spot()) }), w("did_note"));
    select([id]);
    writing.value = id;
  }

  function writeNote(id, text) {
    writing.value = null;
    const note = noteById.value.get(id);
    if (note && note.text !== text)
      change({ ...doc.value, notes: doc.value.notes.map((n) => (n.id === id ? { ...n, text } : n)) }, w("did_note"));
    if (document.activeElement === document.body) focus(id);
  }

  /** Return a free place: right of the chosen node, else in the middle of what is seen. */
  function spot() {
    const beside = one.value && doc.value.positions[one.value.id];
    const area = vf.dimensions.value;
    const { x, y, zoom } = vf.viewport.value;
    const at = beside
      ? { x: beside.x + model.NODE_WIDTH + 52, y: beside.y }
      : { x: (area.width / 2 - x) / zoom - model.NODE_WIDTH / 2, y: (area.height / 2 - y) / zoom - 60 };
    const taken = Object.entries(doc.value.positions).map(([id, place]) => [place, vf.findNode(id)?.dimensions.height || 132]);
    taken.push(...doc.value.notes.map((note) => [note, 100]));
    const inTheWay = () => taken.find(([other, height]) => Math.abs(other.x - at.x) < model.NODE_WIDTH + 12 && at.y < other.y + height + 12 && other.y < at.y + 150);
    for (let found = inTheWay(); found; found = inTheWay()) at.y = found[0].y + found[1] + 24;
    return { x: Math.round(at.x), y: Math.round(at.y) };
  }

  function set(id, parameter, value) {
    const same = value !== undefined && JSON.stringify(value) === JSON.stringify(parameter.default);
    const next = model.withParam(doc.value, id, parameter.name, same ? undefined : value);
    change(next, w("did_set", { name: parameter.name }), `${id} ${parameter.name}`);
  }

  /** Set a parameter to something offered, with what comes along: only what nobody wrote is replaced. */
  function choose(id, parameter, item) {
    const others = Object.values(parameter.suggestions.of).flatMap((offer) => offer.items);
    const now = nodeById.value.get(id)?.params ?? {};
    let next = model.withParam(doc.value, id, parameter.name, item.value === parameter.default ? undefined : item.value);
    for (const [name, value] of Object.entries(item.sets ?? {})) {
      const isOurs = now[name] === undefined || others.some((other) => other.sets?.[name] === now[name]);
      if (isOurs) next = model.withParam(next, id, name, value);
    }
    change(next, w("did_set", { name: parameter.name }));
  }

  /** Give a node another name; return what is wrong with it, or nothing. */
  function rename(id, name) {
    if (name === id) return "";
    if (!/^[\p{L}\p{N}_][\p{L}\p{N}_ -]*$/u.test(name)) return w("name_wrong");
    if (model.taken(doc.value).has(name)) return w("name_taken", { name });
    if (states[id]) states[name] = states[id];
    change(model.renamed(doc.value, id, name), w("did_rename", { node: id }));
    select([name]);
    return "";
  }

  function remove() {
    const ids = new Set(chosen.value);
    const edges = new Set(vf.getSelectedEdges.value.map((edge) => edge.id));
    if (props.readonly || (!ids.size && !edges.size)) return;
    const all = order.value;
    const next = all.slice(all.findIndex((id) => ids.has(id))).find((id) => !ids.has(id)) ?? all.findLast((id) => !ids.has(id));
    change(model.without(doc.value, ids, edges), w("did_delete", { n: ids.size + edges.size }));
    say(w("said_deleted", { n: ids.size + edges.size }));
    if (ids.size && next) focus(next);
  }

  function disconnect(id) {
    change(model.without(doc.value, new Set(), new Set([id])), w("did_disconnect"));
  }

  function move(by) {
    const ids = chosen.value.length ? chosen.value : here ? [here] : [];
    const at = (id) => doc.value.positions[id] ?? noteById.value.get(id);
    const places = Object.fromEntries(ids.filter(at).map((id) => [id, { x: at(id).x + by.x, y: at(id).y + by.y }]));
    if (ids.length) change(model.moved(doc.value, places), w("did_move"), `move ${ids}`);
  }

  /** Put a node that stands alone on an edge, where it was dropped on one and fits. */
  function putBetween(id, edge) {
    const isAlone = !doc.value.edges.some((other) => other.source === id || other.target === id);
    const put = isAlone && !props.readonly && edge && model.between(doc.value, kinds.value, edge, id);
    if (!put) return;
    change(put, w("did_connect", { source: edge.source, target: id }));
    say(w("said_between", { node: id, source: edge.source, target: edge.target }));
  }

  function dragged({ nodes }) {
    const places = Object.fromEntries(nodes.map((node) => [node.id, { x: node.position.x, y: node.position.y }]));
    const before = (id) => doc.value.positions[id] ?? noteById.value.get(id);
    const isSame = nodes.every((n) => before(n.id)?.x === n.position.x && before(n.id)?.y === n.position.y);
    if (!isSame) change(model.moved(doc.value, places), w("did_move"));
  }

  async function arrange() {
    const height = (id) => vf.findNode(id)?.dimensions.height || 132;
    change(arranged(doc.value, height), w("did_arrange"));
    say(w("said_arranged"));
    await nextTick();
    fit();
  }

  // Connecting ----------------------------------------------------------------------------------

  function asEdge(from, to) {
    const [source, target] = from.side === "out" ? [from, to] : [to, from];
    return { source: source.id, source_port: source.port, target: target.id, target_port: target.port };
  }

  function judgeWith(from, to) {
    return model.judge(doc.value, kinds.value, asEdge(from, to));
  }

  function connect(edge, at) {
    const verdict = model.judge(doc.value, kinds.value, edge);
    if (!verdict.ok) return refuse(verdict.code, verdict.values, at);
    change(model.withEdge(doc.value, edge), w("did_connect", edge));
    refusal.value = null;
    const { replaces } = verdict;
    say(replaces ? w("said_replaced", { ...edge, other: `${replaces.source}.${replaces.source_port}` }) : w("said_connected", edge));
    return true;
  }

  let fading = 0;
  function refuse(code, values, at) {
    const reason = w(code, values);
    refusal.value = { reason, at: at ?? whereIs(values.target ?? here) };
    clearTimeout(fading);
    fading = setTimeout(() => (refusal.value = null), 9000);
    const { source, source_port, target, target_port } = values;
    emit("refused", { code, reason, source, source_port, target, target_port });
    return false;
  }

  function startConnecting(id = here) {
    if (props.readonly || !nodeById.value.has(id)) return;
    connecting.value = { id, choices: model.fitting(doc.value, kinds.value, id) };
  }

  function endConnecting(edge) {
    const id = connecting.value?.id;
    connecting.value = null;
    if (edge) connect(edge);
    focus(id);
  }

  // Clipboard -----------------------------------------------------------------------------------

  function copy() {
    if (!chosen.value.length) return null;
    say(w("said_copied", { n: chosen.value.length }));
    return model.copied(doc.value, new Set(chosen.value));
  }

  function paste(text, by) {
    if (props.readonly) return;
    const part = model.pasted(text);
    if (!part) return refuse("paste_nothing", {});
    const strange = part.nodes.find((node) => !kinds.value.has(node.kind));
    if (strange) return refuse("paste_unknown", { kind: strange.kind });
    const { doc: next, ids } = model.grown(doc.value, part, by ?? shiftOf(part));
    change(next, w("did_paste"));
    say(w("said_pasted", { n: ids.size }));
    select([...ids]);
    focus([...ids][0]);
  }

  /** Return how far to move what is pasted: a step aside, or into view where it would be out of it. */
  function shiftOf(part) {
    const all = [...Object.values(part.positions), ...part.notes].filter((at) => Number.isFinite(at?.x));
    if (!all.length) return { x: 0, y: 0 };
    const left = Math.min(...all.map((at) => at.x));
    const top = Math.min(...all.map((at) => at.y));
    const { x, y, zoom } = vf.viewport.value;
    const area = vf.dimensions.value;
    const [sx, sy] = [left * zoom + x, top * zoom + y];
    const isSeen = sx > -100 && sy > -60 && sx < area.width - 60 && sy < area.height - 40;
    return isSeen ? { x: 36, y: 48 } : { x: (80 - x) / zoom - left, y: (80 - y) / zoom - top };
  }

  function duplicate() {
    const text = copy();
    if (text) paste(text, { x: 36, y: 48 });
  }

  // Seeing --------------------------------------------------------------------------------------

  function select(ids) {
    const wanted = new Set(ids);
    vf.removeSelectedElements();
    vf.nodesSelectionActive.value = false;
    vf.addSelectedNodes(vf.nodes.value.filter((node) => wanted.has(node.id)));
    chosen.value = ids;
  }

  watch(() => vf.getSelectedNodes.value.map((node) => node.id).join("\n"), (now) => {
    chosen.value = now ? now.split("\n") : [];
    refusal.value = null;
    emit("select", { nodes: chosen.value.filter((id) => nodeById.value.has(id)), notes: chosen.value.filter((id) => noteById.value.has(id)) });
  });

  function rootOf() {
    return vf.vueFlowRef.value?.closest(".lwf") ?? null;
  }

  function cardOf(id) {
    return rootOf()?.querySelector(`[data-node="${CSS.escape(id)}"]`) ?? null;
  }

  /** Focus a node's card, bringing it into view first. */
  async function focus(id) {
    here = id;
    reveal(id);
    for (let i = 0; i < 30; i++) {
      await new Promise(requestAnimationFrame);
      const card = cardOf(id);
      if (card && getComputedStyle(card).visibility === "visible") {
        card.focus({ preventScroll: true });
        if (document.activeElement === card) return;
      }
    }
  }

  function reveal(id) {
    const node = vf.findNode(id);
    if (!node) return;
    const { x, y, zoom } = vf.viewport.value;
    const area = vf.dimensions.value;
    // What a panel covers does not count as seen: at the right, or below on a phone.
    const isNarrow = area.width < 720 && rootOf()?.classList.contains("is-narrow");
    const right = area.width - (isNarrow ? 0 : 344);
    const bottom = area.height * (isNarrow && panel.value === "settings" ? 0.28 : 1);
    const [left, top] = [node.position.x * zoom + x, node.position.y * zoom + y];
    const [wide, high] = [(node.dimensions.width || model.NODE_WIDTH) * zoom, (node.dimensions.height || 120) * zoom];
    if (left >= 0 && top >= 0 && left + wide <= right && top + high <= bottom) return;
    vf.setViewport({ zoom, x: right / 2 - wide / 2 - node.position.x * zoom, y: Math.max(64, bottom / 2 - high / 2) - node.position.y * zoom });
  }

  /** Look at the flow before it is drawn: at all of it, or where it begins if all would be too small to read. */
  function placeView() {
    const all = [...Object.values(doc.value.positions), ...doc.value.notes];
    if (!all.length) return;
    const area = vf.dimensions.value;
    const [left, top] = [Math.min(...all.map((at) => at.x)), Math.min(...all.map((at) => at.y))];
    const wide = Math.max(...all.map((at) => at.x)) - left + model.NODE_WIDTH;
    const high = Math.max(...all.map((at) => at.y)) - top + 140;
    const zoom = Math.min(1.1, area.width / (wide * 1.07), area.height / (high * 1.07));
    isWhole.value = zoom >= READABLE;
    const first = doc.value.positions[order.value[0]] ?? { x: left, y: top };
    if (isWhole.value) vf.setViewport({ zoom, x: area.width / 2 - (left + wide / 2) * zoom, y: area.height / 2 - (top + high / 2) * zoom });
    else vf.setViewport({ zoom: READABLE, x: 48 - first.x * READABLE, y: 96 - (high * READABLE < area.height - 120 ? top : first.y) * READABLE });
  }

  function fit() {
    vf.fitView({ padding: 0.07, maxZoom: 1.1, minZoom: 0.05 });
  }

  function whereIs(id) {
    const card = id && cardOf(id)?.getBoundingClientRect();
    const root = rootOf()?.getBoundingClientRect() ?? { left: 0, top: 0, width: 600 };
    return card ? { x: card.left - root.left + card.width / 2, y: card.bottom - root.top } : { x: root.width / 2, y: 80 };
  }

  function say(text) {
    said.value = said.value === text ? `${text} ` : text;
  }

  function labelOf(node) {
    const kind = kinds.value.get(node.kind);
    const joins = into.value.get(node.id) ?? {};
    const inputs = Object.entries(kind?.inputs ?? {}).map(([port, about]) =>
      `${port} ${joins[port] ? w("comes_from", { other: `${joins[port].source}.${joins[port].source_port}` }) : w(about.is_required ? "needed" : "not_connected")}`);
    const outputs = Object.keys(kind?.outputs ?? {});
    const state = states[node.id];
    return w("node_label", {
      node: node.id, kind: node.kind,
      inputs: inputs.length ? `${w("inputs")}: ${inputs.join(", ")}.` : "",
      outputs: outputs.length ? `${w("outputs")}: ${outputs.join(", ")}.` : "",
      state: state ? `${w(state.status)}${state.ms != null ? `, ${time(state.ms)}` : ""}.` : "",
    }).trim();
  }

  function time(ms) {
    return ms < 1000 ? w("ms", { n: ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms) }) : w("s", { n: (ms / 1000).toFixed(ms < 10000 ? 1 : 0) });
  }

  // What comes from the server ------------------------------------------------------------------

  watch(() => props.epoch, () => {
    if (props.epoch === epoch) return;
    epoch = props.epoch;
    clearTimeout(telling);
    telling = 0;
    history.clear();
    doc.value = model.open(plain(props.flow), plain(props.layout), arranged);
    if (isPlaced) begin();
  }, { immediate: true, flush: "post" });
  vf.onPaneReady(() => {
    isPlaced = true;
    begin();
  });

  function begin() {
    placeView();
    draw();
    drawnEpoch.value = epoch;
  }

  watch(() => props.states, (given) => setStates(plain(given ?? {})), { immediate: true });

  function setStates(given) {
    for (const id of Object.keys(states)) if (!(id in given)) delete states[id];
    for (const [id, state] of Object.entries(given)) setState(id, state);
  }

  function setState(id, state) {
    if (state === null) delete states[id];
    else states[id] = { ...state };
  }

  const editor = {
    get kinds() { return kinds.value; },
    get nodeById() { return nodeById.value; },
    get noteById() { return noteById.value; },
    get edges() { return doc.value.edges; },
    get into() { return into.value; },
    get readonly() { return props.readonly; },
    get trying() { return trying.value; },
    get writing() { return writing.value; },
    w, add, addNote, writeNote, set, choose, rename, remove, disconnect, duplicate, connect, judgeWith, startConnecting, labelOf, time,
    kindName: (kind) => kinds.value.get(kind)?.title ?? kind.replaceAll("_", " "),
    stateOf: (id) => states[id],
    stateIcon: (state) => ICONS[state.status] ?? "clock",
    shortened: (text) => (text.length > 240 ? `${text.slice(0, 240)}…` : text),
    typeIndex: (type) => Math.max(0, types.value.indexOf(type)),
    typeOfEdge: (edge) => kinds.value.get(nodeById.value.get(edge?.source)?.kind)?.outputs[edge?.source_port],
    openNote: (id) => { if (!props.readonly) writing.value = id; },
    openOutput: (id) => emit("open_output", { node: id }),
    runFrom: (id) => { tellNow(); emit("run_from", { node: id }); },
    focused: (id) => { here = id; },
  };
  provide("editor", editor);
  return {
    vf, editor, doc, history: history.state, chosen, one, order, trying, refusal, connecting, said, panel, writing,
    back, forth, move, dragged, putBetween, arrange, fit, copy, paste, select, focus, refuse, endConnecting, setState, setStates, asEdge, tellNow, reveal, isDrawn, isWhole, drawnEpoch,
    here: () => here,
  };
}

/** Return plain values of what may be a reactive proxy. */
function plain(value) {
  return value == null ? value : JSON.parse(JSON.stringify(value));
}
