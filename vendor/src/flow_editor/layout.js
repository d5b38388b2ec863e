// Where nodes stand: laid out from left to right, and in which order they are read.
import dagre from "@dagrejs/dagre";
import { NODE_WIDTH } from "./model.js";

const STEP = NODE_WIDTH + 52;
const LONG = 30 * STEP;
const WIDE = 6;

/** Return the document with every node placed from left to right; notes stay where they are. */
export function arranged(doc, heightOf = () => 132) {
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 36, ranksep: 52, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of doc.nodes) graph.setNode(node.id, { width: NODE_WIDTH, height: heightOf(node.id) });
  doc.edges.forEach((edge, i) => {
    if (graph.hasNode(edge.source) && graph.hasNode(edge.target)) graph.setEdge(edge.source, edge.target, {}, `${i}`);
  });
  dagre.layout(graph);
  const positions = {};
  for (const node of doc.nodes) {
    const at = graph.node(node.id);
    positions[node.id] = { x: Math.round(at.x - NODE_WIDTH / 2), y: Math.round(at.y - at.height / 2) };
  }
  return { ...doc, positions: folded(positions, heightOf) };
}

/** Return the places with what is far too long put into rows, like the lines of a text. */
function folded(positions, heightOf) {
  const all = Object.entries(positions);
  const width = Math.max(0, ...all.map(([, at]) => at.x)) + STEP;
  const height = Math.max(0, ...all.map(([id, at]) => at.y + heightOf(id))) + 72;
  if (width < LONG || width / height < WIDE) return positions;
  const rows = Math.round(Math.sqrt(width / (1.8 * height)));
  const columns = Math.ceil(width / STEP / rows);
  return Object.fromEntries(
    all.map(([id, { x, y }]) => {
      const row = Math.floor(Math.floor(x / STEP) / columns);
      return [id, { x: x - row * columns * STEP, y: y + row * height }];
    }),
  );
}

/** Return all ids in reading order: along the edges, then from the top; notes last. */
export function readingOrder(doc) {
  const depth = new Map(doc.nodes.map((node) => [node.id, 0]));
  for (let round = 0; round < doc.nodes.length; round++) {
    let changed = false;
    for (const edge of doc.edges) {
      const next = (depth.get(edge.source) ?? 0) + 1;
      if (next > (depth.get(edge.target) ?? 0) && next <= doc.nodes.length) {
        depth.set(edge.target, next);
        changed = true;
      }
    }
    if (!changed) break;
  }
  const at = (id) => doc.positions[id] ?? { x: 0, y: 0 };
  const nodes = [...doc.nodes].sort(
    (a, b) => depth.get(a.id) - depth.get(b.id) || at(a.id).y - at(b.id).y || at(a.id).x - at(b.id).x,
  );
  return [...nodes.map((node) => node.id), ...doc.notes.map((note) => note.id)];
}
