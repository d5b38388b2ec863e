// What a chat must do in the browser itself: stay at its end while it grows, and take files that are dropped.

/** Keep a place scrolled to its end while its content grows, unless its reader has scrolled up. */
export function follow(id, buttonId) {
  const place = document.getElementById(id);
  const button = document.getElementById(buttonId);
  if (!place || place.dataset.follows) return;
  place.dataset.follows = "yes";
  let isAtEnd = true;
  const toEnd = () => (place.scrollTop = place.scrollHeight);
  const look = () => {
    isAtEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 60;
    button?.classList.toggle("is-shown", !isAtEnd);
  };
  place.addEventListener("scroll", look, { passive: true });
  button?.addEventListener("click", toEnd);
  new ResizeObserver(() => (isAtEnd ? toEnd() : look())).observe(place.firstElementChild);
  place.addEventListener("chat-end", () => {
    isAtEnd = true;
    toEnd();
  });
}

/** Scroll a place to its end now: something was asked. */
export function end(id) {
  setTimeout(() => document.getElementById(id)?.dispatchEvent(new Event("chat-end")), 30);
}

/** Give files that are dropped on a place, or pasted into it, to an uploader. */
export function takeFiles(id, uploader) {
  const place = document.getElementById(id);
  if (!place || place.dataset.takes) return;
  place.dataset.takes = "yes";
  const add = (files) => files.length && getElement(uploader).$refs.qRef.addFiles([...files]);
  const holdsFiles = (dragged) => [...(dragged.dataTransfer?.types ?? [])].includes("Files");
  let depth = 0;
  const mark = (by) => {
    depth = Math.max(0, depth + by);
    place.classList.toggle("is-over", depth > 0);
  };
  place.addEventListener("dragenter", (dragged) => holdsFiles(dragged) && mark(1));
  place.addEventListener("dragleave", (dragged) => holdsFiles(dragged) && mark(-1));
  place.addEventListener("dragover", (dragged) => holdsFiles(dragged) && dragged.preventDefault());
  place.addEventListener("drop", (dropped) => {
    if (!holdsFiles(dropped)) return;
    dropped.preventDefault();
    depth = 1;
    mark(-1);
    add(dropped.dataTransfer.files);
  });
  place.addEventListener("paste", (pasted) => pasted.clipboardData && add(pasted.clipboardData.files));
}

/** Show the first passage that is marked in a place, in its middle. */
export function toMark(id) {
  setTimeout(() => {
    const place = document.getElementById(id);
    const mark = place?.querySelector(".lw-box, .lw-first-mark");
    mark?.scrollIntoView({ block: "center", behavior: "instant" });
  }, 60);
}
