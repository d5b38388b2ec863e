// A flow with its layout, as plain values; every change gives a new value.
// { name, nodes: [{id, kind, params}], edges: [{source, source_port, target, target_port}],
//   positions: {id: {x, y}}, notes: [{id, text, x, y}] }

export const NODE_WIDTH = 214;
const MARK = "lorewright-flow-part";

/** Return the document in a Flow's JSON and its layout; nodes without a place get one. */
export function open(flow, layout, place) {
  const nodes = (flow?.nodes ?? []).map((node) => ({ id: node.id, kind: node.kind, params: node.params ?? {} }));
  const doc = {
    name: flow?.name ?? "",
    nodes,
    edges: (flow?.edges ?? []).map((edge) => ({ ...edge })),
    positions: { ...layout?.positions },
    notes: (layout?.notes ?? []).map((note) => ({ ...note })),
  };
  return nodes.some((node) => !doc.positions[node.id]) ? place(doc) : doc;
}

/** Return what the server knows of a document: the Flow's JSON, and the layout outside it. */
export function close(doc) {
  const positions = {};
  for (const node of doc.nodes) positions[node.id] = rounded(doc.positions[node.id]);
  return {
    flow: { name: doc.name, nodes: doc.nodes, edges: doc.edges },
    layout: { positions, notes: doc.notes.map((note) => ({ ...note, ...rounded(note) })) },
  };
}

export function edgeId(edge) {
  return `${edge.source}.${edge.source_port}>${edge.target}.${edge.target_port}`;
}

/** Return a free id like `retrieve` or `retrieve-2`. */
export function freeId(taken, wanted) {
  const stem = wanted.replace(/-\d+$/, "");
  if (!taken.has(wanted)) return wanted;
  for (let n = 2; ; n++) if (!taken.has(`${stem}-${n}`)) return `${stem}-${n}`;
}

export function taken(doc) {
  return new Set([...doc.nodes.map((node) => node.id), ...doc.notes.map((note) => note.id)]);
}

/**
 * Say whether an edge may be added: `{ok: true}`, or `{ok: false, code, values}` with the reason.
 * A port takes one edge: `replaces` is the one that makes room.
 */
export function judge(doc, kinds, edge) {
  const source = doc.nodes.find((node) => node.id === edge.source);
  const target = doc.nodes.find((node) => node.id === edge.target);
  const gives = kinds.get(source?.kind)?.outputs[edge.source_port];
  const takes = kinds.get(target?.kind)?.inputs[edge.target_port]?.type;
  if (!gives || !takes) return { ok: false, code: "no_port", values: edge };
  const values = { ...edge, gives, takes };
  if (gives !== takes) return { ok: false, code: "wrong_type", values };
  if (doc.edges.some((other) => edgeId(other) === edgeId(edge))) return { ok: false, code: "twice", values };
  const replaces = doc.edges.find((other) => intoSame(other, edge));
  const rest = replaces ? { ...doc, edges: doc.edges.filter((other) => other !== replaces) } : doc;
  const way = path(rest, edge.target, edge.source);
  if (way) return { ok: false, code: "cycle", values: { ...values, path: [edge.source, ...way].join(" → ") } };
  return { ok: true, replaces };
}

function intoSame(one, other) {
  return one.target === other.target && one.target_port === other.target_port;
}

/** Return the nodes on a way along edges from one node to another, or null. */
function path(doc, from, to) {
  if (from === to) return [from];
  const next = Map.groupBy ? Map.groupBy(doc.edges, (edge) => edge.source) : group(doc.edges);
  const came = new Map([[from, null]]);
  const open = [from];
  while (open.length) {
    const here = open.shift();
    for (const edge of next.get(here) ?? []) {
      if (came.has(edge.target)) continue;
      came.set(edge.target, here);
      if (edge.target === to) {
        const way = [];
        for (let at = to; at !== null; at = came.get(at)) way.unshift(at);
        return way;
      }
      open.push(edge.target);
    }
  }
  return null;
}

