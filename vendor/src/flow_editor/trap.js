// Keeps Tab inside a dialog while it is open.

/** Handle `keydown.tab` of a dialog: past its last control comes its first. */
export function trap(event) {
  const all = [...event.currentTarget.querySelectorAll("button, input, select, textarea")].filter((el) => !el.disabled);
  const at = all.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
  all[(at + all.length) % all.length]?.focus();
  event.preventDefault();
  event.stopPropagation();
}
