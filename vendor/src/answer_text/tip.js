// One tooltip for all marks of an answer: shown on hover and on focus, gone with Escape.
export class Tip {
  constructor(root) {
    this.root = root;
    this.el = null;
    const show = (event) => this.show(event.target.closest?.("[data-tip]"));
    root.addEventListener("mouseover", show);
    root.addEventListener("focusin", show);
    root.addEventListener("mouseleave", () => this.hide());
    root.addEventListener("focusout", () => this.hide());
    root.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
  }

  show(mark) {
    if (mark === this.mark && this.el) return;
    this.hide();
    if (!mark) return;
    this.mark = mark;
    this.el = Object.assign(document.createElement("div"), { className: "lwa-tip", textContent: mark.dataset.tip });
    this.el.setAttribute("aria-hidden", "true"); // the mark's own name says the same
    for (const name of ["is-dark", "is-light"]) this.el.classList.toggle(name, this.root.classList.contains(name));
    document.body.append(this.el);
    const at = mark.getClientRects()[0] ?? mark.getBoundingClientRect();
    const own = this.el.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left + at.width / 2 - own.width / 2, window.innerWidth - own.width - 8));
    const isAbove = at.top - own.height - 8 > 0;
    this.el.style.left = `${left}px`;
    this.el.style.top = `${isAbove ? at.top - own.height - 6 : at.bottom + 6}px`;
    this.onScroll ??= () => this.hide();
    window.addEventListener("scroll", this.onScroll, { capture: true, passive: true });
  }

  hide() {
    this.el?.remove();
    this.el = null;
    this.mark = null;
    if (this.onScroll) window.removeEventListener("scroll", this.onScroll, { capture: true });
  }
}
