// What the keys do while the canvas or one of its nodes has the focus.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Return a handler of `keydown` events for what `useEditor` returned. */
export function createKeys(s, view) {
  const { editor: ed } = s;
  const plainKeys = {
    c: () => ed.startConnecting(s.here()),
    a: () => view.openPalette(),
    n: () => ed.addNote(),
    o: () => s.here() && ed.stateOf(s.here())?.output && ed.openOutput(s.here()),
    r: () => ed.nodeById.has(s.here()) && ed.runFrom(s.here()),
    f: () => s.fit(),
    l: () => s.arrange(),
    "?": () => view.showKeys(),
    "+": () => s.vf.zoomIn(),
    "=": () => s.vf.zoomIn(),
    "-": () => s.vf.zoomOut(),
    Delete: () => ed.remove(),
    Backspace: () => ed.remove(),
    Enter: () => enter(),
  };
  const withControl = {
    z: () => s.back(),
    y: () => s.forth(),
    d: () => ed.duplicate(),
    a: () => s.select([...s.order.value]),
  };

  function enter() {
    if (ed.noteById.has(s.here())) ed.openNote(s.here());
    else if (ed.nodeById.has(s.here())) view.openSettings();
    else return tab(1);
    return true;
  }

  /** Go to the next or previous node; past the ends the focus leaves the canvas as usual. */
  function tab(by) {
    const all = s.order.value;
    const isOnNode = document.activeElement?.matches?.("[data-node]");
    const next = isOnNode ? all[all.indexOf(s.here()) + by] : by > 0 ? all[0] : undefined;
    if (!next) return false;
    s.select([next]);
    s.focus(next);
    return true;
  }

  function escape() {
    if (s.refusal.value) s.refusal.value = null;
    else if (s.chosen.value.length) s.select([]);
    view.focusCanvas();
  }

  return function onKey(event) {
    if (event.target.closest("input, textarea, select, [role=dialog], .lwf-palette, .lwf-panel")) return;
    const isControl = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (isControl && key === "z" && event.shiftKey) s.forth();
    else if (isControl) {
      if (!withControl[key] || event.altKey) return;
      withControl[key]();
    } else if (event.altKey) return;
    else if (key === "Tab") {
      if (!tab(event.shiftKey ? -1 : 1)) return;
    } else if (key === "Escape") escape();
    else if (ARROWS[key]) {
      const step = event.shiftKey ? 50 : 10;
      s.move({ x: ARROWS[key][0] * step, y: ARROWS[key][1] * step });
    } else if (event.target.closest("button")) return;
    else if (plainKeys[key]) plainKeys[key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