function group(edges) {
  const grouped = new Map();
  for (const edge of edges) grouped.set(edge.source, [...(grouped.get(edge.source) ?? []), edge]);
  return grouped;
}

/** Return every edge that could be added at a node: from its outputs first, then into its inputs. */
export function fitting(doc, kinds, id) {
  const found = [];
  const me = kinds.get(doc.nodes.find((node) => node.id === id)?.kind);
  if (!me) return found;
  for (const other of doc.nodes) {
    const kind = kinds.get(other.kind);
    if (!kind || other.id === id) continue;
    for (const source_port of Object.keys(me.outputs))
      for (const target_port of Object.keys(kind.inputs))
        found.push({ source: id, source_port, target: other.id, target_port });
    for (const source_port of Object.keys(kind.outputs))
      for (const target_port of Object.keys(me.inputs))
        found.push({ source: other.id, source_port, target: id, target_port });
  }
  const good = found.map((edge) => [edge, judge(doc, kinds, edge)]).filter(([, verdict]) => verdict.ok);
  const rank = ([edge, verdict]) => (verdict.replaces ? 2 : 0) + (edge.target === id ? 1 : 0);
  return good.sort((one, other) => rank(one) - rank(other)).map(([edge]) => edge);
}

export function withNode(doc, node, position) {
  return { ...doc, nodes: [...doc.nodes, node], positions: { ...doc.positions, [node.id]: position } };
}

export function withNote(doc, note) {
  return { ...doc, notes: [...doc.notes, note] };
}

/** Return the document with an edge; what led to its port before makes room. */
export function withEdge(doc, edge) {
  const { source, source_port, target, target_port } = edge;
  const rest = doc.edges.filter((other) => !intoSame(other, edge));
  return { ...doc, edges: [...rest, { source, source_port, target, target_port }] };
}

/**
 * Return the document with a node put on an edge, between its two ends, or null where it does not fit.
 * What else the node needs it gets too, where only one port before it has something of that type.
 */
export function between(doc, kinds, edge, id) {
  const kindOf = (node) => kinds.get(doc.nodes.find((one) => one.id === node)?.kind);
  const kind = kindOf(id);
  const type = kindOf(edge.source)?.outputs[edge.source_port];
  const isFree = (port) => !doc.edges.some((other) => other.target === id && other.target_port === port);
  const input = Object.keys(kind?.inputs ?? {}).find((port) => kind.inputs[port].type === type && isFree(port));
  const output = Object.keys(kind?.outputs ?? {}).find((port) => kind.outputs[port] === type);
  if (!input || !output || edge.source === id || edge.target === id) return null;
  let next = { ...doc, edges: doc.edges.filter((other) => edgeId(other) !== edgeId(edge)) };
  for (const link of [
    { source: edge.source, source_port: edge.source_port, target: id, target_port: input },
    { source: id, source_port: output, target: edge.target, target_port: edge.target_port },
  ]) {
    if (!judge(next, kinds, link).ok) return null;
    next = withEdge(next, link);
  }
  for (const port of Object.keys(kind.inputs).filter((one) => one !== input && isFree(one))) {
    const givers = doc.nodes.flatMap((node) =>
      Object.entries(kindOf(node.id)?.outputs ?? {})
        .filter(([, given]) => given === kind.inputs[port].type && node.id !== id)
        .map(([source_port]) => ({ source: node.id, source_port, target: id, target_port: port })),
    );
    const fit = givers.filter((link) => judge(next, kinds, link).ok);
    if (fit.length === 1) next = withEdge(next, fit[0]);
  }
  return next;
}

export function withParam(doc, id, name, value) {
  const change = (params) => {
    const { [name]: _, ...rest } = params;
    return value === undefined ? rest : { ...rest, [name]: value };
  };
  return { ...doc, nodes: doc.nodes.map((n) => (n.id === id ? { ...n, params: change(n.params) } : n)) };
}

export function renamed(doc, id, name) {
  const { [id]: position, ...positions } = doc.positions;
  return {
    ...doc,
    nodes: doc.nodes.map((node) => (node.id === id ? { ...node, id: name } : node)),
    edges: doc.edges.map((edge) => ({
      ...edge,
      source: edge.source === id ? name : edge.source,
      target: edge.target === id ? name : edge.target,
    })),
    positions: { ...positions, [name]: position },
  };
}

/** Return the document without some nodes, notes (both by id) and edges (by edge id). */
export function without(doc, ids, edges = new Set()) {
  return {
    ...doc,
    nodes: doc.nodes.filter((node) => !ids.has(node.id)),
    notes: doc.notes.filter((note) => !ids.has(note.id)),
    edges: doc.edges.filter((e) => !ids.has(e.source) && !ids.has(e.target) && !edges.has(edgeId(e))),
    positions: Object.fromEntries(Object.entries(doc.positions).filter(([id]) => !ids.has(id))),
  };
}

/** Return the document with nodes and notes at other places, given as `{id: {x, y}}`. */
export function moved(doc, places) {
  return {
    ...doc,
    positions: { ...doc.positions, ...Object.fromEntries(doc.nodes.flatMap((n) => (places[n.id] ? [[n.id, places[n.id]]] : []))) },
    notes: doc.notes.map((note) => (places[note.id] ? { ...note, ...places[note.id] } : note)),
  };
}

/** Return nodes and notes, with the edges between them, as the text a clipboard holds. */
export function copied(doc, ids) {
  return JSON.stringify({
    [MARK]: 1,
    nodes: doc.nodes.filter((node) => ids.has(node.id)),
    edges: doc.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
    positions: Object.fromEntries(Object.entries(doc.positions).filter(([id]) => ids.has(id))),
    notes: doc.notes.filter((note) => ids.has(note.id)),
  });
}

/** Return what a clipboard's text holds, or null where it is not a part of a flow. */
export function pasted(text) {
  try {
    const part = JSON.parse(text);
    const fits = part?.[MARK] === 1 && Array.isArray(part.nodes) && Array.isArray(part.edges);
    const named = fits && part.nodes.every((n) => typeof n.id === "string" && typeof n.kind === "string");
    return named ? { positions: {}, notes: [], ...part } : null;
  } catch {
    return null;
  }
}

/** Return the document with a part added under free ids, moved by `by`, and the new ids. */
export function grown(doc, part, by) {
  const used = taken(doc);
  const names = new Map();
  for (const { id } of [...part.nodes, ...part.notes]) {
    const name = freeId(used, id);
    used.add(name);
    names.set(id, name);
  }
  const shifted = (at) => ({ x: (Number(at?.x) || 0) + by.x, y: (Number(at?.y) || 0) + by.y });
  const positions = { ...doc.positions };
  for (const { id } of part.nodes) positions[names.get(id)] = shifted(part.positions[id]);
  const edges = part.edges
    .filter((edge) => names.has(edge.source) && names.has(edge.target))
    .map((edge) => ({ ...edge, source: names.get(edge.source), target: names.get(edge.target) }));
  const grownDoc = {
    ...doc,
    positions,
    nodes: [...doc.nodes, ...part.nodes.map((n) => ({ id: names.get(n.id), kind: n.kind, params: n.params ?? {} }))],
    notes: [...doc.notes, ...part.notes.map((n) => ({ id: names.get(n.id), text: String(n.text ?? ""), ...shifted(n) }))],
    edges: [...doc.edges, ...edges],
  };
  return { doc: grownDoc, ids: new Set(names.values()) };
}

function rounded(at) {
  return { x: Math.round(at?.x ?? 0), y: Math.round(at?.y ?? 0) };
}
